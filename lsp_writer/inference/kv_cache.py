"""Key-value caches and the tokens they hold, so that a prompt is read only from where it differs."""

from __future__ import annotations

from collections.abc import Sequence

from lsp_writer.inference.model import Cache, LanguageModel, Logits


class Lane:
    """One row of keys and values with the token ids behind them."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.token_ids: list[int] = []
        self._kept: tuple[int, Logits] | None = None

    @property
    def logits(self) -> Logits | None:
        """Those after the last token [vocabulary], if they were kept."""
        return self._kept[1] if self._kept and self._kept[0] == len(self.token_ids) else None

    def keep(self, logits: Logits) -> None:
        """Remember the `logits` [vocabulary] after the last token: the next letter of the word needs them again."""
        self._kept = len(self.token_ids), logits.copy()

    def common(self, token_ids: Sequence[int]) -> int:
        """Length of the longest common prefix."""
        for length, (held, wanted) in enumerate(zip(self.token_ids, token_ids, strict=False)):
            if held != wanted:
                return length
        return min(len(self.token_ids), len(token_ids))

    def rewind(self, length: int) -> None:
        if self._kept and self._kept[0] > length:
            self._kept = None
        del self.token_ids[length:]
        self.cache.length = length

    def append(self, token_ids: Sequence[int]) -> None:
        """Note tokens that a forward pass has added to the cache."""
        self.token_ids += token_ids
        assert self.cache.length == len(self.token_ids)


class Slot:
    """The lanes of one kind of job, allocated when first needed.

    More than one lane keeps more than one prefix: while the writer types behind one, the next is read ahead.
    """

    def __init__(self, model: LanguageModel, capacity: int, *, lanes: int = 1, step: int | None = None) -> None:
        """A lane holds up to `capacity` tokens: from the beginning, or in steps of `step` as they are needed."""
        self.capacity = capacity
        self._model = model
        self._most = lanes
        self._step = step or capacity
        self._lanes: list[Lane] = []  # most recently used last

    def release(self) -> bool:
        """Give the lanes back, if there are any. A job that has one keeps it to its end."""
        held = bool(self._lanes)
        self._lanes.clear()
        return held

    def rewound_to(self, token_ids: Sequence[int], tokens: int) -> Lane:
        """A lane rewound to what it shares with `token_ids`: the one that shares most, unless that would throw away
        more of it than it keeps; then a new one, or the one unused for longest. It has room for `tokens` in all."""
        size = min(-(-tokens // self._step) * self._step, self.capacity)
        lane = max(self._lanes, key=lambda lane: lane.common(token_ids), default=None)
        if lane is None or lane.common(token_ids) < len(lane.token_ids) / 2:
            full = len(self._lanes) == self._most
            lane = self._lanes[0] if full else Lane(self._model.new_cache(size))
        if lane in self._lanes:
            self._lanes.remove(lane)
        self._lanes.append(lane)
        lane.rewind(lane.common(token_ids))
        if lane.cache.capacity < size:
            lane.cache = self._model.fork(lane.cache, 1, size - lane.cache.length)
        return lane
