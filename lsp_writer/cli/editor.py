"""An editor without a window: a language client with one open document, for the demonstration."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from lsp_writer import __version__
from lsp_writer.errors import InvalidRequest, ModelUnavailable
from lsp_writer.prose.rope import Rope

_CAPABILITIES = types.ClientCapabilities(
    general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf32]),
    window=types.WindowClientCapabilities(work_done_progress=True),
    workspace=types.WorkspaceClientCapabilities(
        apply_edit=True, workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    ),
    text_document=types.TextDocumentClientCapabilities(
        inline_completion=types.InlineCompletionClientCapabilities(),
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.PlainText]),
    ),
)

# What a demonstration takes says nothing about the writer. What the model saw coming is shown for all that.
_OPTIONS = {"lspWriter": {"ghostText": {"learn": False}, "critique": {"also": ["awkward", "predictable"]}}}


class Editor:
    """Types, asks and applies edits. Columns are code points (utf-32), so offsets need no arithmetic."""

    def __init__(self, uri: str, text: str) -> None:
        self.last_message = ""
        self._uri = uri
        self._text = Rope.of(text)
        self._caret = len(self._text)
        self._version = 1
        self._client = LanguageClient("lsp-writer-demo", __version__)
        self._ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._decided: asyncio.Future[str] | None = None
        self._progress: Callable[[str], None] = lambda _: None
        self._listen()

    @classmethod
    @asynccontextmanager
    async def opened(cls, uri: str, text: str) -> AsyncIterator[Editor]:
        """A started server with the document `uri` open."""
        editor = cls(uri, text)
        await editor._client.start_io(sys.executable, "-m", "lsp_writer", "--stdio")
        try:
            await editor._open()
            yield editor
            await editor._client.shutdown_async(None)
        finally:
            editor._client.exit(None)
            await editor._client.stop()

    async def ready(self, seconds: float) -> str:
        """Wait for the model. Raises ModelUnavailable if it does not come."""
        try:
            return await asyncio.wait_for(self._ready, seconds)
        except TimeoutError as error:
            raise ModelUnavailable(f"The model was not ready after {seconds:.0f} s. Run lsp-writer doctor.") from error

    def caret_after(self, words: str) -> None:
        """Put the caret at the end of the paragraph that holds `words`."""
        line = self._text.line_at(self._find(words))
        self._caret = self._text.line_start(line) + len(self._text.line(line).rstrip("\n"))

    def type(self, text: str) -> None:
        self._replace(self._caret, self._caret, text)
        self._caret += len(text)

    async def ghost_text(self) -> str:
        """What the editor would show in grey after the caret."""
        answer = await self._client.text_document_inline_completion_async(
            types.InlineCompletionParams(
                context=types.InlineCompletionContext(trigger_kind=types.InlineCompletionTriggerKind.Automatic),
                text_document=types.TextDocumentIdentifier(self._uri),
                position=self._position(self._caret),
            )
        )
        items = answer.items if isinstance(answer, types.InlineCompletionList) else answer or []
        if not items or items[0].range is None:
            return ""
        typed = self._caret - self._offset(items[0].range.start)
        return str(items[0].insert_text)[typed:]

    async def words(self) -> list[str]:
        answer = await self._client.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(self._uri), self._position(self._caret))
        )
        items = answer.items if isinstance(answer, types.CompletionList) else answer or []
        return [item.label for item in items]

    async def hover(self, words: str) -> str:
        """The hover over the first of `words`."""
        position = self._position(self._find(words))
        answer = await self._client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(self._uri), position)
        )
        return answer.contents.value if answer and isinstance(answer.contents, types.MarkupContent) else ""

    async def rewrite(
        self, words: str, revision: str, seconds: float, progress: Callable[[str], None]
    ) -> tuple[str, str]:
        """The paragraph that begins with `words` and its rewrite, empty if none came in time. The text is put back."""
        line = self._text.line_at(self._find(words))
        start = self._text.line_start(line)
        old = self._text.line(line).rstrip("\n")
        self._decided = asyncio.get_running_loop().create_future()
        self._progress = progress
        place = types.Range(self._position(start), self._position(start + len(old)))
        asked = {"uri": self._uri, "revision": revision, "range": place}
        await self._client.workspace_execute_command_async(types.ExecuteCommandParams("lspWriter.revise", [asked]))
        try:
            new = await asyncio.wait_for(self._decided, seconds)
        except TimeoutError:
            new = ""
        if new:
            self._replace(start, start + len(new), old)
        return old, new

    async def _open(self) -> None:
        await self._client.initialize_async(
            types.InitializeParams(capabilities=_CAPABILITIES, process_id=None, initialization_options=_OPTIONS)
        )
        self._client.initialized(types.InitializedParams())
        document = types.TextDocumentItem(self._uri, "markdown", self._version, str(self._text))
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(document))

    def _listen(self) -> None:
        for method, handler in (
            ("lspWriter/status", self._on_status),
            (types.WINDOW_SHOW_MESSAGE, self._on_message),
            (types.WINDOW_WORK_DONE_PROGRESS_CREATE, lambda _params: None),
            (types.PROGRESS, self._on_progress),
            (types.WORKSPACE_APPLY_EDIT, self._on_edit),
            (types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, lambda _params: None),
        ):
            # pygls writes an attribute onto what it registers, which a bound method does not take.
            self._client.feature(method)(partial(handler))

    def _on_status(self, params: Any) -> None:
        if self._ready.done():
            return
        if params.state == "ready":
            self._ready.set_result(params.message)
        elif params.state == "failed":
            self._ready.set_exception(ModelUnavailable(params.message))

    def _on_message(self, params: types.ShowMessageParams) -> None:
        self.last_message = params.message
        self._decide("")

    def _on_progress(self, params: types.ProgressParams) -> None:
        self._progress(str(getattr(params.value, "message", "") or ""))

    def _on_edit(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        return types.ApplyWorkspaceEditResult(applied=self._apply(params.edit))

    def _decide(self, text: str) -> None:
        if self._decided and not self._decided.done():
            self._decided.set_result(text)

    def _apply(self, edit: types.WorkspaceEdit) -> bool:
        (change,) = edit.document_changes or []
        if not isinstance(change, types.TextDocumentEdit) or change.text_document.version != self._version:
            return False
        (text_edit,) = change.edits
        assert isinstance(text_edit, types.TextEdit)
        self._replace(self._offset(text_edit.range.start), self._offset(text_edit.range.end), text_edit.new_text)
        self._decide(text_edit.new_text)
        return True

    def _replace(self, start: int, end: int, text: str) -> None:
        place = types.Range(self._position(start), self._position(end))
        self._text = self._text.replace(start, end, text)
        self._version += 1
        document = types.VersionedTextDocumentIdentifier(self._version, self._uri)
        change = types.TextDocumentContentChangePartial(range=place, text=text)
        self._client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def _find(self, words: str) -> int:
        found = str(self._text).find(words)
        if found < 0:
            raise InvalidRequest(f"The story does not say “{words}” any more. Restore the samples.")
        return found

    def _position(self, offset: int) -> types.Position:
        line = self._text.line_at(offset)
        return types.Position(line, offset - self._text.line_start(line))

    def _offset(self, position: types.Position) -> int:
        return self._text.line_start(position.line) + position.character
