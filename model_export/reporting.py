"""What every command says on standard error when it cannot do what was asked."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from rich.console import Console

from lsp_writer.errors import WriterError
from model_export.storage import storage_errors


@contextlib.contextmanager
def reporting(folder: Path, interrupted: str) -> Iterator[Console]:
    """The console for a command that writes below `folder`. An error for the writer is one line and exit status 1;
    Ctrl+C says `interrupted`."""
    console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    try:
        with storage_errors(folder):
            yield console
    except (KeyboardInterrupt, Exception) as error:
        if _was_interrupted(error):
            console.print(interrupted, markup=False)
            raise typer.Exit(130) from None
        if not isinstance(error, WriterError):
            raise
        console.print(str(error), markup=False)
        raise typer.Exit(1) from None


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether it began with Ctrl+C: a library that is just being imported raises an ImportError in its place."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None
