"""The words that may come next, from the same logits that the continuation starts with."""

from __future__ import annotations

import re

import numpy as np

from lsp_writer.generation import Generate, RankedWord, RankedWords
from lsp_writer.inference.decoding import Row
from lsp_writer.inference.model import Logits
from lsp_writer.inference.sampling import log_softmax, only
from lsp_writer.inference.vocabulary import Vocabulary

_WORD = re.compile(r"\s*([^\W\d_](?:[\w'’-]*\w)?)")
_NO_WORD = re.compile(r"\s*[^\s\w]")
# Tokens looked at, and how much less probable than the best a word may be and still be worth a line in a menu.
_TOKENS = 100
_WORST = 7.0


class WordRanking:
    """Words that one token spells, waiting for the first word of the continuation, which may take several."""

    def __init__(self, typed: str, most: int, words: list[RankedWord], start: str) -> None:
        """`start` is what the most probable token of all spells."""
        self._typed = typed
        self._most = most
        self._start = start
        self._words = words

    def with_first_word_of(self, row: Row) -> RankedWords | None:
        """The ranking with the continuation's own first word at its head, once that word is complete."""
        text = self._typed + row.text
        match = _WORD.match(text)
        if not row.reason and not _NO_WORD.match(text) and (match is None or match.end() == len(text)):
            return None
        words = self._words
        if match and match[1] != self._typed.strip():
            first = RankedWord(match[1], row.log_probability_of(match.end() - len(self._typed)))
            # What its first token spells may be only the beginning of that word.
            words = [first, *(word for word in words if word.text not in {match[1], self._start})]
        return RankedWords(tuple(words[: self._most]))


def rank_words(request: Generate, vocabulary: Vocabulary, logits: Logits) -> WordRanking:
    """Words spelled by one token that agree with what is typed, most probable first. `logits` is [vocabulary]."""
    if request.typed:
        logits = only(logits, vocabulary.agreeing(request.typed.encode("utf-8", "replace")))
    log_probabilities = log_softmax(logits)
    best = np.argsort(-log_probabilities)[:_TOKENS]
    words: dict[str, RankedWord] = {}
    for token in best:
        log_probability = float(log_probabilities[token])
        text = vocabulary[int(token)].decode("utf-8", "ignore")
        match = _WORD.fullmatch(text)
        if log_probability < float(log_probabilities[best[0]]) - _WORST:
            break
        if match and text.startswith(request.typed) and text != request.typed and (request.typed or text == match[1]):
            words.setdefault(match[1], RankedWord(match[1], log_probability))
    start = vocabulary[int(best[0])].decode("utf-8", "ignore").strip()
    return WordRanking(request.typed, request.words, list(words.values()), start)
