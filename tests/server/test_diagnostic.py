"""Findings marked in the text, as clients pull them or are told of them."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from lsp_writer.features.critiques.known import Known
from lsp_writer.features.critiques.reader import Reader
from lsp_writer.features.critiques.reader_process import Page
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.settings import Settings, read_settings
from tests.server.editor import EDITORS, URI, AttachedEditor, attached

STORY = "# One 😀\r\n\r\n😀 The the door was opened by Mara. “Go home,” she said.\r\n\r\nShe has a aunt there.\r\n"


class InProcessReader:
    """Reads as the real one does, in this process."""

    def __init__(self) -> None:
        self._reader = Reader()

    def ask(self, page: Page | None, seconds: float) -> Known:
        if page is not None:
            self._reader.take(Manuscript("", 0, Rope.of(page.text), page.markdown), page.near)
        return self._reader.read_on(60)

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


@asynccontextmanager
async def reading(*, pulls: bool = True, speaks: str = EDITORS[0]) -> AsyncIterator[AttachedEditor]:
    capabilities = copy.deepcopy(client_capabilities(speaks))
    assert capabilities.text_document is not None
    assert capabilities.workspace is not None
    if pulls:
        capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities()
        capabilities.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    async with attached(speaks=capabilities, reader=InProcessReader()) as editor:
        yield editor


async def pulled(editor: AttachedEditor) -> Sequence[types.Diagnostic]:
    document = types.TextDocumentIdentifier(uri=URI)
    report = await editor.client.text_document_diagnostic_async(types.DocumentDiagnosticParams(text_document=document))
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    return report.items


def marked(editor: AttachedEditor, diagnostics: Sequence[types.Diagnostic]) -> list[str]:
    return [
        f"{each.code}: {editor.text[editor.offset(each.range.start) : editor.offset(each.range.end)]}"
        for each in diagnostics
    ]


async def read(editor: AttachedEditor) -> None:
    await editor.until(lambda: editor.server.session.margins.known(URI).complete)


@pytest.mark.parametrize("speaks", EDITORS)
async def test_what_is_certain_is_hinted_at(speaks: str) -> None:
    async with reading(speaks=speaks) as editor:
        editor.open(STORY)
        await read(editor)
        items = await pulled(editor)
        assert marked(editor, items) == ["doubled-word: The the", "grammar: a"]
        assert {each.severity for each in items} == {types.DiagnosticSeverity.Hint}
        assert {each.source for each in items} == {"lsp-writer"}


async def test_the_client_is_asked_to_pull_again_when_there_is_more() -> None:
    refreshed: list[object] = []
    async with reading() as editor:
        del editor.client.protocol.fm.features[types.WORKSPACE_DIAGNOSTIC_REFRESH]
        editor.client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)(lambda *_: refreshed.append(None))
        editor.open(STORY)
        await editor.until(lambda: refreshed)
        assert await pulled(editor)
        assert not editor.client.diagnostics.get(URI)


async def test_a_client_that_cannot_pull_is_told() -> None:
    async with reading(pulls=False) as editor:
        editor.open(STORY)
        await editor.until(lambda: len(editor.client.diagnostics.get(URI, ())) == 2)
        assert marked(editor, editor.client.diagnostics[URI]) == ["doubled-word: The the", "grammar: a"]
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=URI))
        )
        await editor.until(lambda: not editor.client.diagnostics[URI])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"diagnostics": {"show": "off"}}, []),
        ({"critique": {"enabled": False}}, []),
        ({"critique": {"disabled": ["grammar"]}}, ["doubled-word: The the"]),
        (
            {"diagnostics": {"show": "information", "kinds": "all"}},
            ["doubled-word: The the", "passive: was opened by Mara", "grammar: a"],
        ),
    ],
)
async def test_settings(settings: object, expected: list[str]) -> None:
    async with reading() as editor:
        editor.open(STORY)
        await read(editor)
        editor.configure(settings)
        await editor.until(lambda: editor.server.session.settings == read_settings(Settings(), settings)[0])
        assert marked(editor, await pulled(editor)) == expected


async def test_marks_move_with_the_text() -> None:
    async with reading() as editor:
        editor.open(STORY)
        await read(editor)
        editor.replace(0, 0, "Prologue 😀\r\n\r\n")
        assert marked(editor, await pulled(editor)) == ["doubled-word: The the", "grammar: a"]


async def test_a_document_that_is_not_open() -> None:
    async with reading() as editor:
        assert not await pulled(editor)


async def test_the_hover_tells_what_only_a_slow_reading_finds() -> None:
    async with reading() as editor:
        editor.open(STORY)
        await read(editor)
        hover = await editor.hover(editor.text.index("aunt"))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert "grammar" in hover.contents.value
