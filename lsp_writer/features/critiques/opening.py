"""Sentences in a row that begin with the same word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.span import Span

# The fourth is heard; three in a row are in every chapter.
_HEARD = 4
# The noun behind these is what the ear takes for the beginning.
_ARTICLES = word_set("the a an")


def opening(reading: Reading) -> Iterator[Finding]:
    openings = [_opening(reading, sentence) for sentence in reading.sentences]
    for word, run in groupby(openings, key=lambda words: reading[words[0]].lower() if words else ""):
        same = [words for words in run if words]
        if len(same) < _HEARD or word in _ARTICLES or _is_anaphora(reading, same):
            continue
        span = same[_HEARD - 1][0]
        yield Finding(
            span,
            CritiqueKind.OPENING,
            f"{len(same)} sentences in a row begin with “{reading[span]}”.",
            "Try beginning one with its action, its place or its time.",
        )


def _opening(reading: Reading, sentence: Span) -> Sequence[Span]:
    """The first two words of a narrated sentence."""
    if reading.narration[sentence.start] == SPOKEN:
        return ()
    return list(reading.narrated(reading.words_of(sentence)[:2]))


def _is_anaphora(reading: Reading, run: Sequence[Sequence[Span]]) -> bool:
    """Whether the sentences begin with the same two words, which is meant to be heard."""
    second = [reading[words[1]].lower() for words in run if len(words) > 1]
    return len(set(second)) <= len(run) // 2
