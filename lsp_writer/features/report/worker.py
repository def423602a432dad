"""A report made in a process of its own: it takes the processor for seconds, and an editor waits for nobody."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from lsp_writer.child_process import behave, spawning
from lsp_writer.errors import WriterError
from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.features.report.book import Source
from lsp_writer.features.report.files import require_free, sources_of, title_of, write_report
from lsp_writer.features.report.report import Tell, finish, measure
from lsp_writer.features.report.surprisal import Sample, Surprise
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

#: Asks the model: what it says of the samples, and if nothing, why.
Ask = Callable[[Sequence[Sample]], Awaitable[tuple[Sequence[Surprise], str]]]


class Opened(msgspec.Struct, frozen=True):
    """A document as the editor shows it."""

    uri: str
    name: str
    text: str
    markdown: bool


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A report to be made: of a folder with what is `opened` of its files, or else of the one document `opened`."""

    folder: Path | None
    opened: dict[Path, str]
    document: Opened | None
    file: Path
    wishes: Wishes
    proofread: bool


class _Step(msgspec.Struct, frozen=True):
    doing: str
    done: int
    of: int


class _Wanted(msgspec.Struct, frozen=True):
    samples: tuple[Sample, ...]


class _Said(msgspec.Struct, frozen=True):
    surprises: tuple[Surprise, ...]
    missing: str


class _Refused(msgspec.Struct, frozen=True):
    message: str


class _Made(msgspec.Struct, frozen=True):
    title: str


async def make_report(order: Order, ask: Ask, tell: Tell) -> str:
    """Write the report to `order.file`; the answer is the book's title. Cancelling ends the process.

    Raises WriterError with what it was refused for, and RuntimeError if the process ended by a fault of its own.
    """
    async with _worker(order) as connection:
        while True:
            try:
                message = await asyncio.to_thread(connection.recv)
            except EOFError as error:
                raise RuntimeError("the process that makes reports ended early") from error
            match message:
                case _Step():
                    tell(message.doing, message.done, message.of)
                case _Wanted():
                    surprises, missing = await ask(message.samples)
                    connection.send(_Said(tuple(surprises), missing))
                case _Refused():
                    raise WriterError(message.message)
                case _Made():
                    return message.title


@asynccontextmanager
async def _worker(order: Order) -> AsyncIterator[Connection]:
    """A new process at work on `order`, which ends with the block."""
    context = spawning()
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, order), daemon=True, name="report")
    await asyncio.to_thread(process.start)
    theirs.close()  # else reading would not end when the process does
    try:
        yield ours
    finally:
        process.kill()
        # The thread that may still read `ours` ends with the process; until then it must stay open.
        await asyncio.shield(asyncio.to_thread(process.join))
        ours.close()
        process.close()


def _work(connection: Connection, order: Order) -> None:
    """What the process does."""
    _end_with_parent()
    behave()
    with contextlib.suppress(BrokenPipeError, EOFError):  # nobody waits any more
        try:
            title = _make(connection, order)
        except WriterError as error:
            connection.send(_Refused(str(error)))
        else:
            connection.send(_Made(title))


def _make(connection: Connection, order: Order) -> str:
    def tell(doing: str, done: int, of: int) -> None:
        connection.send(_Step(doing, done, of))

    require_free(order.file)
    if order.folder is not None:
        sources, name = sources_of(order.folder, order.opened), order.folder.resolve().name
    else:
        assert order.document is not None
        document = order.document
        name = document.name
        manuscript = Manuscript(document.uri, 1, Rope.of(document.text), document.markdown)
        sources = (Source(name, manuscript),)
    title = title_of(sources, name)
    measured = measure(title, sources, order.wishes, proofread=order.proofread, tell=tell)
    connection.send(_Wanted(measured.samples))
    said: _Said = connection.recv()
    write_report(order.file, finish(measured, said.surprises, said.missing, tell))
    return title


def _end_with_parent() -> None:
    """A server that is killed leaves nothing behind."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
