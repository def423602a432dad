"""A reader in a process of its own: what it reads costs this one nothing, and least of all ghost text."""

from __future__ import annotations

import contextlib
import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from threading import Lock
from typing import NamedTuple

import msgspec

from lsp_writer.child_process import behave, spawning
from lsp_writer.features.critiques.known import Known
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope


class ReaderGone(Exception):
    """The process has ended, or could not be started."""


class Page(msgspec.Struct, frozen=True):
    """A text to be read from now on, beginning around the offset `near`."""

    text: str
    markdown: bool
    near: int


class _Order(msgspec.Struct, frozen=True):
    """What is asked of the process: to read for so many `seconds`, of `page` if it is another text than before."""

    page: Page | None
    seconds: float


class _Running(NamedTuple):
    process: multiprocessing.process.BaseProcess
    connection: Connection
    #: Set to have what is being read broken off.
    enough: Event


class ReaderProcess:
    """Starts when it is first asked, and again if it was closed or has died. Asked from one thread at a time."""

    def __init__(self) -> None:
        self._running: _Running | None = None
        self._lock = Lock()

    def ask(self, page: Page | None, seconds: float) -> Known:
        """Blocks for some `seconds`, longer while the process starts. Raises ReaderGone, also if it is closed
        meanwhile; the next `page` starts a new one."""
        try:
            with self._lock:
                running = self._running = self._running or _start()
            running.enough.clear()
            running.connection.send(_Order(page, seconds))
            known: Known = running.connection.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise ReaderGone from error
        return known

    def interrupt(self) -> None:
        """Let `ask` answer now, with what has been found. Does not wait."""
        running = self._running
        if running is not None:
            running.enough.set()

    def close(self) -> None:
        """End the process, whatever it is at. Safe to call more than once, and from any thread."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.process.terminate()
            running.process.join()
            running.connection.close()
            running.process.close()


def _start() -> _Running:
    context = spawning()
    here, there = context.Pipe()
    enough = context.Event()
    process = context.Process(target=_serve, args=(there, enough), name="reader", daemon=True)
    process.start()
    there.close()  # so that either end learns when the other is gone
    return _Running(process, here, enough)


def _serve(connection: Connection, enough: Event) -> None:
    """Answer orders until whoever gave them is gone."""
    from lsp_writer.features.critiques.reader import Reader

    behave()
    reader = Reader()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            order: _Order = connection.recv()
            if order.page is not None:
                page = order.page
                reader.take(Manuscript("", 0, Rope.of(page.text), page.markdown), page.near)
            connection.send(reader.read_on(order.seconds, enough.is_set))
