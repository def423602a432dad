"""Predictable and awkward phrases, by how much each word surprises the model.

Every threshold is relative to the paragraph's own median: a plain style is not a string of clichés, and a rich one is
not awkward throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import msgspec

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.generation import TokenScore
from lsp_writer.prose.span import Span

# Fewer words than this have no median to speak of.
_FEWEST_WORDS = 12
# A cliché is a word that calls up three or more others: each below the first share of the median, together below the
# second.
_CALLED_UP = 3
_EXPECTED = 0.6
_EXPECTED_TOGETHER = 0.3
# An awkward word surprises by this many medians more than the word the model was sure of (more likely than not).
_AWKWARD = 2.5
_SURE = -1.3

_FUNCTION_WORDS = word_set(
    """
    a about after all am an and any are as at be been before but by can could did do does few for from had has
    have he her him his i if in into is it its just me might more must my no not of off on one or our out over
    own she should so some than that the their them then there these they this those to too up upon us very was
    we were what when where which who whom whose will with would yet you your
    """
)
# A rare noun surprises and is right; one of these surprises only where it is out of place.
_LITTLE_WORDS = word_set("a an and as at by for from in into of on than that the to with")


class ScoredWord(msgspec.Struct, frozen=True):
    """A word and its surprisal in nats. `best` is what the model would have begun instead, with its log-probability."""

    span: Span
    surprisal: float
    best: str
    best_log_probability: float


def predictable(reading: Reading, tokens: Sequence[TokenScore]) -> Iterator[Finding]:
    """Phrases whose end their beginning gives away."""
    words = _scored_words(reading, tokens)
    if len(words) < _FEWEST_WORDS:
        return
    usual = median(word.surprisal for word in words)
    for run in _expected_runs(words, usual):
        phrase = _trimmed(reading, run)
        called_up = phrase[1:]
        if len(called_up) < _CALLED_UP or sum(_tells(reading, word) for word in phrase) < 2:
            continue
        if sum(word.surprisal for word in called_up) > _EXPECTED_TOGETHER * usual * len(called_up):
            continue
        span = Span(phrase[0].span.start, phrase[-1].span.end)
        if SPOKEN in reading.narration[span.start : span.end]:
            continue
        yield Finding(
            span,
            CritiqueKind.PREDICTABLE,
            f"After “{reading[phrase[0].span]}” the model could tell the rest of “{' '.join(reading[span].split())}”.",
            "Try a detail that only this scene has.",
        )


def awkward(reading: Reading, tokens: Sequence[TokenScore]) -> Iterator[Finding]:
    """Words that stand where the model was sure of another one."""
    words = _scored_words(reading, tokens)
    if len(words) < _FEWEST_WORDS:
        return
    usual = median(word.surprisal for word in words)
    for word in words:
        text, best = reading.narration[word.span.start : word.span.end], word.best.strip()
        if text not in _LITTLE_WORDS or not best.isalpha():
            continue
        if word.best_log_probability < _SURE or word.surprisal + word.best_log_probability < _AWKWARD * usual:
            continue
        yield Finding(
            word.span,
            CritiqueKind.AWKWARD,
            f"“{text}” is far less usual here than the words around it.",
            f"Try reading it aloud; “{best}” is the usual word.",
        )


def _scored_words(reading: Reading, tokens: Sequence[TokenScore]) -> list[ScoredWord]:
    """The words that `tokens` cover wholly, each with the sum of its tokens."""
    scored: list[ScoredWord] = []
    index = 0
    for word in reading.words:
        while index < len(tokens) and tokens[index].end <= word.start:
            index += 1
        first = index
        while index < len(tokens) and tokens[index].start < word.end:
            index += 1
        own = tokens[first:index]
        if not own or own[-1].end < word.end or own[0].start > word.start:
            continue
        surprisal = -sum(token.log_probability for token in own)
        scored.append(ScoredWord(word, surprisal, own[0].best, own[0].best_log_probability))
    return scored


def _expected_runs(words: Sequence[ScoredWord], usual: float) -> Iterator[list[ScoredWord]]:
    """Each run of expected words, with the word that calls it up in front."""
    run: list[ScoredWord] = []
    for word in words:
        if run and word.surprisal <= _EXPECTED * usual:
            run.append(word)
            continue
        yield run
        run = [word]
    yield run


def _trimmed(reading: Reading, run: list[ScoredWord]) -> list[ScoredWord]:
    """`run` up to its last telling word, and not past the end of its clause."""
    for index, (word, following) in enumerate(pairwise(run)):
        if not reading.text[word.span.end : following.span.start].isspace():
            run = run[: index + 1]
            break
    while run and reading[run[-1].span].lower() in _FUNCTION_WORDS:
        run = run[:-1]
    return run


def _tells(reading: Reading, word: ScoredWord) -> bool:
    text = reading[word.span]
    return text.islower() and text not in _FUNCTION_WORDS
