from __future__ import annotations

import msgspec
import pytest
from lsprotocol import types

from lsp_writer.server.client import Client
from tests.scripted_text_model import READY, ScriptedTextModel
from tests.server.editor import EDITORS, attached

STORY = "# One\r\n\r\n😀 The *old* door was op$0ened by Mara. She laughed.\r\n"


@pytest.mark.parametrize("speaks", EDITORS)
async def test_a_weak_sentence(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        hover = await editor.hover(editor.open(STORY))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.kind is types.MarkupKind.Markdown
        assert "passive" in hover.contents.value
        assert hover.range is not None
        about = editor.text[editor.offset(hover.range.start) : editor.offset(hover.range.end)]
        assert "was" in about
        assert "laughed" not in about


@pytest.mark.parametrize("speaks", EDITORS)
async def test_critiques_switched_off(speaks: str) -> None:
    async with attached(speaks=speaks, settings={"critique": {"enabled": False}}) as editor:
        assert await editor.hover(editor.open(STORY)) is None


async def test_where_there_is_no_prose() -> None:
    async with attached() as editor:
        assert await editor.hover(editor.open("$0")) is None


async def test_a_client_without_markdown() -> None:
    async with attached() as editor:
        editor.server.session.client = _without_markdown(editor.server.session.client)
        hover = await editor.hover(editor.open(STORY))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.kind is types.MarkupKind.PlainText
        assert "**" not in hover.contents.value
        assert "\\" not in hover.contents.value


PARAGRAPH = (
    "The *old* door was op$0ened by Mara every night, and every night there was nobody behind it. She stood on the "
    "step with the lamp for a while. Then she went in again and lit the fire."
)


AS_MARKDOWN = (
    "- **passive**: “was opened” is passive, and who did it comes last. *Try beginning with “Mara …”.*\n\n"
    "37 words · 3 sentences · 0% dialogue · 9 s to read\n\n"
    "**note by the model**: What works least here is Mara, who \\*wants\\* nothing. Let her hope for somebody."
)
AS_PLAIN_TEXT = (
    "passive: “was opened” is passive, and who did it comes last. Try beginning with “Mara …”.\n"
    "37 words · 3 sentences · 0% dialogue · 9 s to read\n"
    "note by the model: What works least here is Mara, who *wants* nothing. Let her hope for somebody."
)


@pytest.mark.parametrize(("markdown", "expected"), [(True, AS_MARKDOWN), (False, AS_PLAIN_TEXT)])
async def test_a_note_stands_last(*, markdown: bool, expected: str) -> None:
    assert READY.capabilities is not None
    capabilities = msgspec.structs.replace(READY.capabilities, note_languages=("en",))
    model = ScriptedTextModel(
        {"She stood on the step": " Mara, who *wants* nothing. Let her hope for somebody."},
        becomes=msgspec.structs.replace(READY, capabilities=capabilities),
    )
    async with attached(model) as editor:
        session = editor.server.session
        session.client = msgspec.structs.replace(session.client, renders_markdown=markdown)
        position = editor.open(PARAGRAPH)
        await editor.hover(position)
        await editor.until(lambda: session.notes is not None and not session.notes.making)
        hover = await editor.hover(position)
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.value == expected


def _without_markdown(client: Client) -> Client:
    return msgspec.structs.replace(client, renders_markdown=False)
