"""What a long export says while it works: a bar on a terminal, a line for each step anywhere else."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

#: Called with the amount of work done since the last call.
Advance = Callable[[float], None]


class Steps:
    """The named steps of one export, shown on `console` one after the other. Use it as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            # Otherwise whatever a library prints, which `quiet` catches, would come out above the bars.
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.stop()

    def say(self, line: str) -> None:
        """Something for the writer, between two steps."""
        self._console.print(line, markup=False)

    @contextlib.contextmanager
    def step(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """One step of `total` units of work; None if nobody can tell how far it is."""
        started = time.monotonic()
        outcome = "not finished"
        task = self._bars.add_task(name, total=total)
        if not self._console.is_terminal:
            self._console.print(f"{name} … ", end="")
        try:
            yield lambda amount: self._bars.advance(task, amount)
            self._bars.update(task, total=total or 1, completed=total or 1)
            outcome = f"{time.monotonic() - started:.0f} s"
        finally:
            if not self._console.is_terminal:
                self._console.print(outcome)


@contextlib.contextmanager
def growth(folder: Path, advance: Advance) -> Iterator[None]:
    """Advance by the bytes that appear in `folder` meanwhile: for downloads by libraries that report none."""
    ended = threading.Event()

    def watch() -> None:
        seen = _size_of(folder)
        while not ended.wait(0.2):
            size = _size_of(folder)
            advance(max(size - seen, 0))
            seen = size

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def _size_of(folder: Path) -> int:
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # it may have been moved meanwhile
                size += (Path(parent) / name).stat().st_size
    return size


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what the export's libraries print, log and warn off the terminal: they report each tensor, draw bars of
    their own across ours, and warn of choices that are made on purpose here. What goes wrong comes as an exception."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(action="ignore"),
        ):
            yield
    finally:
        logging.disable(level)
