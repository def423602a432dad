"""The seam to a model: token ids in, logits out. The engine knows nothing else of ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
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

    def select(self, rows: Sequence[int]) -> None:
        """Go on with these rows, in this order: one may be named more than once, or not at all."""
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
        """`batch` rows that all begin with the one row of `cache`, with room for `extra_tokens` more in each.

        They may be written into the room that `cache` has left, so they last only until it goes on; `cache` itself is
        as it was. If there is not room for all of them, they are a copy.
        """
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
