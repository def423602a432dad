"""Where this program keeps what is not the writer's own."""

from __future__ import annotations

import os
import uuid
from pathlib import Path


def data_folder() -> Path:
    """Where models and everything else of this program are kept: `$LSP_WRITER_DATA`, or the platform's place."""
    import platformdirs

    chosen = os.environ.get("LSP_WRITER_DATA")
    return Path(chosen) if chosen else platformdirs.user_data_path("lsp-writer", appauthor=False)


def cache_folder() -> Path:
    """Where an export downloads to: the platform's place."""
    import platformdirs

    return platformdirs.user_cache_path("lsp-writer", appauthor=False)


def write_whole(file: Path, content: bytes, *, private: bool = True) -> None:
    """Write `file`, in a folder that is made if need be. Whoever reads it meanwhile sees the old content or the new;
    what is `private` only the user can read. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    try:
        handle = os.open(
            new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600 if private else 0o666
        )
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)
        raise
