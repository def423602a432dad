from __future__ import annotations

import mmap
import sys
from pathlib import Path

import numpy as np
import pytest

from lsp_writer.inference import onnx_model
from lsp_writer.inference.manifest import default_model_folder
from lsp_writer.inference.memory import give_back_read, unmap_large_blocks
from lsp_writer.inference.opening import OpenedModel

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets memory be given back in this way")


def resident(path: Path) -> int:
    """Kilobytes of the mapped file that are in memory."""
    entries = Path("/proc/self/smaps").read_text(encoding="utf-8").split(f" {path}\n")[1:]
    return sum(int(entry.partition("Rss:")[2].split()[0]) for entry in entries)


def test_what_was_read_of_a_file_leaves_memory_and_can_be_read_again(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.write_bytes(b"weights!" * 100_000)
    with weights.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        read = bytes(mapped)
        assert resident(weights) > 700
        give_back_read(tmp_path)
        assert resident(weights) == 0
        assert bytes(mapped) == read


@pytest.mark.model
def test_the_embedding_does_not_come_to_stay(default_model: OpenedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an hour of writing the server had 23 MB of its file in memory that hardly anybody needed again."""
    model, weights = default_model.model, default_model.manifest.graph.file + ".data"
    monkeypatch.setattr(onnx_model, "_TOKENS_BETWEEN_GIVING_BACK", 10**9)
    everywhere = np.linspace(0, model.vocabulary_size - 1, 64, dtype=np.int64)[None]
    model.forward(everywhere, model.new_cache(64))
    assert resident(default_model_folder() / weights) > 1000
    monkeypatch.setattr(onnx_model, "_TOKENS_BETWEEN_GIVING_BACK", 1)
    model.forward(everywhere, model.new_cache(64))
    assert resident(default_model_folder() / weights) == 0


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
