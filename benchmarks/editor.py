"""An editor at the other end of real pipes, which takes the time."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import IO, Any

import msgspec

URI = "file:///manuscript.md"
_DOCUMENT = {"uri": URI}
_SECONDS = 60.0
# The code of an error that says that a request was cancelled.
_CANCELLED = -32800


class Answer(msgspec.Struct, frozen=True):
    """`at` is when its last byte was read, on `time.perf_counter`. A cancelled request has neither result nor use."""

    result: Any
    at: float


class Editor(AbstractContextManager["Editor"]):
    """One server process and, once it is opened, one document, whose caret is where the last key was struck.

    `options` are initializationOptions under `lspWriter`. The program ends if the server does.
    """

    def __init__(
        self, command: Sequence[str] = ("-m", "lsp_writer"), options: Mapping[str, object] | None = None
    ) -> None:
        self.started = time.perf_counter()
        self.notifications: list[dict[str, Any]] = []
        self._options = dict(options or {})
        self._answers: dict[int, Answer] = {}
        self._asked = 0
        self._failed = False
        self._news = threading.Condition()
        self._version = self._line = self._column = 0
        self._server = subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._server.pid

    @property
    def version(self) -> int:
        return self._version

    def initialize(self) -> float:
        """When the answer came."""
        parameters = {"capabilities": {}, "initializationOptions": {"lspWriter": self._options}}
        return self.answer(self.ask("initialize", parameters)).at

    def wait_until_ready(self) -> float:
        """When the model was ready."""
        self.tell("initialized", {})
        self.wait_for(lambda: "ready" in self._states() or "failed" in self._states())
        if "failed" in self._states():
            sys.exit("The model cannot be loaded; `lsp-writer doctor` says why.")
        return time.perf_counter()

    def open(self, text: str, line: int | None = None) -> None:
        """Open `text` with the caret at the end of `line`, or of the text."""
        lines = text.split("\n")
        self._line = len(lines) - 1 if line is None else line
        self._column = _units(lines[self._line])
        self._version = 1
        document = {**_DOCUMENT, "languageId": "markdown", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def close(self) -> None:
        self.tell("textDocument/didClose", {"textDocument": _DOCUMENT})

    def configure(self, settings: Mapping[str, object]) -> None:
        self.tell("workspace/didChangeConfiguration", {"settings": {"lspWriter": settings}})

    def strike(self, key: str) -> float:
        """Type one character; the answer is when."""
        self._version += 1
        at = self._place()
        change = {"range": {"start": at, "end": at}, "text": key}
        self._line, self._column = (self._line + 1, 0) if key == "\n" else (self._line, self._column + _units(key))
        struck = time.perf_counter()
        document = {**_DOCUMENT, "version": self._version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        return struck

    def go_to(self, line: int, column: int) -> None:
        self._line, self._column = line, column

    def ask_for_hover(self) -> int:
        return self.ask("textDocument/hover", {"textDocument": _DOCUMENT, "position": self._place()})

    def ask_for_menu(self) -> int:
        return self.ask("textDocument/completion", {"textDocument": _DOCUMENT, "position": self._place()})

    def ask_for_ghost_text(self) -> int:
        """As an editor does of itself; the answer is the request's id."""
        parameters = {"textDocument": _DOCUMENT, "position": self._place(), "context": {"triggerKind": 2}}
        return self.ask("textDocument/inlineCompletion", parameters)

    def ask(self, method: str, parameters: object) -> int:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": parameters})
        return self._asked

    def tell(self, method: str, parameters: object) -> None:
        self._send({"method": method, "params": parameters})

    def cancel(self, request: int) -> None:
        self.tell("$/cancelRequest", {"id": request})

    def find(self, request: int) -> Answer | None:
        return self._answers.get(request)

    def answer(self, request: int) -> Answer:
        if not self.wait_for(lambda: request in self._answers) or self._failed:
            sys.exit("The server does not answer, or with an error.")
        return self._answers[request]

    def wait_for(self, condition: Callable[[], object], seconds: float = _SECONDS) -> bool:
        """Whether it became true in time; it is looked at after every message."""
        with self._news:
            return bool(self._news.wait_for(condition, seconds))

    def __exit__(self, *_: object) -> None:
        if self._server.poll() is None:
            self.answer(self.ask("shutdown", None))
            self.tell("exit", None)
        self._server.wait(_SECONDS)

    def _states(self) -> list[str]:
        told = (message["params"] for message in self.notifications if message["method"] == "lspWriter/status")
        return [status["state"] for status in told]

    def _place(self) -> dict[str, int]:
        return {"line": self._line, "character": self._column}

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._server.stdin.flush()

    def _read(self) -> None:
        assert self._server.stdout is not None
        while (message := _received(self._server.stdout)) is not None:
            at = time.perf_counter()
            with self._news:
                if "method" not in message:
                    self._failed |= message.get("error", {}).get("code", _CANCELLED) != _CANCELLED
                    self._answers[message["id"]] = Answer(message.get("result"), at)
                else:
                    self.notifications.append(message)
                self._news.notify_all()


def _received(pipe: IO[bytes]) -> dict[str, Any] | None:
    """The next message, or None at the end."""
    length = 0
    while (line := pipe.readline()).strip() or not length:
        if not line:
            return None
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    message: dict[str, Any] = json.loads(pipe.read(length))
    return message


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
