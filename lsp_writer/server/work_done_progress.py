"""window/workDoneProgress/cancel: the writer gave up waiting."""

from __future__ import annotations

from lsprotocol import types

from lsp_writer.server.session import Session


def cancel(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    session.progress.cancel(params.token)
