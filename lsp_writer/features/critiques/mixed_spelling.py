"""A word in American spelling where the story is British, or the other way round."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.story import Story
from lsp_writer.prose.span import Span
from lsp_writer.prose.spelling import Variety, spelt

# Fewer words, or a smaller share of them, do not tell which spelling the story keeps.
_LEAST_WORDS = 3
_LEAST_SHARE = 0.65
# Slips are so few words, and of the words of a long book a tenth; "Tom Sawyer" has 24 beside 32, and keeps neither.
_SLIPS = 3
_SLIPS_OF_A_BOOK = 0.1
# Who writes a word so often so, and no oftener otherwise, means it: "judgment" in a British book.
_MEANT = 3

_VARIETIES: tuple[Variety, Variety] = ("british", "american")
# Both varieties write these: a story is held to what it does itself.
_GREY = re.compile(r"gr[ae]y")
_TOWARDS = re.compile(r"\b(?:to|after)wards?\b")


class _Place(NamedTuple):
    span: Span
    word: str
    variety: Variety
    otherwise: str
    #: Told by what the story does elsewhere, and not by its variety alone.
    is_loose: bool


def mixed_spelling(story: Story) -> Iterator[Finding]:
    places = [
        place._replace(span=paragraph.placed(place.span))
        for paragraph in story.paragraphs
        for place in paragraph.reading.derived(_places)
    ]
    kept = story.sheet.spelling or _kept([place for place in places if not place.is_loose])
    counts = Counter(place.word for place in places)
    for place in places:
        own, other = counts[place.word], counts[place.otherwise]
        if kept in (None, place.variety) or (place.is_loose and not other) or (own >= _MEANT and own >= other):
            continue
        yield Finding(
            place.span,
            CritiqueKind.MIXED_SPELLING,
            f"“{place.word}” is {place.variety.capitalize()} spelling, and the story’s is {kept.capitalize()}.",
            f"Try “{place.otherwise}”.",
            (place.otherwise,),
        )


def _places(reading: Reading) -> Sequence[_Place]:
    return tuple(_places_in(reading.text))


def _places_in(text: str) -> Iterator[_Place]:
    for found in spelt(text):
        # Britons may write "realize".
        if not found.oxford:
            word = text[found.span.start : found.span.end]
            yield _Place(found.span, word, found.variety, found.otherwise, bool(_GREY.match(word)))
    for match in _TOWARDS.finditer(text):
        span = Span(*match.span())
        if match[0].endswith("s"):
            yield _Place(span, match[0], "british", match[0][:-1], True)
        else:
            yield _Place(span, match[0], "american", f"{match[0]}s", True)


def _kept(places: Sequence[_Place]) -> Variety | None:
    """The spelling that most words of the story keep, of those that tell it for certain."""
    words = {variety: [place.word for place in places if place.variety == variety] for variety in _VARIETIES}
    for variety, other in (_VARIETIES, _VARIETIES[::-1]):
        if len(words[variety]) < max(_LEAST_WORDS, _LEAST_SHARE * len(places)):
            continue
        slips = len(set(words[other]))
        return variety if slips <= _SLIPS + _SLIPS_OF_A_BOOK * len(set(words[variety])) else None
    return None
