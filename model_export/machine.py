"""What this machine has that decides which model it can run."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from lsp_writer.errors import DeviceUnavailable
from lsp_writer.inference.graphics_card import GraphicsCard, find_graphics_card
from lsp_writer.inference.installed import look_at
from lsp_writer.inference.manifest import DEFAULT_MODEL


@dataclass(frozen=True)
class Machine:
    """Sizes in bytes."""

    #: 0 if the system does not say.
    memory: int
    #: Free where models are kept.
    disk: int
    card: GraphicsCard | None
    #: For the writer: why the card there is will not be used. Empty when there is nothing to say.
    card_fault: str = ""
    #: Tokens that the default model wrote a second where it was exported, usually here; 0 if it was not measured.
    default_speed: float = 0.0

    def __str__(self) -> str:
        memory = f"{self.memory / 1024**3:.0f} GB of memory" if self.memory else "memory unknown"
        card = str(self.card) if self.card else "no NVIDIA card"
        return f"{memory}, {card}, {self.disk / 1024**3:.0f} GB free on the disk"


def look_at_machine(models: Path) -> Machine:
    """This machine, with models kept in `models`. Raises OSError if the disk cannot be looked at."""
    existing = next(folder for folder in (models, *models.parents) if folder.exists())
    card, fault = None, ""
    try:
        card = find_graphics_card()
    except DeviceUnavailable as error:
        fault = str(error)
    if card is not None and card.too_old:
        card, fault = None, f"{card} is not used: its driver is too old. Install the newest driver."
    kept = look_at(models / DEFAULT_MODEL).kept
    speed = kept.decode_tokens_per_second if kept else 0.0
    return Machine(_memory(), shutil.disk_usage(existing).free, card, fault, speed)


def _memory() -> int:
    """Bytes of this machine's memory; 0 if unknown."""
    if sys.platform == "win32":
        return _memory_of_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def _memory_of_windows() -> int:
    import ctypes

    class MemoryStatus(ctypes.Structure):
        """MEMORYSTATUSEX of the Windows API."""

        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("rest", ctypes.c_ulonglong * 6),
        )

    status = MemoryStatus(length=ctypes.sizeof(MemoryStatus))
    known = getattr(ctypes, "windll").kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # noqa: B009 - only there on Windows
    return int(status.total) if known else 0
