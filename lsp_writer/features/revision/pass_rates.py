"""How often each shipped rewrite comes to something, as it was measured with a small model and a larger one."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.revision.entry import Entry
from lsp_writer.features.revision.work import SMALL

#: An entry that passes more rarely is offered last, with a word about a larger model.
LEAST = 0.6


class Measured(msgspec.Struct, frozen=True):
    """A model and, by entry, the share of its results that passed every check."""

    name: str
    megabytes: int
    rates: dict[str, float]


class _PassRates(msgspec.Struct, frozen=True):
    models: tuple[Measured, ...]


def needs_larger(entry: Entry, megabytes: int | None) -> bool:
    """Whether `entry` is likely to fail on a model of so many megabytes, going by the measured one that is nearest
    below it in size; not if there is none. Of a writer's own entries nothing is said.

    What a small model has to write by itself always is: its rates say little, for it judges by its own reading whether
    the passage can be read from “Mara's bed had been left on a bare bed”.
    """
    if megabytes is None or entry.group == "own":
        return False
    if entry.way is None and 0 < megabytes < SMALL:
        return True
    models = sorted(measured(), key=lambda model: model.megabytes)
    known = [model for model in models if model.megabytes <= megabytes] or models[:1]
    return known[-1].rates.get(entry.id, 1.0) < LEAST


@cache
def measured() -> tuple[Measured, ...]:
    source = resources.files("lsp_writer.features.revision").joinpath("pass_rates.toml").read_bytes()
    return msgspec.toml.decode(source, type=_PassRates).models
