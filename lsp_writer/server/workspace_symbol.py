"""workspace/symbol: chapters and scenes of the open documents, and of the files in the workspace's folders."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from lsp_writer.server.session import Session
from lsp_writer.server.symbols import told

# More than anybody reads, and fewer than would hold up an editor.
_MOST = 500


async def workspace_symbol(session: Session, params: types.WorkspaceSymbolParams) -> Sequence[types.SymbolInformation]:
    encoding = session.client.encoding
    manuscripts = list(session.documents)
    folders = [Path(path) for uri in session.workspace_uris() if (path := to_fs_path(uri))]
    opened = frozenset(Path(path) for each in manuscripts if (path := to_fs_path(each.uri)))

    def found() -> list[types.SymbolInformation]:
        symbols = [symbol for manuscript in manuscripts for symbol in told(manuscript, encoding)]
        symbols += session.workspace_symbols.below(folders, opened, encoding)
        return [symbol for symbol in symbols if _fits(params.query, symbol.name)][:_MOST]

    return await asyncio.to_thread(found)


def _fits(query: str, name: str) -> bool:
    """Whether the letters of `query` stand in `name` in their order, as editors look for symbols."""
    letters = iter(name.casefold())
    return all(letter in letters for letter in query.casefold() if not letter.isspace())
