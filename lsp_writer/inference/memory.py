"""Memory that the process still holds and needs no more. Only Linux lets it be given back in this way."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

_MADV_DONTNEED = 4
_M_MMAP_THRESHOLD = -3
# Larger than what one pass makes and drops, smaller than any cache.
_LARGE = 4 << 20


def unmap_large_blocks() -> None:
    """Have large blocks go back to the system as soon as they are freed. The C library would raise its limit by itself
    with the first cache that is freed, and keep the next ones for later."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "mallopt"):  # glibc's; musl has none
            libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)


def give_back_freed() -> None:
    """Return freed memory to the system. The C library would keep it for later: some 20 MB after a model was loaded."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "malloc_trim"):  # glibc's; musl has none
            libc.malloc_trim(0)


def give_back_read(folder: Path) -> None:
    """Let go of what was read of the files in `folder`, which are mapped into memory. ONNX Runtime has made copies of
    most of it in an order of its own; of the rest, pages come back from the file as they are used."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    start = f" {folder.resolve()}/"
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        if start in line:
            first, last = (int(address, 16) for address in line.split(maxsplit=1)[0].split("-"))
            libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), _MADV_DONTNEED)
