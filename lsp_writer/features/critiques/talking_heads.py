"""Long runs of speeches with nothing between them: voices without a room."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.speech_runs import Run, leads, speech_runs, told_words
from lsp_writer.features.critiques.story import Story
from lsp_writer.prose.span import Span
from lsp_writer.prose.speech_tags import final_mark

_LEAST = 10
# “said the boy”
_TAG_WORDS = 3
# One asks more than so many times as often as the other.
_QUESTIONING = 4
# One speech in so many breaks off.
_BROKEN_SHARE = 3
_DASHES = frozenset("—–-")
# One in so many is a single word, thrown back: “Stolen.” “My own seal.” “Imitated.”
_THROWN_SHARE = 6
_RETORT = re.compile(r"\W*(?:(?:yes|no|oh|well|but|and|why)\b\W*)*", re.IGNORECASE)


def talking_heads(story: Story) -> Iterator[Finding]:
    """Runs of ten speeches that say not even whose they are; a tag among them neither counts nor breaks the run."""
    for run in speech_runs(story, _TAG_WORDS):
        bare = sum(not told_words(paragraph.reading) for paragraph in run)
        if bare < _LEAST or _is_questioning(run) or _is_played(run):
            continue
        first, last = run[0], run[-1]
        yield Finding(
            Span(first.placed(first.reading.dialogue[0]).start, last.placed(last.reading.dialogue[-1]).end),
            CritiqueKind.TALKING_HEADS,
            f"{len(run)} speeches in a row, and nothing is seen or done between them.",
            "Try a gesture, a sound or a look at the room somewhere among them.",
        )


def _is_questioning(run: Run) -> bool:
    """Whether one questions the other throughout: an interview or a hearing, which needs no more than its words."""
    least, most = sorted(leads(run))
    return most > _QUESTIONING * max(least, 1)


def _is_played(run: Run) -> bool:
    """Whether the speeches are themselves the action: people who cut each other short, trade single words, or throw
    back each other's words (“You are.” “I ain’t.” “Yes you are.”), all meant to be bare."""
    readings = [paragraph.reading for paragraph in run]
    retorts = [_RETORT.sub("", reading.text.casefold(), count=1) for reading in readings]
    thrown = [retort for retort in retorts if " " in retort]
    if len(set(thrown)) < len(thrown):
        return True
    broken_off = sum(final_mark(reading.text, reading.dialogue[-1]) in _DASHES for reading in readings)
    single = sum(len(reading.words) == 1 for reading in readings)
    return broken_off * _BROKEN_SHARE >= len(run) or single * _THROWN_SHARE >= len(run)
