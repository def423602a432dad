"""What all processes that this program starts have in common."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from multiprocessing.context import SpawnContext

# Whatever else runs on the computer goes before.
_NICE = 19


def spawning() -> SpawnContext:
    """Spawned: a fork would hold the model's memory, and hangs where other threads hold locks."""
    # The server may have been started in the folder of a manuscript, and Python looks there first for what it imports:
    # nothing that a workspace contains may run.
    os.environ["PYTHONSAFEPATH"] = "1"
    return multiprocessing.get_context("spawn")


def behave() -> None:
    """Called first in the child."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the editor listens on standard output
    if hasattr(os, "nice"):
        os.nice(_NICE)
