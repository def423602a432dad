"""What the editor at the other end can do, as named booleans."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from lsprotocol import types
from pygls.capabilities import get_capability

from lsp_writer.settings import SECTION


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """The client's capabilities, as far as this server asks for them."""

    #: In what units the client counts columns.
    encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16
    answers_configuration: bool = False
    registers_configuration: bool = False
    shows_progress: bool = False
    applies_edits: bool = False
    versions_edits: bool = False
    #: The client shows the changes of an edit one by one and lets the writer choose among them.
    confirms_changes: bool = False
    takes_code_actions: bool = False
    renders_markdown: bool = False
    #: The client asks for diagnostics, and asks again when it is told that there is more.
    pulls_diagnostics: bool = False
    #: The client asks again for the lenses of what it shows when it is told to.
    refreshes_lenses: bool = False
    #: The client opens a file in the browser when it is asked to.
    shows_documents: bool = False
    #: The client shows a message with buttons and says which of them the writer pressed.
    shows_buttons: bool = False
    #: The client shows a rewrite as it grows and lets the writer decide (`lspWriter/revision`).
    reviews_revisions: bool = False
    #: The client lets the writer choose from a list (`lspWriter/choose`), and waits for nothing while a message asks.
    chooses: bool = False
    #: The client asks again for ghost text when it is told that there is more of it (`lspWriter/suggestionGrown`).
    refreshes: bool = False
    #: The writer trusts what the workspace brings with it.
    trusted: bool = True
    #: The client wants to know what each suggestion cost (`lspWriter/timing`).
    times: bool = False


def client_of(params: types.InitializeParams, encoding: types.PositionEncodingKind) -> Client:
    def can(name: str) -> bool:
        return bool(get_capability(params.capabilities, name))

    formats = get_capability(params.capabilities, "text_document.hover.content_format") or ()
    told = (own_options(params.initialization_options), own_options(params.capabilities.experimental))

    def says(name: str, word: bool = True) -> bool:
        return any(options.get(name) is word for options in told)

    return Client(
        encoding=encoding,
        answers_configuration=can("workspace.configuration"),
        registers_configuration=can("workspace.did_change_configuration.dynamic_registration"),
        shows_progress=can("window.work_done_progress"),
        applies_edits=can("workspace.apply_edit"),
        # Neovim names only the operations that come with versioned edits, and takes versioned edits.
        versions_edits=can("workspace.workspace_edit.document_changes")
        or can("workspace.workspace_edit.resource_operations"),
        confirms_changes=can("workspace.workspace_edit.document_changes")
        and can("workspace.workspace_edit.change_annotation_support"),
        takes_code_actions=can("text_document.code_action.code_action_literal_support"),
        renders_markdown=types.MarkupKind.Markdown in formats,
        pulls_diagnostics=can("text_document.diagnostic") and can("workspace.diagnostics.refresh_support"),
        refreshes_lenses=can("workspace.code_lens.refresh_support"),
        shows_documents=can("window.show_document.support"),
        shows_buttons=can("window.show_message.message_action_item"),
        reviews_revisions=says("revisions"),
        chooses=says("chooses"),
        refreshes=says("refreshes"),
        times=says("timings"),
        trusted=not says("trusted", False),
    )


def own_options(options: object) -> Mapping[str, object]:
    """What `options` (initializationOptions, or experimental capabilities) hold under this server's name."""
    own = options.get(SECTION) if isinstance(options, Mapping) else None
    return own if isinstance(own, Mapping) else {}
