"""A language model without weights: it knows one text by heart, and its tokens are bytes.

It is a real causal model as far as the engine can tell: what it predicts depends only on the tokens in the cache, so
a wrong rewind or a mixed-up row shows as wrong text.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence

import numpy as np

from lsp_writer.generation import Segment
from lsp_writer.inference.model import Cache, Interrupted, Logits, TokenIds
from lsp_writer.inference.vocabulary import Vocabulary

END = 256
START = 257
VOCABULARY = 258


class ScriptedCache:
    def __init__(self, capacity: int, batch: int, trunk: ScriptedCache | None = None) -> None:
        """A fork has a trunk, and is lost when that goes on."""
        self.length: int = trunk.length if trunk else 0
        self.trunk = trunk
        self.trunk_length = self.length
        self.capacity = capacity
        self.batch = batch
        self.tokens = np.zeros((batch, capacity), dtype=np.int64)

    def select(self, rows: Sequence[int]) -> None:
        self.tokens = self.tokens[list(rows)]
        self.batch = len(rows)


class ScriptedModel:
    """Continues any context with what follows its longest suffix in `book`, and ends the text where the book ends.

    `alternatives` are next-best bytes everywhere, best first. `passes` records how many tokens each forward pass read.
    """

    context_tokens = 8192

    def __init__(
        self,
        book: str,
        alternatives: str = "",
        before_pass: Callable[[], None] | None = None,
        vocabulary_size: int = VOCABULARY,
    ) -> None:
        self.vocabulary_size = vocabulary_size
        self.book = book.encode()
        self.alternatives = alternatives.encode()
        self.passes: list[tuple[int, int]] = []
        self._before_pass = before_pass
        self._interrupted = threading.Event()

    def new_cache(self, capacity: int, batch: int = 1) -> ScriptedCache:
        return ScriptedCache(capacity, batch)

    def fork(self, cache: Cache, batch: int, extra_tokens: int) -> ScriptedCache:
        assert isinstance(cache, ScriptedCache)
        fork = ScriptedCache(cache.length + extra_tokens, batch, cache)
        fork.tokens[:, : cache.length] = cache.tokens[0, : cache.length]
        return fork

    def interrupt(self) -> None:
        self._interrupted.set()

    def forward(self, token_ids: TokenIds, cache: Cache, logits_to_keep: int = 1) -> Logits:
        assert isinstance(cache, ScriptedCache)
        if cache.length + token_ids.shape[1] > cache.capacity:
            raise ValueError("the tokens do not fit")
        if cache.trunk and cache.trunk.length != cache.trunk_length:
            raise ValueError("the fork's trunk has gone on")
        self._interrupted.clear()
        if self._before_pass:
            self._before_pass()
        if self._interrupted.is_set():
            raise Interrupted
        self.passes.append((token_ids.shape[0], token_ids.shape[1]))
        end = cache.length + token_ids.shape[1]
        cache.tokens[:, cache.length : end] = token_ids
        cache.length = end
        return np.stack(
            [
                np.stack([self._predict(row[:position]) for position in range(end - logits_to_keep + 1, end + 1)])
                for row in cache.tokens
            ]
        )

    def _predict(self, tokens: TokenIds) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        logits = np.zeros(self.vocabulary_size, dtype=np.float32)
        for rank, byte in enumerate(self.alternatives):
            logits[byte] = 8.0 - rank
        logits[self._next(bytes(int(token) for token in tokens if token < END))] = 12.0
        return logits

    def _next(self, context: bytes) -> int:
        for length in range(min(len(context), len(self.book)), -1, -1):
            at = self.book.find(context[len(context) - length :]) if length else 0
            if at >= 0:
                after = at + length
                return self.book[after] if after < len(self.book) else END
        return END


class ByteTokenizer:
    """One token a byte, and one for each of `words`; chat segments are set off by their role's name."""

    def __init__(self, words: Sequence[str] = (), beginning_ids: Sequence[int] = ()) -> None:
        self._words = {word: VOCABULARY + number for number, word in enumerate(words)}
        spelled = [bytes([byte]) for byte in range(256)] + [b"", b""]
        self.vocabulary = Vocabulary([*spelled, *(word.encode() for word in words)])
        self.beginning_ids = tuple(beginning_ids)
        self.start_ids = (START,)
        self.end_ids = frozenset({END})

    def encode(self, text: str) -> list[int]:
        ids: list[int] = []
        for piece in re.findall(r"\s?\w+|.", text, re.DOTALL) if self._words else [text]:
            ids += [self._words[piece]] if piece in self._words else piece.encode("utf-8", "replace")
        return ids

    def encode_prompt(self, prompt: Sequence[Segment]) -> list[int]:
        if all(segment.role == "text" for segment in prompt):
            return [*self.beginning_ids, *self.encode("".join(segment.text for segment in prompt))]
        return [*self.beginning_ids, *self.encode("".join(f"[{segment.role}]{segment.text}" for segment in prompt))]
