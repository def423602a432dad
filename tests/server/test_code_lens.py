"""Facts above chapters and scenes, and the places of a name."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.server.editor import EDITORS, URI, AttachedEditor, attached

NOVEL = """# One 😀\r
\r
“Go,” said Mara. She went.\r
\r
***\r
\r
Mara’s brother stayed. Nobody had asked him. The sea was grey.\r
\r
# Two\r
\r
# Three\r
\r
Then Ma$0ra came.\r
"""
_DOCUMENT = types.TextDocumentIdentifier(URI)


async def facts_in(editor: AttachedEditor) -> list[tuple[str, str]]:
    """The line that each lens stands above, and what it says once the editor shows it."""
    lenses = await editor.client.text_document_code_lens_async(types.CodeLensParams(_DOCUMENT))
    found = [await editor.client.code_lens_resolve_async(lens) for lens in lenses or ()]
    lines = editor.text.split("\r\n")
    return [(lines[lens.range.start.line], lens.command.title if lens.command else "") for lens in found]


@pytest.mark.parametrize("speaks", EDITORS)
async def test_what_a_chapter_and_its_scenes_are(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        editor.open(NOVEL)
        assert await facts_in(editor) == [
            ("# One 😀", "16 words · under a minute · 6% dialogue · 3 words a sentence"),
            ("“Go,” said Mara. She went.", "5 words · under a minute · 20% dialogue · 2 words a sentence"),
            (
                "Mara’s brother stayed. Nobody had asked him. The sea was grey.",
                "11 words · under a minute · 0% dialogue · 4 words a sentence",
            ),
            ("# Three", "3 words · under a minute · 0% dialogue · 3 words a sentence"),
        ]


async def test_facts_switched_off() -> None:
    async with attached(settings={"codeLens": {"enabled": False}}) as editor:
        editor.open(NOVEL)
        assert await facts_in(editor) == []


async def test_facts_switched_off_go_at_once() -> None:
    """They stayed until the writer typed."""
    refreshed: list[object] = []
    async with attached() as editor:
        editor.client.feature(types.WORKSPACE_CODE_LENS_REFRESH)(lambda *_: refreshed.append(None))
        editor.open(NOVEL)
        assert not refreshed
        editor.configure({"codeLens": {"enabled": False}})
        await editor.until(lambda: refreshed)
        assert await facts_in(editor) == []


async def test_a_chapter_that_has_gone_says_nothing() -> None:
    async with attached() as editor:
        editor.open(NOVEL)
        lenses = await editor.client.text_document_code_lens_async(types.CodeLensParams(_DOCUMENT))
        assert lenses
        editor.replace(0, len(editor.text), "")
        resolved = await editor.client.code_lens_resolve_async(lenses[-1])
        assert resolved.command is not None
        assert resolved.command.title == ""


@pytest.mark.parametrize("speaks", EDITORS)
async def test_the_places_of_a_name(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        at = editor.open(NOVEL)
        found = await editor.client.text_document_document_highlight_async(
            types.DocumentHighlightParams(_DOCUMENT, editor.position(at))
        )
        assert found is not None
        texts = [editor.text[editor.offset(here.range.start) : editor.offset(here.range.end)] for here in found]
        assert texts == ["Mara"] * 3


@pytest.mark.parametrize("text", ["The se$0a. She saw the sea.", "Th$0e sea, the boat.", "$0", "… $0 …"])
async def test_what_is_no_name(text: str) -> None:
    async with attached() as editor:
        at = editor.open(text)
        params = types.DocumentHighlightParams(_DOCUMENT, editor.position(at))
        assert await editor.client.text_document_document_highlight_async(params) is None
