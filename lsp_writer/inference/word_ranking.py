"""The words that may come next: a bounded beam over whole words.

A token that spells a word may be only the beginning of one (" Mar", " wasn"). So the best paths are read side by side,
and a word is as probable as its tokens, and then something that ends it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lsp_writer.generation import RankedWord, RankedWords
from lsp_writer.inference.model import Logits
from lsp_writer.inference.sampling import log_softmax, log_sum, only
from lsp_writer.inference.vocabulary import MARKS, UNSPACED, Vocabulary

# How many paths the first passes read. Eight cost some four times what one costs. Later passes follow only what the
# continuation itself needs, and cost no more than decoding it.
_WIDTHS = (8, 6, 4)
# How much less probable than the best a path may be to be worth reading, in natural logarithms. A writer who asks for
# several continuations has more patience.
_WORST = 5.0
_WORST_OF_SEVERAL = 9.0
# The same for a word to be worth a line in a menu: what is left are beginnings of words.
_WORST_LISTED = 7.0
# Tokens of one row that are looked at.
_CONSIDERED = 32
#: Tokens read at most, for a word that has no end.
MOST_TOKENS = 120

_BLANK = re.compile(r"\s*")
_WORD = re.compile(rf"\s*[^\W\d_{UNSPACED}](?:[^\W{UNSPACED}]|['’{MARKS}])*")
_UNSPACED_WORD = re.compile(rf"\s*[{UNSPACED}]+")


class Start(NamedTuple):
    """The first tokens of a continuation, each with the natural logarithm of its probability."""

    token_ids: tuple[int, ...] = ()
    log_probabilities: tuple[float, ...] = ()

    @property
    def log_probability(self) -> float:
        return sum(self.log_probabilities)

    def then(self, token: int, log_probability: float) -> Start:
        return Start((*self.token_ids, token), (*self.log_probabilities, log_probability))

    def given(self, log_probability: float) -> Start:
        """The same, when something of this probability is known to come true by the first token."""
        first, *others = self.log_probabilities
        return Start(self.token_ids, (first - log_probability, *others))


class Path(NamedTuple):
    """An unfinished word."""

    start: Start
    spelled: bytes
    #: The row of the last pass behind which its last token is to be read.
    row: int

    @property
    def log_probability(self) -> float:
        return self.start.log_probability


class _Finished(NamedTuple):
    start: Start
    #: Of the word, however it is made of tokens.
    log_probability: float


class WordBeam:
    """Finds the most probable ways to go on by one word, beginning with what is typed.

    While there are `paths`, have the last token of each read behind the row that it names, and call `grow`.
    """

    def __init__(self, typed: str, vocabulary: Vocabulary, logits: Logits, starts: int = 1) -> None:
        """`logits` [vocabulary] are those after the prompt; `starts` continuations are wanted."""
        self._typed = typed.encode("utf-8", "replace")
        self._word_typed = typed.strip()
        self._vocabulary = vocabulary
        self._wanted = starts
        self._finished: dict[str, _Finished] = {}
        self._passes = 0
        self._read = 0
        # How probable it is that what is typed comes next, however it is made of tokens. Natural logarithm.
        self._probability_typed = -np.inf if typed else 0.0
        root = Path(Start(), b"", 0)
        self.paths = [root]
        after = log_softmax(logits)
        self._extend([self._agreeing(root, after, self._typed) if typed else after])

    def grow(self, logits: Logits) -> None:
        """Go on from `logits` [paths, vocabulary], those after the last token of each path."""
        self._passes += 1
        self._read += len(self.paths)
        self._extend([self._inside_word(path, log_softmax(row)) for path, row in zip(self.paths, logits, strict=True)])

    def starts(self) -> list[Start]:
        """Beginnings that differ in their first word, most probable first. Each holds the tokens of its word and one
        that ends it."""
        return [found.start.given(self._probability_typed) for _, found in self._ranking()[: self._wanted]]

    def ranked(self, most: int) -> RankedWords:
        """At most `most` whole words, most probable first, without one that is typed to its end."""
        ranking = self._ranking()
        words = [
            RankedWord(text, min(found.log_probability - self._probability_typed, 0.0))
            for text, found in ranking
            if found.log_probability > ranking[0][1].log_probability - _WORST_LISTED
            and text not in ("", self._word_typed)
            and _first_word(text) == text
        ]
        return RankedWords(tuple(words[:most]), leading=bool(words) and words[0].text == ranking[0][0])

    def _ranking(self) -> list[tuple[str, _Finished]]:
        return sorted(self._finished.items(), key=lambda item: -item[1].log_probability)

    def _inside_word(self, path: Path, after: Logits) -> Logits:
        """What may follow inside the word of `path`, out of the log-probabilities `after` [vocabulary]. The word is
        finished with what may not."""
        if rest := self._typed[len(path.spelled) :]:
            return self._agreeing(path, after, rest)
        ends = self._vocabulary.word_ends
        if _WORD.fullmatch(_whole(path.spelled)):
            self._end_word(path, after[ends], ends)
        after[ends] = -np.inf
        return after

    def _agreeing(self, path: Path, after: Logits, rest: bytes) -> Logits:
        """What of `after` agrees with the `rest` of what is typed."""
        used_up = log_sum(after[self._vocabulary.beginning_with(rest)])
        self._probability_typed = float(np.logaddexp(self._probability_typed, path.log_probability + used_up))
        return only(after, self._vocabulary.agreeing(rest))

    def _extend(self, after: Sequence[Logits]) -> None:
        """Let the paths go on by the tokens that are worth it. `after` has log-probabilities [vocabulary] for each."""
        before, self.paths = self.paths, []
        best = max(path.log_probability + float(row.max()) for path, row in zip(before, after, strict=True))
        width, floor = self._limits(best)
        found = [
            Path(path.start.then(int(token), float(row[token])), path.spelled + self._vocabulary[int(token)], number)
            for number, (path, row) in enumerate(zip(before, after, strict=True))
            for token in _likeliest(row, floor - path.log_probability)
        ]
        for path in sorted(found, key=lambda path: -path.log_probability):
            if len(self.paths) == width:
                break
            if self._may_go_on(path):
                self.paths.append(path)
            else:
                self._finish(path, path.start, path.log_probability)

    def _limits(self, best: float) -> tuple[int, float]:
        """How many paths to read next, and the log-probability that each must be above. `best` is that of the best."""
        finished = sorted((found.log_probability for found in self._finished.values()), reverse=True)
        if self._passes < len(_WIDTHS):
            worst = _WORST if self._wanted == 1 else _WORST_OF_SEVERAL
            return max(_WIDTHS[self._passes], self._wanted), max([best, *finished[:1]]) - worst
        width = self._wanted if self._read + self._wanted <= MOST_TOKENS else 0
        return width, finished[self._wanted - 1] if len(finished) >= self._wanted else -np.inf

    def _may_go_on(self, path: Path) -> bool:
        """Whether more may follow: not after a mark, nor after a character of a script that has no spaces."""
        if not self._vocabulary[path.start.token_ids[-1]]:
            return False
        text = _whole(path.spelled)
        typed = len(path.spelled) >= len(self._typed)
        return bool(not typed or not text or _BLANK.fullmatch(text) or _WORD.fullmatch(text))

    def _end_word(self, path: Path, after: Logits, ends: npt.NDArray[np.int64]) -> None:
        """`after` are the log-probabilities of the tokens `ends`, each of which ends the word."""
        best = int(after.argmax())
        start = path.start.then(int(ends[best]), float(after[best]))
        self._finish(path, start, path.log_probability + log_sum(after))

    def _finish(self, path: Path, start: Start, log_probability: float) -> None:
        text = _whole(path.spelled)
        word = _first_word(text)
        unquoted = word.rstrip("'’")
        known_as = (unquoted if len(unquoted) >= len(self._word_typed) else word) or text.strip()
        other = self._finished.get(known_as)
        if other is None:
            self._finished[known_as] = _Finished(start, log_probability)
            return
        better = start if log_probability > other.log_probability else other.start
        self._finished[known_as] = _Finished(better, float(np.logaddexp(log_probability, other.log_probability)))


def _first_word(text: str) -> str:
    """The word that `text` begins with, if it does."""
    found = _WORD.match(text) or _UNSPACED_WORD.match(text)
    return found[0].strip() if found else ""


def _likeliest(row: Logits, floor: float) -> npt.NDArray[np.int64]:
    """Some of the most probable tokens, all above `floor`."""
    ids = np.flatnonzero(row > floor)
    return ids if ids.size <= _CONSIDERED else ids[np.argpartition(-row[ids], _CONSIDERED)[:_CONSIDERED]]


def _whole(spelled: bytes) -> str:
    """The text, or nothing while its last character is incomplete."""
    try:
        return spelled.decode()
    except UnicodeDecodeError:
        return ""
