"""Memory between the steps of an export."""

from __future__ import annotations

import gc

from lsp_writer.inference.memory import give_back_freed


def give_back() -> None:
    """Free what the libraries leave behind, whole models in cycles: what comes next may need as much memory again."""
    gc.collect()
    give_back_freed()
