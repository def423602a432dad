"""Where this program keeps what is not the writer's own."""

from __future__ import annotations

import os
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
