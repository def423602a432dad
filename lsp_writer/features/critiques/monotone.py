"""Sentences in a row of one length and one build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import UNSPACED_WORD

_LEAST_SENTENCES = 6
# Shorter ones are beaten out on purpose.
_LEAST_WORDS = 6
# Words that the longest of them has more than the shortest.
_SPREAD = 3

_PAUSE = re.compile(r"[,;:—–，；：、]|--")


class _Sentence(NamedTuple):
    span: Span
    words: int
    pauses: int


def monotone(reading: Reading) -> Iterator[Finding]:
    if len(reading.sentences) < _LEAST_SENTENCES:
        return
    run: list[_Sentence] = []
    for sentence in (*_measured(reading), None):
        if sentence is not None and _goes_with(run, sentence):
            run.append(sentence)
            continue
        if len(run) >= _LEAST_SENTENCES and not _is_list(reading, run):
            yield _finding(run)
        run = [sentence] if sentence is not None and sentence.words >= _LEAST_WORDS else []


def _measured(reading: Reading) -> Iterator[_Sentence]:
    for span in reading.sentences:
        told = reading.narration[span.start : span.end]
        words = 0 if SPOKEN in told else len(reading.words_of(span))
        yield _Sentence(span, words, len(_PAUSE.findall(told)))


def _goes_with(run: Sequence[_Sentence], sentence: _Sentence) -> bool:
    if not run or sentence.words < _LEAST_WORDS or sentence.pauses != run[0].pauses:
        return False
    lengths = [other.words for other in run]
    return max(*lengths, sentence.words) - min(*lengths, sentence.words) <= _SPREAD


def _is_list(reading: Reading, run: Sequence[_Sentence]) -> bool:
    """Whether the sentences are a list in a script without spaces, each beginning alike, as an enumeration does."""
    first = {reading.text[sentence.span.start] for sentence in run}
    return len(first) == 1 and bool(UNSPACED_WORD.match(first.pop()))


def _finding(run: Sequence[_Sentence]) -> Finding:
    return Finding(
        Span(run[0].span.start, run[-1].span.end),
        CritiqueKind.MONOTONE,
        f"{len(run)} sentences in a row have one length and one build.",
        "Try joining two of them, or cutting one to a few words.",
    )
