"""What a rewrite changes, sentence by sentence, so that a writer can take some of it and leave the rest."""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import word_spans

Op = Literal["keep", "cut", "add"]

# Two sentences that share less of their words than this are not the same sentence told anew.
_LEAST_LIKENESS = 0.3
# So many sentences to each side of where a sentence would stand if all were spread evenly, its likes are looked for.
_REACH = 60
# Where there are so few pairs to look at, all are.
_FEW_MEETINGS = 50_000
# Beyond so many words the differences of one sentence are not looked for word by word.
_MOST_TOKENS = 300
_BLANK_LINES = re.compile(r"\s*\n[^\S\n]*\n\s*")
# A word or a mark with the white space before it, so that words which are cut in a row are cut as one.
_TOKEN = re.compile(r"\s*(?:\w+(?:[’'\-‐‑]\w+)*|[^\w\s])|\s+\Z")


class Hunk(msgspec.Struct, frozen=True):
    """One change: `span` of the old text, in code points, becomes `new`.

    `words` is the same change for display: laid end to end, what is kept and cut is the old text of `span`, and what is
    kept and added is `new`.
    """

    span: Span
    new: str
    words: tuple[tuple[Op, str], ...]


class _Move(enum.IntEnum):
    """How the best alignment of some first sentences came of a smaller one."""

    PASS_OLD = 0
    PASS_NEW = 1
    PAIR = 2


def hunks_of(old: str, new: str) -> tuple[Hunk, ...]:
    """What makes `new` of `old`, in order and without overlaps. Sentences that say the same in other words are changed
    in one hunk each; what stands between two of those and has no like is one hunk, too."""
    olds, news = _sentences(old), _sentences(new)
    pairs = _pairs([old[span.start : span.end] for span in olds], [new[span.start : span.end] for span in news])
    here, there = Span(0, 0), Span(0, 0)
    hunks: list[Hunk | None] = []
    for first, second in (*((olds[i], news[j]) for i, j in pairs), (_end(old), _end(new))):
        # White space belongs to the sentence after it, so that a new sentence is a clean insertion.
        between, instead = old[here.end : first.start], new[there.end : second.start]
        same = _common_space(between, instead)
        hunks.append(_hunk(here.end, between[: len(between) - same], instead[: len(instead) - same]))
        hunks.append(_hunk(first.start, old[first.start : first.end], new[second.start : second.end]))
        here, there = first, second
    return tuple(hunk for hunk in hunks if hunk is not None)


def applied(old: str, hunks: Sequence[Hunk], chosen: Collection[int]) -> str:
    """`old` with those of its `hunks` whose places in the sequence are `chosen`."""
    parts, end = [], 0
    for number, hunk in enumerate(hunks):
        if number in chosen:
            parts += [old[end : hunk.span.start], hunk.new]
            end = hunk.span.end
    return "".join([*parts, old[end:]])


def _end(text: str) -> Span:
    return Span(len(text), len(text))


def _sentences(text: str) -> list[Span]:
    """The sentences of `text`, paragraph by paragraph, without the white space between them."""
    breaks = [0, *(place for blank in _BLANK_LINES.finditer(text) for place in blank.span()), len(text)]
    paragraphs = (Span(start, end) for start, end in pairwise(breaks) if text[start:end].strip())
    return [
        sentence.shift(paragraph.start)
        for paragraph in paragraphs
        for sentence in sentence_spans(text[paragraph.start : paragraph.end])
        if sentence
    ]


def _pairs(olds: Sequence[str], news: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which of `olds` and `news` are the same sentence, in order: equal ones first, and between those the likeliest."""
    matcher = difflib.SequenceMatcher(None, olds, news, autojunk=False)
    i = j = 0
    for block in matcher.get_matching_blocks():
        for left, right in _likest(olds[i : block.a], news[j : block.b]):
            yield i + left, j + right
        for step in range(block.size):
            yield block.a + step, block.b + step
        i, j = block.a + block.size, block.b + block.size


def _likest(olds: Sequence[str], news: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs in order whose likenesses add up to the most. In long texts only sentences near the diagonal meet, so that
    the work grows with the length and not with its square."""
    left, right = [_words(text) for text in olds], [_words(text) for text in news]
    reach = max(_REACH, _FEW_MEETINGS // (len(left) + 1))
    middles = [number * len(right) // max(len(left), 1) for number in range(len(left) + 1)]
    bands = [(max(middle - reach, 0), min(middle + reach, len(right))) for middle in middles]
    worth = [0.0] * (bands[0][1] + 1)
    moves: list[list[_Move]] = []
    for (before, before_last), (first, last), words in zip(bands, bands[1:], left, strict=False):
        row: list[tuple[float, _Move]] = []
        for j in range(first, last + 1):
            best = worth[min(j, before_last) - before], _Move.PASS_OLD
            if row and row[-1][0] > best[0]:
                best = row[-1][0], _Move.PASS_NEW
            likeness = _likeness(words, right[j - 1]) if j > before else 0.0
            if likeness >= _LEAST_LIKENESS and likeness + worth[min(j - 1, before_last) - before] > best[0]:
                best = likeness + worth[min(j - 1, before_last) - before], _Move.PAIR
            row.append(best)
        worth = [value for value, _ in row]
        moves.append([move for _, move in row])
    return _traced(moves, bands)


def _traced(moves: Sequence[Sequence[_Move]], bands: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs on the way that `moves` lead back. `moves[i]` belongs to `bands[i + 1]`."""
    pairs = []
    j = bands[-1][1]
    for i in reversed(range(len(moves))):
        first, last = bands[i + 1]
        j = min(j, last)
        while moves[i][j - first] == _Move.PASS_NEW:
            j -= 1
        if moves[i][j - first] == _Move.PAIR:
            j -= 1
            pairs.append((i, j))
    return pairs[::-1]


def _words(text: str) -> frozenset[str]:
    return frozenset(text[span.start : span.end].casefold() for span in word_spans(text))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of their words that two sentences have in common, from 0 to 1."""
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def _common_space(one: str, other: str) -> int:
    """The length of the white space that both end in."""
    most = min(len(one) - len(one.rstrip()), len(other) - len(other.rstrip()))
    return next((length for length in range(most, 0, -1) if one[-length:] == other[-length:]), 0)


def _hunk(start: int, old: str, new: str) -> Hunk | None:
    return None if old == new else Hunk(Span(start, start + len(old)), new, tuple(_diff(old, new)))


def _diff(old: str, new: str) -> Iterator[tuple[Op, str]]:
    olds, news = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(olds), len(news)) > _MOST_TOKENS:
        olds, news = [old], [new]
    matcher = difflib.SequenceMatcher(None, olds, news, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        cut, added = "".join(olds[a:b]), "".join(news[c:d])
        if cut == added:
            yield "keep", cut
            continue
        if cut:
            yield "cut", cut
        if added:
            yield "add", added
