"""Sentences that a reader runs out of breath in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import UNSPACED

# Twenty-nine in thirty sentences of the novels measured are shorter.
_MOST_WORDS = 45
_MOST_UNSPACED = 90

_UNSPACED = re.compile(f"[{UNSPACED}]")
# Where a sentence may be parted: a semicolon, or a conjunction that a whole clause follows.
_CLAUSE = re.compile(
    r";\s+(?:(?:and|but|so|then)\s+)?\S+\s+\S+"
    r"|(?:[,—–]|--)\s*(?:and|but|so|then|for)\s+(?:I|he|she|it|they|we|you|there|this|his|her|their|my|the)\s+\S+"
)
_PHRASE = re.compile(r"(?:[,—–]|--)\s*(?:and|but|so|then|while|until|because)\s+\S+")


def over_long(reading: Reading) -> Iterator[Finding]:
    for sentence in reading.sentences:
        words = reading.words_of(sentence)
        limit = _MOST_UNSPACED if _UNSPACED.search(reading[sentence]) else _MOST_WORDS
        if len(words) <= limit or sum(1 for _ in reading.narrated(words)) < len(words) / 2:
            continue
        yield Finding(
            sentence,
            CritiqueKind.OVER_LONG,
            f"This sentence is {len(words)} words long; past {limit} a reader may lose its thread.",
            _suggestion(reading, sentence),
        )


def _suggestion(reading: Reading, sentence: Span) -> str:
    start, end = sentence.start, sentence.end
    middle = (start + end) // 2
    joints = next(
        filter(None, (list(joint.finditer(reading.narration, start, end)) for joint in (_CLAUSE, _PHRASE))), []
    )
    if not joints:
        return "Try saying its main point first, in a sentence of its own."
    nearest = min(joints, key=lambda joint: abs(joint.start() - middle))
    words = " ".join(nearest[0].lstrip(";,—–- ").split()).rstrip(",;")
    return f"Try a full stop before “{words}”."
