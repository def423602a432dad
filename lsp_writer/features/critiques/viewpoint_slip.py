"""A thought of somebody through whose eyes the story is not told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.story import Story
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.span import Span

# Nobody is sure to be the eyes of a story who is named less, or not so much more often than the next.
_LEAST_NAMED = 5
_TIMES_AS_OFTEN = 1.5
# Others' thoughts are slips while they are few; past this a story sees into everybody.
_MOST_SLIPS = 2
_SLIPS_A_SCENE = 0.2

_NAME = re.compile(r"\b(?P<name>[A-Z][a-z]+)(?:[’']s\b|(?=\s+[a-z]))")
_THINKS = re.compile(
    r"(?P<name>[A-Z][a-z]+)\s+(?:[a-z]+ly\s+|never\s+)?"
    r"(?:wondered|thought|knew|felt|remembered|realised|realized|hoped|wished|feared|believed|supposed)\b"
)
_NOBODY = word_set(
    """
    A All An And Any As But Each Every Everybody He Her His I It Its My No Nobody Nor One Or Our She So Some Somebody
    That The Their Then There These They This Those We What When Who You Your
    """
)


def viewpoint_slip(story: Story) -> Iterator[Finding]:
    eyes = _eyes(story)
    if eyes is None or story.sheet.viewpoint == "omniscient":
        return
    slips = [
        Finding(
            paragraph.placed(sentence),
            CritiqueKind.VIEWPOINT_SLIP,
            f"This is what {name} thinks, in a story told through {eyes}.",
            f"Try what {eyes} can see of it.",
        )
        for paragraph in story.paragraphs
        for sentence, name in _thoughts(paragraph.reading)
        if name != eyes
    ]
    if len(slips) <= max(_MOST_SLIPS, _SLIPS_A_SCENE * len(story.scenes)):
        yield from slips


def _eyes(story: Story) -> str | None:
    """Through whom the story is told, if one is named far oftener than everybody else."""
    named = Counter(
        match["name"]
        for paragraph in story.paragraphs
        for match in _NAME.finditer(paragraph.reading.narration)
        if match["name"] not in _NOBODY
    )
    (name, first), (_, second) = [*named.most_common(2), ("", 0), ("", 0)][:2]
    return name if first >= max(_LEAST_NAMED, _TIMES_AS_OFTEN * second) else None


def _thoughts(reading: Reading) -> Iterator[tuple[Span, str]]:
    """The sentences that open with somebody thinking."""
    for sentence in reading.sentences:
        thinks = _THINKS.match(reading.narration, sentence.start, sentence.end)
        if thinks and thinks["name"] not in _NOBODY:
            yield sentence, thinks["name"]
