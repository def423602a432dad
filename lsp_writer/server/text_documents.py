"""textDocument/didOpen, didChange and didClose. They are handled at once and in order, never as tasks."""

from __future__ import annotations

import logging

from lsprotocol import types

from lsp_writer.server.diagnostic import clear_findings, tell_of_change
from lsp_writer.server.session import Session

_logger = logging.getLogger(__name__)


def did_open(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    _close(session, params.text_document.uri)  # some clients open a file anew without closing it
    session.documents.open(params.text_document)
    session.margins.opened(session.documents.get(params.text_document.uri))


def did_change(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    uri = params.text_document.uri
    before = session.documents.find(uri)
    if before is None:
        _logger.warning("A change to a document that is not open was ignored")
        return
    edits = session.documents.change(uri, params.text_document.version, params.content_changes)
    manuscript = session.documents.get(uri)
    if session.continuation is not None:
        session.continuation.changed(manuscript, edits)
    session.proposals.follow(uri, manuscript.text, edits)
    session.margins.changed(manuscript, edits)
    tell_of_change(session, before, manuscript)


def did_close(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    _close(session, params.text_document.uri)


def _close(session: Session, uri: str) -> None:
    session.rewrites.discard_all(uri)
    manuscript = session.documents.find(uri)
    session.documents.close(uri)
    session.grown.pop(uri, None)
    session.margins.closed(uri)
    if manuscript is not None:
        clear_findings(session, uri)
    if session.continuation is not None and manuscript is not None:
        session.continuation.forget(manuscript)
