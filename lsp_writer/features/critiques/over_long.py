"""Sentences that a reader runs out of breath in: long, and without a place to rest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import UNSPACED, count_words

# Words on end without a pause longer than a comma's. A long sentence that rests on the way is easily followed: of 300
# past 45 words in the novels measured, a ninth goes on for so long.
_MOST_WORDS = 55
_MOST_UNSPACED = 90
# More commas than one in so many words: a list, which is clear at any length.
_LISTED = 5

_UNSPACED = re.compile(f"[{UNSPACED}]")
_PAUSE = re.compile(rf"[;:—–()；：…{SPOKEN}]|--")
# Where a sentence may be parted: a semicolon, or a conjunction that a whole clause follows for certain.
_CLAUSE = re.compile(
    r";\s+(?:(?:and|but|so|then)\s+)?\S+\s+\S+"
    r"|(?:[,—–]|--)\s*(?:and|but|so|then|for)\s+(?:I|he|she|it|they|we|you|there|this)\s+\S+"
)


def over_long(reading: Reading) -> Iterator[Finding]:
    for sentence in reading.sentences:
        limit = _MOST_UNSPACED if _UNSPACED.search(reading[sentence]) else _MOST_WORDS
        # No word has less than a letter and a space, or a character of an unspaced script.
        if len(sentence) < limit:
            continue
        stretch = max(_PAUSE.split(reading.narration[sentence.start : sentence.end]), key=len)
        words = count_words(stretch)
        if words <= limit or stretch.count(",") > words / _LISTED:
            continue
        yield Finding(
            sentence,
            CritiqueKind.OVER_LONG,
            f"This sentence goes on for {words} words with no pause but commas; a reader may lose its thread.",
            _suggestion(reading, sentence),
        )


def _suggestion(reading: Reading, sentence: Span) -> str:
    middle = (sentence.start + sentence.end) // 2
    joints = _CLAUSE.finditer(reading.narration, sentence.start, sentence.end)
    nearest = min(joints, key=lambda joint: abs(joint.start() - middle), default=None)
    if nearest is None:
        return "Try saying its main point first, in a sentence of its own."
    words = " ".join(nearest[0].lstrip(";,—–- ").split()).rstrip(",;")
    return f"Try a full stop before “{words}”."
