"""The seam to a model: token ids in, logits out. The engine knows nothing else of ONNX Runtime."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

TokenIds = npt.NDArray[np.int64]
Logits = npt.NDArray[np.float32]


class Interrupted(Exception):
    """A forward pass was stopped from another thread. The cache's length is what it was before the pass."""


class Cache(Protocol):
    """Keys and values of a batch of rows that all hold `length` tokens. Rewinding is setting `length` lower."""

    length: int

    @property
    def batch(self) -> int: ...

    @property
    def capacity(self) -> int:
        """Tokens that fit in each row."""
        ...


class LanguageModel(Protocol):
    """A causal language model with full attention."""

    @property
    def vocabulary_size(self) -> int: ...

    @property
    def context_tokens(self) -> int:
        """The longest sequence the model was made for."""
        ...

    def new_cache(self, capacity: int, batch: int = 1) -> Cache: ...

    def fork(self, cache: Cache, batch: int, extra_tokens: int) -> Cache:
        """A new cache of `batch` rows, each a copy of the one row of `cache`, with room for `extra_tokens` more."""
        ...

    def forward(self, token_ids: TokenIds, cache: Cache, logits_to_keep: int = 1) -> Logits:
        """Append `token_ids` [batch, n] to `cache` and return the logits [batch, logits_to_keep, vocabulary] of the
        last `logits_to_keep` positions. The array is valid until the next call.

        Raises Interrupted if `interrupt` was called during the pass, and ValueError if the tokens do not fit.
        """
        ...

    def interrupt(self) -> None:
        """End the running forward pass, if there is one. May be called from any thread."""
        ...
