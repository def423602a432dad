"""workspace/symbol: chapters and scenes of the open documents, and of the files in the workspace's folders."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lsprotocol import types

from lsp_writer.server.session import Session
from lsp_writer.server.symbols import told
from lsp_writer.server.workspace_folders import folders_of, path_of

# More than anybody reads, and fewer than would hold up an editor.
_MOST = 500


async def workspace_symbol(session: Session, params: types.WorkspaceSymbolParams) -> Sequence[types.SymbolInformation]:
    encoding = session.client.encoding
    manuscripts = list(session.documents)
    folders = folders_of(session.workspace_uris())
    opened = frozenset(path for each in manuscripts if (path := path_of(each.uri)))

    def found() -> list[types.SymbolInformation]:
        symbols = [symbol for manuscript in manuscripts for symbol in told(manuscript, encoding)]
        symbols += session.workspace_symbols.below(folders, opened, encoding)
        return [symbol for symbol in symbols if _fits(params.query, symbol.name)][:_MOST]

    return await asyncio.to_thread(found)


def _fits(query: str, name: str) -> bool:
    """Whether the letters of `query` stand in `name` in their order, as editors look for symbols."""
    letters = iter(name.casefold())
    return all(letter in letters for letter in query.casefold() if not letter.isspace())
