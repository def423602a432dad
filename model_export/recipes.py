"""The precisions that are tried for a model, from the smallest to the safest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lsp_writer.errors import ExportFailed

Target = Literal["cpu", "cuda"]
Precision = Literal["int4", "int8", "fp16", "fp32"]


@dataclass(frozen=True)
class Recipe:
    """How the matrices of a graph are stored. `bits` is that of most; the most sensitive ones have 8 at least."""

    precision: Precision
    #: 0: as the graph has them.
    bits: int
    #: Weights that share a scale; a smaller block is nearer to the source, and slower.
    block: int
    #: Than the smaller ones before it: whether unpacking or reading takes longer, only the machine can tell.
    may_be_faster: bool = False

    @property
    def name(self) -> str:
        return f"{self.precision}, blocks of {self.block}" if self.bits else self.precision


_INT4 = Recipe("int4", 4, 32)
_INT8 = Recipe("int8", 8, 64, may_be_faster=True)
_INT8_FINE = Recipe("int8", 8, 32)
_FP16 = Recipe("fp16", 0, 0)
_FP32 = Recipe("fp32", 0, 0)

_SUITING: dict[Target, tuple[Recipe, ...]] = {
    "cpu": (_INT4, _INT8, _INT8_FINE, _FP32),
    "cuda": (_INT4, _INT8, _FP16),
}


def suiting(target: Target, precision: Precision | Literal["auto"]) -> tuple[Recipe, ...]:
    """The recipes to try, in order. Raises ExportFailed if the device has none of this precision."""
    recipes = _SUITING[target]
    if precision == "auto":
        return recipes
    if chosen := tuple(recipe for recipe in recipes if recipe.precision == precision):
        return chosen
    others = ", ".join(dict.fromkeys(recipe.precision for recipe in recipes))
    raise ExportFailed(f"There is no {precision} for --target {target}. Choose one of {others}, or leave it to auto.")
