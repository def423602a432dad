"""Large pages for what a decode step reads: all the weights, every time.

With pages of 4 KB the processor looks up an address for every 4 KB of a hundred and more megabytes, and its prefetching
stops at each page's end. Linux joins pages on its own only in memory that asks for it, and ONNX Runtime does not ask.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_PAGE = 4096
_LARGE_PAGE = 2 * 1024 * 1024
#: MADV_COLLAPSE, of Linux 6.1 and later.
_COLLAPSE = 25
#: Only what is mostly in use: joining fills the rest of a large page with memory that nobody wanted.
_LEAST_SHARE = 0.9
#: Memory of the process's own, which no file stands behind, that it may write to: "7f00-7f10 rw-p 0000 00:00 0".
_OWN_MEMORY = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p 0+ 00:00 0\s*(\[heap\])?$")


def join_pages() -> int:
    """Back this process's memory with large pages where that is possible, and say how many bytes it tried.

    Takes about a second for a gigabyte. Does nothing where the system does not offer it.
    """
    if not sys.platform.startswith("linux"):
        return 0
    libc = ctypes.CDLL(None)
    tried = 0
    for address in _places():
        if _share_in_use(libc, address) >= _LEAST_SHARE:
            libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(_LARGE_PAGE), _COLLAPSE)
            tried += _LARGE_PAGE
    return tried


def _places() -> Iterator[int]:
    """Addresses at which a large page could lie."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        if memory := _OWN_MEMORY.match(line):
            start, end = int(memory[1], 16), int(memory[2], 16)
            yield from range(-(-start // _LARGE_PAGE) * _LARGE_PAGE, end - _LARGE_PAGE + 1, _LARGE_PAGE)


def _share_in_use(libc: ctypes.CDLL, address: int) -> float:
    pages = (ctypes.c_ubyte * (_LARGE_PAGE // _PAGE))()
    if libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(_LARGE_PAGE), pages):
        return 0.0  # it was given back meanwhile
    return sum(page & 1 for page in pages) / len(pages)
