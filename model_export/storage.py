"""Room on the disk: whether there is enough, and what the writer is told when there is not."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from lsp_writer.errors import StorageError
from lsp_writer.folders import cache_folder


def require_space(folder: Path, size: int) -> None:
    """Raises StorageError unless `size` bytes are free where `folder` is or will be."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    if free < size:
        raise StorageError(
            f"This needs {size / 1e9:.1f} GB in {folder} while it runs, and {free / 1e9:.1f} GB are free. "
            f"Free some space{_or_elsewhere(folder)}."
        )


@contextlib.contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turns what the system says of the disk into one message; of `folder`, if it does not say where it was."""
    try:
        yield
    except OSError as error:
        # Of two names, as there are in copying, the second is that of what was to be written.
        place = error.filename2 or error.filename or folder
        raise StorageError(
            f"{place} cannot be written ({error.strerror or error}). Make room or check its "
            f"permissions{_or_elsewhere(Path(place))}, and run the command again."
        ) from error


@contextlib.contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Lets an error of the disk that does not say where it was, as few do of a full one, say `folder`."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(folder)
        raise


def _or_elsewhere(place: Path) -> str:
    """How the writer can have something else than `place` written to; empty if there is no way."""
    if not place.is_relative_to(cache_folder()):
        return ", or choose another folder with --data"
    # On Windows the cache has one place.
    return "" if sys.platform == "win32" else ", or set XDG_CACHE_HOME to another folder"
