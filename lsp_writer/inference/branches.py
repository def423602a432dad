"""Several rows that share a prefix, written one behind the other into the cache that they branch off.

Nothing is copied: each new token attends to the prefix and to its own branch, and an attention bias hides the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lsp_writer.inference.model import Cache

Slots = npt.NDArray[np.int64]


class Sight(NamedTuple):
    """Where the tokens of one pass stand, and what they may look at."""

    #: Tokens that the buffers hold before them.
    past: int
    #: Their places in the text [batch, n].
    positions: npt.NDArray[np.int64]
    #: [1, 1, n, past + n]: 0 where a token may look, minus infinity where not. The graph itself hides what comes later.
    bias: npt.NDArray[np.float32]


def plain_sight(batch: int, past: int, count: int) -> Sight:
    """Of `count` tokens in each row that follow `past` others and see them all."""
    positions = np.tile(np.arange(past, past + count), (batch, 1))
    return Sight(past, positions, np.zeros((1, 1, count, past + count), np.float32))


class Branches:
    """The rows' ancestry: which places of the trunk hold the tokens of each. The trunk's own length stays what it was;
    as soon as the trunk goes on, the branches are lost."""

    def __init__(self, trunk: Cache, batch: int) -> None:
        self._trunk = trunk
        self._prefix = trunk.length
        #: Places of the trunk in use, those of branches that were given up among them.
        self._taken = trunk.length
        #: [batch, tokens since the prefix]
        self._slots: Slots = np.empty((batch, 0), np.int64)

    @property
    def trunk(self) -> Cache:
        """Raises ValueError if it has gone on."""
        if self._trunk.length != self._prefix:
            raise ValueError(f"the trunk had {self._prefix} tokens and now has {self._trunk.length}")
        return self._trunk

    @property
    def batch(self) -> int:
        return len(self._slots)

    @property
    def length(self) -> int:
        return self._prefix + int(self._slots.shape[1])

    @length.setter
    def length(self, length: int) -> None:
        self._slots = self._slots[:, : length - self._prefix]

    @property
    def capacity(self) -> int:
        return self.length + (self._trunk.capacity - self._taken) // self.batch

    def select(self, rows: Sequence[int]) -> None:
        self._slots = self._slots[list(rows)]

    def grow(self, count: int) -> None:
        """Note that a pass has added `count` tokens to each row."""
        self._slots = self._grown(count)
        self._taken += self.batch * count

    def sight(self, count: int) -> Sight:
        """Of the next `count` tokens of every row, which a pass takes as one row."""
        positions = np.tile(np.arange(self.length, self.length + count), self.batch)
        return Sight(self._taken, positions[None], self._bias(count))

    def _bias(self, count: int) -> npt.NDArray[np.float32]:
        slots = self._grown(count)
        total = self._taken + self.batch * count
        bias = np.full((self.batch, count, total), -np.inf, np.float32)
        bias[:, :, : self._prefix] = 0
        for row, places in enumerate(slots):
            for column in range(count):
                bias[row, column, places[: places.size - count + column + 1]] = 0
        return bias.reshape(1, 1, -1, total)

    def _grown(self, count: int) -> Slots:
        new = self._taken + np.arange(self.batch * count).reshape(self.batch, count)
        return np.hstack([self._slots, new])
