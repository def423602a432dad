"""lspWriter.report: a page on the open document, or on its folder, made in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types

from tests.server.editor import EDITORS, URI, AttachedEditor, attached

# Each starts a process, or loads what draws.
pytestmark = pytest.mark.process

STORY = "# The Ferry\n\n“Where is he?” asked Mara. Nobody knew. Then Mara wept.\n"


@asynccontextmanager
async def reading(*, shows: bool = True, speaks: str = EDITORS[0], folder: Path | None = None) -> AsyncIterator[Reader]:
    async with attached(speaks=speaks, folders=[folder] if folder else []) as editor:
        yield Reader(editor, shows=shows)


class Reader:
    """An editor, and what it was asked to show."""

    def __init__(self, editor: AttachedEditor, *, shows: bool) -> None:
        self.editor = editor
        self.shown: list[types.ShowDocumentParams] = []

        def show(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.shown.append(params)
            return types.ShowDocumentResult(success=shows)

        editor.client.protocol.fm.features.pop(types.WINDOW_SHOW_DOCUMENT, None)
        editor.client.feature(types.WINDOW_SHOW_DOCUMENT)(show)

    def open(self, uri: str, text: str) -> None:
        document = types.TextDocumentItem(uri=uri, language_id="markdown", version=1, text=text)
        self.editor.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))

    async def report(self, **asked: object) -> str:
        """The page that was made."""
        made = await self.editor.run("lspWriter.report", {"uri": URI, **asked})
        file = Path(made["path"])
        assert file.as_uri() == made["uri"]
        assert made["title"]
        return await asyncio.to_thread(file.read_text, encoding="utf-8")


async def test_a_report_on_the_open_document(tmp_path: Path) -> None:
    async with reading() as reader:
        reader.editor.open(STORY)
        page = await reader.report()
        assert "10 words" in page
        (shown,) = reader.shown
        assert shown.external
        assert Path(shown.uri.removeprefix("file://")).is_relative_to(tmp_path / "reports"), (
            "the data folder of this test"
        )
        assert multiprocessing.active_children() == []


async def test_an_editor_that_shows_nothing_is_told_where_it_is() -> None:
    async with reading(shows=False) as reader:
        reader.editor.open(STORY)
        await reader.report()
        await reader.editor.until(lambda: any("Open it in a browser" in text for text in reader.editor.messages))


async def test_a_report_on_a_folder_has_what_the_editor_shows(tmp_path: Path) -> None:
    folder = tmp_path / "novel"
    folder.mkdir()
    (folder / "one.md").write_text(STORY, encoding="utf-8")
    (folder / "two.md").write_text(STORY, encoding="utf-8")
    async with reading(folder=folder) as reader:
        uri = (folder / "two.md").as_uri()
        reader.open(uri, f"{STORY}\nAnd not saved yet.\n")
        page = await reader.report(uri=uri, of="folder", file=(tmp_path / "there.html").as_uri(), show=False)
        assert "24 words" in page
        assert "novel" in page
        assert (tmp_path / "there.html").exists()
        assert reader.shown == []


async def test_the_model_is_asked() -> None:
    async with reading() as reader:
        reader.editor.open(f"{STORY}\n" * 120)
        assert "The model read" in await reader.report()
        assert reader.editor.model.asked
        reader.editor.model.asked.clear()
        assert "was not asked" in await reader.report(surprisal=False)
        assert reader.editor.model.asked == []


@pytest.mark.parametrize("asked", [{}, {"file": "https://example.org/"}, {"of": "shelf"}, {"uri": "file:///other.md"}])
async def test_nothing_to_report(asked: dict[str, str]) -> None:
    async with reading() as reader:
        reader.editor.open("# The Ferry\n")
        assert await reader.editor.run("lspWriter.report", {"uri": URI, **asked}) is None
        await reader.editor.until(lambda: bool(reader.editor.messages))
        assert multiprocessing.active_children() == []


async def test_a_folder_without_prose(tmp_path: Path) -> None:
    async with reading(folder=tmp_path / "novel") as reader:
        uri = (tmp_path / "novel" / "one.md").as_uri()
        assert await reader.editor.run("lspWriter.report", {"uri": uri, "of": "folder"}) is None
        await reader.editor.until(lambda: bool(reader.editor.messages))


async def test_the_writer_gives_it_up() -> None:
    async with reading() as reader:
        reader.editor.open(f"{STORY}\n" * 4000)
        request = asyncio.create_task(reader.editor.run("lspWriter.report", {"uri": URI}))
        await reader.editor.until(lambda: bool(multiprocessing.active_children()))
        reader.editor.server.session.reports.stop_all()
        assert await request is None
        assert multiprocessing.active_children() == []
        assert reader.shown == []
