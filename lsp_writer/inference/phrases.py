"""Phrases that are not to be said: which tokens would complete one, however the text is cut into tokens.

A phrase is whole words: "art" is not in "heart". That a longer word would have followed nobody knows when a token
comes, so where "artful" is spelled in two tokens, it goes with "art".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from lsp_writer.generation import Generate, Sampling
from lsp_writer.inference.sampling import Floats, discourage, rule_out
from lsp_writer.inference.vocabulary import Spelling, Vocabulary, fold, forms, is_in_word

Ids = npt.NDArray[np.int64]

# Bytes of the text before that are looked at, beyond four for each character of the longest phrase.
_SPARE = 32
# What `Vocabulary` makes of the bytes of an unfinished character.
_PARTS = "".join(map(chr, range(0xDC80, 0xDD00)))


class Phrases:
    """Some phrases, as the tokens of one vocabulary spell them."""

    def __init__(self, phrases: Iterable[str], spelling: Spelling) -> None:
        """Empty ones, and white space around them, do not count."""
        folded = sorted({fold(phrase).strip() for phrase in phrases} - {""})
        self._spelling = spelling
        self._longest = max(map(len, folded), default=0)
        # What is missing after each beginning of a phrase, the empty one among them.
        self._missing: dict[str, list[str]] = {}
        for phrase in folded:
            for length in range(len(phrase)):
                self._missing.setdefault(phrase[:length], []).append(phrase[length:])
        # Tokens that hold a phrase whole: behind anything, and only behind the end of a word.
        inside = [spelling.holding(phrase) for phrase in folded]
        self._always = _ids(*inside, *(spelling.ending(phrase) for phrase in folded if not is_in_word(phrase[0])))
        self._between_words = _ids(*(spelling.ending(phrase) for phrase in folded))
        # The tokens that complete each rest of a phrase, as far as they were asked for.
        self._ending: dict[str, Ids] = {}

    def completed_by(self, said: bytes) -> Ids:
        """Ids of the tokens that would complete a phrase after `said`. One may be named more than once."""
        text = fold(said[-4 * self._longest - _SPARE :].decode("utf-8", "surrogateescape"))
        whole = text.rstrip(_PARTS)
        part = text[len(whole) :].encode("utf-8", "surrogateescape")
        if part:
            rests = (other for rest in self._rests(whole, 0) for other in _after_part(part, rest))
            return _ids(*map(self._tokens, rests))
        starting = () if is_in_word(text[-1:]) else (self._between_words,)
        return _ids(self._always, *starting, *map(self._tokens, self._rests(text, 1)))

    def _rests(self, text: str, least: int) -> Iterator[str]:
        """What would complete the phrases of which `text` ends with at least so many characters."""
        for length in range(least, min(self._longest, len(text)) + 1):
            begun = text[len(text) - length :]
            before = text[: len(text) - length][-1:]
            for rest in self._missing.get(begun, ()):
                if not (is_in_word(before) and is_in_word((begun + rest)[0])):
                    yield rest
                    if begun.endswith(" "):
                        yield " " + rest  # white space may go on

    def _tokens(self, rest: str) -> Ids:
        if rest not in self._ending:
            self._ending[rest] = _ids(self._spelling.ending(rest))
        return self._ending[rest]


def _after_part(part: bytes, rest: str) -> Iterator[str]:
    """What is missing of `rest` where the bytes `part` of its first character have been said."""
    for form in forms(rest[0]):
        if (spelled := form.encode()).startswith(part):
            yield spelled[len(part) :].decode("utf-8", "surrogateescape") + rest[1:]


def _ids(*found: Iterable[int]) -> Ids:
    return np.fromiter((token for tokens in found for token in tokens), np.int64)


class Wording:
    """What a request says of phrases."""

    def __init__(self, sampling: Sampling, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._banned = Phrases(sampling.banned, vocabulary.spelling) if sampling.banned else None
        self._discouraged = Phrases(sampling.discouraged, vocabulary.spelling) if sampling.discouraged else None
        self._penalty = sampling.discouragement

    def applied(self, logits: Floats, said: bytes) -> Floats:
        """The `logits` [vocabulary] of the token after `said`."""
        if self._discouraged:
            logits = discourage(logits, self._discouraged.completed_by(said), self._penalty)
        if self._banned:
            logits = rule_out(logits, self._banned.completed_by(said))
        return logits

    def bans(self, token_ids: Iterable[int], said: bytes) -> bool:
        """Whether one of the tokens would complete a banned phrase, coming one by one after `said`."""
        for token in token_ids if self._banned else ():
            if self._banned and token in self._banned.completed_by(said):
                return True
            said += self._vocabulary[token]
        return False


def standing_before(request: Generate) -> bytes:
    """The text that the answer to `request` goes on from: nothing, unless an answer has begun or there is no chat."""
    last = request.prompt[-1]
    return last.text.encode("utf-8", "replace") if last.role in ("text", "assistant") else b""
