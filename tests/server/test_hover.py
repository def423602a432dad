from __future__ import annotations

import msgspec
import pytest
from lsprotocol import types

from lsp_writer.server.client import Client
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


def _without_markdown(client: Client) -> Client:
    return msgspec.structs.replace(client, renders_markdown=False)
