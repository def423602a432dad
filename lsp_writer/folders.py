"""Where this program keeps what is not the writer's own."""

from __future__ import annotations

import os
import tempfile
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


def write_whole(file: Path, content: bytes) -> None:
    """Write `file`, in a folder that is made if need be. Whoever reads it meanwhile sees the old content or the new.
    Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
