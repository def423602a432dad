"""Runs of speeches in which a reader loses count of who speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.speech_runs import Run, leads, speech_runs
from lsp_writer.features.critiques.story import Story
from lsp_writer.features.critiques.talking_heads import talking_heads
from lsp_writer.prose.span import Span

# A reader loses count at the sixth; ten are talking heads, or a scene that is meant to be bare.
_LEAST = 6
_RUN = range(_LEAST, 10)
# One asks so many times as often as the other, which tells the two apart.
_ASKS_MOST = 3
# “Yes, Tom.” “Tom, come here!” “What is it, sir?” “I’m Tom.”
_ADDRESS = re.compile(
    r",\s(?:(?:my|old|dear|young)\s)*(?:[A-Z][\w.]+(?:\s[A-Z]\w+)?|sir|madam|ma'am|ma’am|miss|boy|lad|girl|child"
    r"|fellow|friend|love|darling|mother|father)[,.!?—-]"
    r"|(?:\A|[.!?]\s)[\"“‘'«]*(?!(?:Well|Yes|No|Oh|Ah|Why|Now|Come|Then|Say|Nay|Pooh|Hum|So|But|And|Look|Please)\b)"
    r"[A-Z]\w+,\s|\bI(?:['’]m|\sam)\s[A-Z]"
)
# One who tells the other what to do is known by it.
_ORDERS = re.compile(r"\byou\s(?:must|are\sto|will|shall)\b", re.IGNORECASE)
_ORDERS_TWICE = 2


def unattributed(story: Story) -> Iterator[Finding]:
    heads = [finding.span for finding in talking_heads(story)]
    for run in speech_runs(story, 0):
        if len(run) not in _RUN or _tells_itself(run[:_LEAST]):
            continue
        lost = run[_LEAST - 1]
        span = lost.placed(Span(0, len(lost.reading.text)))
        if any(span.overlaps(head) for head in heads):
            continue
        yield Finding(
            span,
            CritiqueKind.UNATTRIBUTED,
            f"{_LEAST} speeches in a row, and none of them says whose it is.",
            "Try a tag here, or something that the speaker does.",
        )


def _tells_itself(run: Run) -> bool:
    """Whether a reader keeps count without a tag: somebody is named, or it is always the same who asks
    or gives orders."""
    least, most = sorted(leads(run))
    if most > 1 and most >= _ASKS_MOST * least:
        return True
    orders = [bool(_ORDERS.search(paragraph.reading.text)) for paragraph in run]
    fewer, more = sorted((sum(orders[::2]), sum(orders[1::2])))
    if more >= _ORDERS_TWICE and not fewer:
        return True
    return any(_ADDRESS.search(paragraph.reading.text) for paragraph in run)
