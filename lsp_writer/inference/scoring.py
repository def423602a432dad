"""How likely an existing text is, token by token."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from lsp_writer.generation import TokenScore
from lsp_writer.inference.model import Logits
from lsp_writer.inference.sampling import log_softmax
from lsp_writer.inference.vocabulary import Vocabulary


class RowScore(msgspec.Struct, frozen=True):
    """What one row of logits says of the token that follows it."""

    log_probability: float
    best_token: int
    best_log_probability: float


def score_rows(logits: Logits, token_ids: Sequence[int]) -> list[RowScore]:
    """One score for each row of `logits` [n, vocabulary] and the token that came next."""
    return [_score_row(row, token) for row, token in zip(logits, token_ids, strict=True)]


def _score_row(logits: Logits, token: int) -> RowScore:
    # A row at a time: copies of them all would take more memory than the text's keys and values.
    log_probabilities = log_softmax(logits)
    best = int(log_probabilities.argmax())
    return RowScore(float(log_probabilities[token]), best, float(log_probabilities[best]))


def locate(text: str, token_ids: Sequence[int], scores: Sequence[RowScore], vocabulary: Vocabulary) -> list[TokenScore]:
    """The scores with the span of each token in `text`. A token inside a character has an empty span at its end."""
    # For each byte of the text, how many code points end at or before it.
    ends = np.cumsum(np.concatenate([_ends(character) for character in text]))
    located: list[TokenScore] = []
    position = start = 0
    for token, score in zip(token_ids, scores, strict=True):
        position += len(vocabulary[token])
        end = int(ends[min(position, len(ends)) - 1]) if position else 0
        best = vocabulary[score.best_token].decode("utf-8", "replace")
        located.append(TokenScore(start, end, score.log_probability, best, score.best_log_probability))
        start = end
    return located


def _ends(character: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    size = len(character.encode("utf-8", "replace"))
    marks = np.zeros(size, dtype=np.int64)
    marks[-1] = 1
    return marks
