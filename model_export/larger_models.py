"""Larger models that are known to fit the graph builder, and what each takes to serve and to export."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Literal

import msgspec

from model_export.estimate import Estimate, estimate

Target = Literal["cpu", "cuda"]

#: int8 in blocks of 64 with a scale of 4 bytes each; fp16.
_BYTES_A_WEIGHT: dict[Target, float] = {"cpu": 1 + 4 / 64, "cuda": 2}
_BYTES_IN_CACHE: dict[Target, int] = {"cpu": 4, "cuda": 2}
# A graph for a card has no branches, so rows that grow side by side are copies of all that was read before them. Eight
# of a full typing prompt and a long word look for the next word, with the six that go on from them; four rewrites are
# written, with the three that are left when one has ended.
_COPIED_TOKENS = (8 + 6) * (3 * 672 - 160 + 120) + (4 + 3) * 2048
#: Tokens in the server's caches once each is full: two for typing, one for critiques, one for rewrites, and copies.
CACHED_TOKENS: dict[Target, int] = {
    "cpu": 2 * 672 + 512 + 2 * 2048,
    "cuda": 2 * 3 * 672 + 512 + 2 * 2048 + _COPIED_TOKENS,
}
#: The server itself.
_PROGRAM = 150_000_000
_BYTES_A_STORED_WEIGHT = 2


class LargerModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    #: On the Hugging Face Hub, and what it is called when it is installed.
    id: str
    name: str
    parameters: int
    licence: str
    #: Its makers want their conditions accepted before anybody downloads it.
    gated: bool
    languages: Literal["English", "multilingual", "Chinese and other languages"]
    context_tokens: int
    layers: int
    kv_heads: int
    head_size: int

    def memory(self, target: Target) -> int:
        """Bytes that serving it takes at most: its weights, full caches, and the server."""
        cached = 2 * self.layers * self.kv_heads * self.head_size * _BYTES_IN_CACHE[target]
        return self.weights(target) + cached * CACHED_TOKENS[target] + _PROGRAM

    def weights(self, target: Target) -> int:
        return int(self.parameters * _BYTES_A_WEIGHT[target])

    @property
    def download(self) -> int:
        return self.parameters * _BYTES_A_STORED_WEIGHT

    @property
    def export(self) -> Estimate:
        return estimate(self.parameters, self.download)


class _LargerModels(msgspec.Struct, frozen=True):
    model: tuple[LargerModel, ...]


@functools.cache
def larger_models() -> tuple[LargerModel, ...]:
    """From the smallest to the largest."""
    shipped = (files(__package__) / "larger_models.toml").read_bytes()
    return msgspec.toml.decode(shipped, type=_LargerModels).model
