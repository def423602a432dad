"""What every command says on standard error when it cannot do what was asked."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from rich.console import Console

from lsp_writer.errors import StorageError, WriterError


@contextlib.contextmanager
def reporting(folder: Path, interrupted: str) -> Iterator[Console]:
    """The console for a command that writes below `folder`. An error for the writer is one line and exit status 1;
    Ctrl+C says `interrupted`."""
    console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    try:
        with _storage_errors(folder):
            yield console
    except WriterError as error:
        console.print(str(error), markup=False)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print(interrupted, markup=False)
        raise typer.Exit(130) from None


@contextlib.contextmanager
def _storage_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{error.filename or folder} cannot be written ({error.strerror or error}). Make room or check its "
            "permissions, or choose another folder with --data, and run the command again."
        ) from error
