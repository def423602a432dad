"""Messages to the writer, through the editor."""

from __future__ import annotations

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
