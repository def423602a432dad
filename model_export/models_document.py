"""The tables of docs/models.md, made from the definitions of the larger models.

`python -m model_export.models_document --write` in the project's folder brings them up to date; a test fails when they
are not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from lsp_writer.inference.graphics_card import GraphicsCard
from model_export.larger_models import LargerModel, larger_models
from model_export.machine import Machine
from model_export.recommend import Recommendation, gigabytes, recommend

DOCUMENT = Path("docs/models.md")
_MADE_BY = "made by python -m model_export.models_document --write"

_GIB = 1024**3
_PLENTY = 1000 * _GIB


def _with_card(memory: int, card: int) -> Machine:
    return Machine(memory * _GIB, _PLENTY, GraphicsCard("", card * _GIB, "", ""))


_MACHINES = {
    "laptop, 8 GB of memory": Machine(8 * _GIB, _PLENTY, None),
    "laptop, 16 GB": Machine(16 * _GIB, _PLENTY, None),
    "8 GB card, 16 GB of memory": _with_card(16, 8),
    "8 GB card, 32 GB of memory": _with_card(32, 8),
    "24 GB card, 64 GB of memory": _with_card(64, 24),
    "24 GB card, 96 GB of memory": _with_card(96, 24),
}


def updated(document: str) -> str:
    """`document` with each table between its two marks made anew."""
    for name, table in (("machines", _machines()), ("models", _models())):
        start, rest = document.split(f"<!-- {name}: {_MADE_BY} -->\n")
        _, end = rest.split(f"<!-- end of {name} -->")
        document = f"{start}<!-- {name}: {_MADE_BY} -->\n{table}\n<!-- end of {name} -->{end}"
    return document


def _machines() -> str:
    rows = [
        (machine, _named(recommend(have)), _named(recommend(have, multilingual=True)))
        for machine, have in _MACHINES.items()
    ]
    return _table(("machine", "English", "Chinese and other languages"), rows)


def _named(chosen: Recommendation | None) -> str:
    if chosen is None:
        return "the default model"
    return f"{chosen.model.id.partition('/')[2]}, on the {'card' if chosen.target == 'cuda' else 'processor'}"


def _models() -> str:
    model = ("model", "parameters", "licence", "languages", "longest text, tokens", "download")
    takes = ("memory, int8 on the processor", "memory, fp16 on a card", "export: memory", "export: disk")
    return _table((*model, *takes), [_row(model) for model in larger_models()])


def _row(model: LargerModel) -> tuple[str, ...]:
    return (
        f"`{model.id}`",
        f"{model.parameters / 1e6:,.0f} M",
        model.licence + (" (gated)" if model.gated else ""),
        model.languages,
        f"{model.context_tokens:,}",
        *(gigabytes(size) for size in (model.download, model.memory("cpu"), model.memory("cuda"))),
        *(gigabytes(size) for size in (model.export.memory, model.export.download + model.export.disk)),
    )


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, ["---"] * len(heading), *rows))


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("Usage: python -m model_export.models_document --write")
    DOCUMENT.write_text(updated(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
