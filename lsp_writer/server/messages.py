"""Messages to the writer, through the editor."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from lsprotocol import types
from pygls.lsp.server import LanguageServer


class Messages:
    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._shown: set[str] = set()

    def show(self, text: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        self._shown.add(text)
        self._server.window_show_message(types.ShowMessageParams(type=kind, message=text))

    def show_once(self, text: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """For what the writer did not ask for: a hover that fails at every word must not fill the screen."""
        if text not in self._shown:
            self.show(text, kind)

    async def ask(self, text: str, kind: types.MessageType, buttons: Iterable[str]) -> str | None:
        """Show `text` with `buttons`, and wait for the writer, however long they take. None: they pressed none.

        Raises JsonRpcException if the editor has no buttons, whatever it said.
        """
        params = types.ShowMessageRequestParams(kind, text, [types.MessageActionItem(button) for button in buttons])
        # Shielded: pygls stumbles over an answer that comes after its request was given up.
        pressed = await asyncio.shield(self._server.window_show_message_request_async(params))
        return None if pressed is None else pressed.title
