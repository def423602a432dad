"""Large pages for memory that is in use."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from lsp_writer.inference.large_pages import join_pages

pytestmark = pytest.mark.slow

MEGABYTE = 1 << 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems are left alone")
def test_memory_in_use_is_joined_and_memory_only_reserved_is_not_filled() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    used = np.ones(16 * MEGABYTE, np.uint8)
    reserved = np.empty(64 * MEGABYTE, np.uint8)
    before = resident()
    assert join_pages() >= 12 * MEGABYTE
    assert resident() - before < 16 * MEGABYTE
    assert used.all()
    assert len(reserved) == 64 * MEGABYTE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems are left alone")
def test_a_mapped_file_whose_name_is_not_utf_8(tmp_path: Path) -> None:
    """The model failed to load in a folder named in Latin-1."""
    path = os.fsencode(tmp_path) + b"/r\xe9cit"
    with open(path, "wb+") as file:  # noqa: PTH123  # a name that `Path` cannot show
        file.write(b"x")
        file.flush()
        with mmap.mmap(file.fileno(), 1):
            join_pages()


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(ctypes, "CDLL")
    assert join_pages() == 0
