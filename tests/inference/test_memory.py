from __future__ import annotations

import mmap
import sys
from pathlib import Path

import numpy as np
import pytest

from lsp_writer.inference.memory import give_back_read, unmap_large_blocks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets memory be given back in this way")


def resident(path: Path) -> int:
    """Kilobytes of the mapped file that are in memory."""
    _, _, entry = Path("/proc/self/smaps").read_text(encoding="utf-8").partition(str(path))
    return int(entry.partition("Rss:")[2].split()[0])


def test_what_was_read_of_a_file_leaves_memory_and_can_be_read_again(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.write_bytes(b"weights!" * 100_000)
    with weights.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        read = bytes(mapped)
        assert resident(weights) > 700
        give_back_read(tmp_path)
        assert resident(weights) == 0
        assert bytes(mapped) == read


def test_a_cache_that_is_freed_leaves_memory_even_after_another() -> None:
    """The C library kept the second one for later: 25 MB of a server that had given back a cache."""
    unmap_large_blocks()
    for _ in range(2):
        block = np.ones(24 << 20, np.uint8)
        full = _resident_of_all()
        del block
        assert full - _resident_of_all() > 20 << 10


def _resident_of_all() -> int:
    """Kilobytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4
