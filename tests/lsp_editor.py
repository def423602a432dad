"""An editor as the server sees one: a pytest-lsp client with the capabilities of a real editor, and one document."""

from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import register_lsp_features

if TYPE_CHECKING:
    from cattrs import Converter

URI = "file:///story.md"

#: As the two editors speak: one counts UTF-16 code units, the other bytes of UTF-8.
EDITORS = ("visual-studio-code", "neovim")

Treatment = Callable[[types.ApplyWorkspaceEditParams], types.ApplyWorkspaceEditResult]


class Editor:
    """One client with one document. It keeps what an editor would: the text, its version, what it was told."""

    def __init__(self) -> None:
        self.client = LanguageClient(converter_factory=shared_converter)
        #: Where the document is, before it is opened.
        self.uri = URI
        self.text = ""
        self.version = 0
        self.statuses: list[dict[str, str]] = []
        self.revisions: list[dict[str, Any]] = []
        self.grown: list[dict[str, Any]] = []
        #: How this editor treats the server's edits: as a good one does, until a test says otherwise.
        self.on_edit: Treatment = self.apply
        #: Which of the changes that need the writer's confirmation they take.
        self.wants: Callable[[types.AnnotatedTextEdit], bool] = lambda _: True
        self.encoding: types.PositionEncodingKind | str | None = None
        self.server_info: types.ServerInfo | None = None
        register_lsp_features(self.client)
        self.client.feature("lspWriter/status")(lambda params: self.statuses.append(params._asdict()))
        self.client.feature("lspWriter/suggestionGrown")(lambda params: self.grown.append(params._asdict()))
        self.client.feature("lspWriter/revision")(lambda params: self.revisions.append(params._asdict()))
        self.client.feature(types.WORKSPACE_APPLY_EDIT)(lambda params: self.on_edit(params))  # noqa: PLW0108  may change
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)

    async def connect(
        self,
        speaks: str | types.ClientCapabilities,
        options: Mapping[str, object],
        *,
        wait_for: str,
        folders: Sequence[Path] = (),
    ) -> None:
        """Introduce the editor called `speaks`, or one that can do as much, and wait until the server reports the state
        `wait_for`."""
        answer = await self.client.initialize_session(
            types.InitializeParams(
                capabilities=_capabilities(speaks) if isinstance(speaks, str) else speaks,
                initialization_options={"lspWriter": dict(options)},
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders],
            )
        )
        self.encoding = answer.capabilities.position_encoding
        self.server_info = answer.server_info
        await self.until(lambda: any(status["state"] == wait_for for status in self.statuses))

    @property
    def document(self) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(uri=self.uri)

    @property
    def messages(self) -> list[str]:
        return [message.message for message in self.client.messages]

    def open(self, text: str, language: str = "markdown") -> int:
        """Open a document, whose `$0` is taken out; the answer is where it was, in code points."""
        offset = text.find("$0")
        self.text, self.version = text.replace("$0", ""), 1
        document = types.TextDocumentItem(uri=self.uri, language_id=language, version=1, text=self.text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))
        return offset

    def position(self, offset: int) -> types.Position:
        """Where the editor says that `offset` is."""
        before = re.split(r"\r\n|\n|\r", self.text[:offset])
        return types.Position(line=len(before) - 1, character=self._columns(before[-1]))

    def range(self, start: int, end: int) -> types.Range:
        return types.Range(start=self.position(start), end=self.position(end))

    def offset(self, position: types.Position) -> int:
        starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.text))]
        start = starts[position.line]
        return next(
            offset
            for offset in range(start, len(self.text) + 1)
            if self._columns(self.text[start:offset]) == position.character
        )

    def replace(self, start: int, end: int, new: str) -> None:
        """The writer replaces `start` to `end`."""
        change = types.TextDocumentContentChangePartial(range=self.range(start, end), text=new)
        self.text = self.text[:start] + new + self.text[end:]
        self.version += 1
        self.change([change])

    def change(self, changes: list[types.TextDocumentContentChangeEvent]) -> None:
        document = types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=document, content_changes=changes)
        )

    async def complete(self, offset: int) -> types.CompletionList:
        answer = await self.client.text_document_completion_async(
            types.CompletionParams(text_document=self.document, position=self.position(offset))
        )
        assert isinstance(answer, types.CompletionList)
        return answer

    async def ghost_text(self, offset: int, **context: Any) -> list[types.InlineCompletionItem]:
        context.setdefault("trigger_kind", types.InlineCompletionTriggerKind.Automatic)
        answer = await self.client.text_document_inline_completion_async(
            types.InlineCompletionParams(
                context=types.InlineCompletionContext(**context),
                text_document=self.document,
                position=self.position(offset),
            )
        )
        assert isinstance(answer, types.InlineCompletionList)
        return list(answer.items)

    async def hover(self, offset: int) -> types.Hover | None:
        return await self.client.text_document_hover_async(
            types.HoverParams(text_document=self.document, position=self.position(offset))
        )

    async def actions(
        self, start: int, end: int, only: list[str] | None = None, diagnostics: Sequence[types.Diagnostic] = ()
    ) -> list[types.CodeAction]:
        answer = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                text_document=self.document,
                range=self.range(start, end),
                context=types.CodeActionContext(diagnostics=diagnostics, only=only),
            )
        )
        return [action for action in answer or [] if isinstance(action, types.CodeAction)]

    async def take(self, action: types.CodeAction) -> None:
        """The writer chooses `action`: its edit comes before its command."""
        if action.edit:
            assert self.apply(types.ApplyWorkspaceEditParams(action.edit)).applied
        if action.command:
            await self.run(action.command.command, *(action.command.arguments or ()))

    async def run(self, command: str, argument: object = None) -> Any:
        arguments = [] if argument is None else [argument]
        return await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(command=command, arguments=arguments)
        )

    async def rewrite(self, start: int, end: int, revision: str = "noir") -> str:
        argument = {"uri": self.uri, "range": self.range(start, end), "revision": revision}
        return str(await self.run("lspWriter.revise", argument))

    def cancel(self, request: str | int) -> None:
        """The editor wants no answer to `request` any more."""
        self.client.cancel_request(types.CancelParams(id=request))

    def configure(self, settings: object) -> None:
        """The writer changes the settings."""
        self.client.set_configuration(settings, section="lspWriter")
        self.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))

    def change_folders(
        self, added: Sequence[types.WorkspaceFolder] = (), removed: Sequence[types.WorkspaceFolder] = ()
    ) -> None:
        event = types.WorkspaceFoldersChangeEvent(added=added, removed=removed)
        self.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))

    def apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        """Apply an edit if it was made for the text as it stands, and tell the server of the change."""
        wanted = self._wanted(params.edit)
        if wanted is None:
            return types.ApplyWorkspaceEditResult(applied=False)
        changes: list[types.TextDocumentContentChangeEvent] = []
        # As editors do: the last place first, so that no edit moves another. Of two at one place the first comes first.
        for edit in reversed(wanted):
            start, end = self.offset(edit.range.start), self.offset(edit.range.end)
            changes.append(types.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text))
            self.text = self.text[:start] + edit.new_text + self.text[end:]
        if changes:
            self.version += 1
            self.change(changes)
        return types.ApplyWorkspaceEditResult(applied=bool(changes))

    def _wanted(self, edit: types.WorkspaceEdit) -> list[types.TextEdit | types.AnnotatedTextEdit] | None:
        """The changes that the writer wants of `edit`, or None if it was made for another version of the text."""
        if edit.changes:
            return list(edit.changes[self.uri])
        (document,) = edit.document_changes or ()
        assert isinstance(document, types.TextDocumentEdit)
        if document.text_document.version != self.version:
            return None
        changes = [change for change in document.edits if not isinstance(change, types.SnippetTextEdit)]
        return [change for change in changes if isinstance(change, types.TextEdit) or self.wants(change)]

    async def until(self, condition: Callable[[], object], *, seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110  the condition is the test's own, over anything that it can see
                await asyncio.sleep(0.005)

    def _columns(self, text: str) -> int:
        match self.encoding:
            case types.PositionEncodingKind.Utf8:
                return len(text.encode("utf-8", "surrogatepass"))
            case types.PositionEncodingKind.Utf16:
                return len(text.encode("utf-16-le", "surrogatepass")) // 2
            case _:
                return len(text)


@functools.cache
def _capabilities(editor: str) -> types.ClientCapabilities:
    """Read once: pytest-lsp makes a converter of its own for each reading."""
    return client_capabilities(editor)


@functools.cache
def shared_converter() -> Converter:
    """One for all: making the code that reads and writes messages takes most of the time of a small test."""
    converter: Converter = default_converter()
    # lsprotocol takes every code action that has a command for a command.
    converter.register_structure_hook(
        types.Command | types.CodeAction,
        lambda raw, _: converter.structure(
            raw, types.Command if isinstance(raw.get("command"), str) else types.CodeAction
        ),
    )
    return converter
