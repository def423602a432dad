"""Chapters and scenes of a whole workspace."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.server.editor import EDITORS, URI, AttachedEditor, attached

FIRST = "# The 😀 Ferry\r\n\r\nIt rained.\r\n\r\n***\r\n\r\nIt snowed.\r\n"


async def found(editor: AttachedEditor, query: str) -> list[str]:
    answer = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(query))
    symbols = [symbol for symbol in answer or () if isinstance(symbol, types.SymbolInformation)]
    return [f"{Path(symbol.location.uri).name}: {symbol.container_name or ''}/{symbol.name}" for symbol in symbols]


@pytest.mark.parametrize("speaks", EDITORS)
async def test_open_documents_and_files_tell_their_chapters(speaks: str, tmp_path: Path) -> None:
    (tmp_path / "2.md").write_text(FIRST, newline="")
    (tmp_path / "10.txt").write_text("Chapter Two\n\nA fair day.\n")
    (tmp_path / ".hidden.md").write_text("# The Fairy\n")
    (tmp_path / "broken.md").write_bytes(b"# The F\xff")
    async with attached(speaks=speaks, folders=[tmp_path]) as editor:
        editor.open("# Afar 😀\n\nText.\n")
        assert await found(editor, "f a") == ["story.md: /Afar 😀"]
        assert await found(editor, "") == [
            "story.md: /Afar 😀",
            "2.md: /The 😀 Ferry",
            "2.md: The 😀 Ferry/It rained.",
            "2.md: The 😀 Ferry/It snowed.",
            "10.txt: /Chapter Two",
        ]
        assert await found(editor, "SNOW") == ["2.md: The 😀 Ferry/It snowed."]
        assert await found(editor, "nowhere") == []


async def test_a_file_is_told_as_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "one.md"
    file.write_text("# Before\n\nText.\n")
    async with attached(folders=[tmp_path]) as editor:
        assert await found(editor, "") == ["one.md: /Before"]
        file.write_text("# After all\n\nText.\n")
        assert await found(editor, "") == ["one.md: /After all"]
        file.unlink()
        assert await found(editor, "") == []


async def test_a_place_is_where_the_editor_finds_it(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(FIRST, newline="")
    async with attached(folders=[tmp_path]) as editor:
        (symbol,) = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("ferry")) or ()
        assert isinstance(symbol, types.SymbolInformation)
        assert symbol.location.uri == (tmp_path / "one.md").as_uri()
        editor.text = FIRST
        place = symbol.location.range
        assert FIRST[editor.offset(place.start) : editor.offset(place.end)] == "# The 😀 Ferry"


async def test_an_open_file_is_told_as_the_editor_shows_it(tmp_path: Path) -> None:
    file = tmp_path / "one.md"
    file.write_text("# On the disk\n\nText.\n")
    async with attached(folders=[tmp_path]) as editor:
        document = types.TextDocumentItem(file.as_uri(), "markdown", 1, "# In the editor\n\nText.\n")
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        assert await found(editor, "") == ["one.md: /In the editor"]


async def test_without_a_folder() -> None:
    async with attached() as editor:
        editor.open("# One\n\nText.\n")
        assert await found(editor, "on") == [f"{Path(URI).name}: /One"]
