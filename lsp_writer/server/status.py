"""`lspWriter/status`: what the server is doing, and why it suggested nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

import msgspec
from pygls.lsp.server import LanguageServer

METHOD = "lspWriter/status"

State = Literal["loading", "ready", "paused", "busy", "failed"]

# What a suggestion's answer tells besides goes out after it: the writer waits for the one and not for the other.
_AFTER_ANSWER_SECONDS = 0.005

#: Why nothing comes by itself while the writer has paused suggestions.
PAUSED = "suggestions are paused"


class Status(msgspec.Struct, frozen=True):
    """`message` is about the state, `reason` says why the last request was answered with nothing."""

    state: State
    message: str = ""
    reason: str = ""


def after_answer(tell: Callable[[], None]) -> None:
    """Call `tell` when the answer that is being made is out."""
    asyncio.get_running_loop().call_later(_AFTER_ANSWER_SECONDS, tell)


class StatusReporter:
    """Tells the client of every change of status, and of nothing else."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._model = Status("loading", "The model is being loaded.")
        self._reason = ""
        self._rewrites = 0
        self._paused = False
        self._sent: Status | None = None

    @property
    def reason(self) -> str:
        return self._reason

    def model_is(self, state: State, message: str = "") -> None:
        self._model = Status(state, message)
        self._send()

    def suggested(self) -> None:
        self._reason = ""
        after_answer(self._send)

    def suggested_nothing(self, reason: str) -> None:
        """An empty `reason` means that a newer request has taken over, which is nothing to report."""
        self._reason = reason or self._reason
        after_answer(self._send)

    def rewrites_are(self, running: int) -> None:
        self._rewrites = running
        self._send()

    def pausing_is(self, paused: bool) -> None:
        self._paused = paused
        self._reason = PAUSED if paused else ""
        self._send()

    def _send(self) -> None:
        status = Status(self._state(), self._model.message, self._reason)
        if status != self._sent:
            self._sent = status
            self._server.protocol.notify(METHOD, msgspec.to_builtins(status))

    def _state(self) -> State:
        if self._model.state != "ready":
            return self._model.state
        if self._paused:
            return "paused"
        return "busy" if self._rewrites else "ready"
