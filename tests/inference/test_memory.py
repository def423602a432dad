from __future__ import annotations

import mmap
import sys
from pathlib import Path

import pytest

from lsp_writer.inference.memory import give_back_read

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
