"""Whether memory stays flat over many rewrites: one model, two hundred commissions of every kind in turn.

The figure is the program's resident memory in the last quarter of the rewrites against that in the first, the median of
each. It comes from /proc, so Linux alone has it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import statistics
import sys
from pathlib import Path

from benchmarks.report import finish
from lsp_writer.composition import running_model
from lsp_writer.errors import RevisionRejected
from lsp_writer.features.revision.commission import Commission
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.revise import revise
from lsp_writer.features.revision.target import target_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from lsp_writer.settings import MachineSettings

_REWRITES = 200
_ENTRIES = ("expand", "condense", "copy-edit", "british", "continue", "noir", "haiku", "names")
_STORY = Path(__file__).parents[1] / "samples" / "lighthouse.md"


def main() -> None:
    asyncio.run(_measure(20 if "--quick" in sys.argv[1:] else _REWRITES))


async def _measure(rewrites: int) -> None:
    text = _STORY.read_text(encoding="utf-8")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text))
    places = [start + 1 for start in range(len(text)) if text.startswith("\n\n", start - 1) and start]
    resident: list[float] = []
    async with running_model(MachineSettings()) as model:
        rounds = zip(range(rewrites), itertools.cycle(_ENTRIES), itertools.cycle(places), strict=False)
        for number, name, place in rounds:
            entry = shipped().find(name)
            target = target_of(manuscript, Span(place, place), entry)
            if target is not None:
                with contextlib.suppress(RevisionRejected):
                    await revise(model, manuscript, target, Commission(entry=entry, seed=number), lambda _: None)
            resident.append(_resident())
            if number % 20 == 19:
                print(f"{number + 1} rewrites: {resident[-1]:.0f} MB", flush=True)
    quarter = len(resident) // 4
    first, last = (statistics.median(part) for part in (resident[:quarter], resident[-quarter:]))
    finish(
        {
            "rewrites": rewrites,
            "first_quarter_mb": round(first),
            "last_quarter_mb": round(last),
            "growth": round(last / first, 3),
        }
    )


def _resident() -> float:
    """Megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
