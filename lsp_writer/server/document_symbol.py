"""textDocument/documentSymbol: the chapters of a manuscript and their scenes."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from lsp_writer.server.session import Session
from lsp_writer.server.symbols import symbols_of


async def document_symbol(
    session: Session, params: types.DocumentSymbolParams
) -> Sequence[types.DocumentSymbol] | None:
    manuscript = session.documents.find(params.text_document.uri)
    return symbols_of(manuscript, session.client.encoding) if manuscript else None
