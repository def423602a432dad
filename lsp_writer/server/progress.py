"""Work-done progress that the writer can cancel."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

Report = Callable[[str], None]

#: An editor that has not answered by then will not: the work is done without a bar.
_SECONDS_TO_CREATE = 3.0


class Progress:
    """The progress bars of one client. One without support gets none, and the work is done all the same."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._cancels: dict[types.ProgressToken, Callable[[], object]] = {}

    @asynccontextmanager
    async def shown(self, title: str, *, supported: bool, cancel: Callable[[], object]) -> AsyncIterator[Report]:
        """A bar named `title` for as long as the block runs. Yields a function that changes the text beside it.

        `cancel` is called when the writer gives the work up.
        """
        token = str(uuid.uuid4())
        if not supported or not await self._created(token):
            yield _nowhere
            return
        bar = self._server.work_done_progress
        self._cancels[token] = cancel
        bar.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=True))
        try:
            yield lambda message: bar.report(token, types.WorkDoneProgressReport(message=message))
        finally:
            bar.end(token, types.WorkDoneProgressEnd())
            del self._cancels[token]
            bar.tokens.pop(token, None)  # pygls keeps tokens for ever

    def cancel(self, token: types.ProgressToken) -> None:
        cancel = self._cancels.get(token)
        if cancel is not None:
            cancel()

    async def _created(self, token: str) -> bool:
        try:
            async with asyncio.timeout(_SECONDS_TO_CREATE):
                # Shielded: pygls stumbles over an answer that comes after its request was given up.
                await asyncio.shield(self._server.work_done_progress.create_async(token))
        except (JsonRpcException, TimeoutError):
            return False
        return True


def _nowhere(_message: str) -> None:
    """Progress for a client that shows none."""
