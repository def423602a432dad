"""`lspWriter/suggestionGrown`: ghost text that was answered early has become longer, for clients that ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from lsp_writer.prose.manuscript import Manuscript
    from lsp_writer.server.session import Session

METHOD = "lspWriter/suggestionGrown"


class Grown(msgspec.Struct, frozen=True):
    uri: str
    version: int


def tell_grown(session: Session, uri: str, version: int) -> None:
    """Tell the client, unless it does not refresh or the document is no longer at `version`."""
    manuscript = session.documents.find(uri)
    if not session.client.refreshes or manuscript is None or manuscript.version != version:
        return
    session.grown[uri] = version
    session.server.protocol.notify(METHOD, msgspec.to_builtins(Grown(uri, version)))


def was_told(session: Session, manuscript: Manuscript) -> bool:
    """Whether the request at hand is the client's answer to `tell_grown`. Some editors can ask again only as if the
    writer had asked, so the first request for that version is taken for it."""
    return session.grown.pop(manuscript.uri, None) == manuscript.version
