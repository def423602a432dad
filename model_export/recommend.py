"""Which larger model suits a machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from model_export.larger_models import LargerModel, Target, larger_models
from model_export.machine import Machine

# The editor and whatever else is open need memory too; a card draws the screen besides.
_SHARE_FOR_SERVING: dict[Target, float] = {"cpu": 0.5, "cuda": 0.8}
_DEVICES: dict[Target, str] = {"cpu": "processor", "cuda": "card"}
_SHARE_FOR_EXPORTING = 0.8
# Tokens a second. A judgement, not a measurement: a suggestion of four tokens should be there within a quarter of a
# second or so, or it comes too late for a typist.
_LEAST_SPEED = 15
# On the processor every token reads all the weights once. So many bytes has the default model, and so many tokens a
# second it was measured to write on two shared cores of a server, which is taken where nothing was measured.
_DEFAULT_WEIGHTS, _SPEED_ON_TWO_CORES = 145_000_000, 115


class Recommendation(NamedTuple):
    model: LargerModel
    target: Target

    @property
    def command(self) -> str:
        target = " --target cuda" if self.target == "cuda" else ""
        return f"python -m model_export export {self.model.id} --name {self.model.name}{target}"


def recommend(machine: Machine, *, multilingual: bool = False) -> Recommendation | None:
    """The largest model that nobody has to ask for and that `machine` can both export and serve, on its card if one
    fits there; None if there is none. With `multilingual`, not one for English alone."""
    for target in targets(machine):
        fitting = [model for model in _open_models(multilingual=multilingual) if not obstacle(model, machine, target)]
        if fitting:
            return Recommendation(fitting[-1], target)
    return None


def targets(machine: Machine) -> Sequence[Target]:
    """From the fastest."""
    return ("cuda", "cpu") if machine.card else ("cpu",)


def obstacle(model: LargerModel, machine: Machine, target: Target) -> str:
    """What keeps `machine` from exporting `model` and serving it on `target`; empty if nothing does."""
    memory = machine.card.memory if target == "cuda" and machine.card else machine.memory
    needed = model.memory(target)
    where = "on the card" if target == "cuda" else "of memory"
    if not memory:
        return f"it takes {gigabytes(needed)} {where}, and how much there is is unknown"
    if needed > memory * _SHARE_FOR_SERVING[target]:
        return f"it takes {gigabytes(needed)} {where}"
    if target == "cpu" and _speed(model, machine) < _LEAST_SPEED:
        return f"too slow without a graphics card{_measured(model, machine)}"
    if model.export.memory > machine.memory * _SHARE_FOR_EXPORTING:
        return f"its export takes {gigabytes(model.export.memory)} of memory"
    on_disk = model.export.download + model.export.disk
    if on_disk > machine.disk:
        return f"its export takes {gigabytes(on_disk)} on the disk"
    return ""


def describe(machine: Machine) -> Iterator[str]:
    """For the writer, in lines: the machine, and each model with what keeps it from there."""
    yield f"This machine: {machine}."
    if machine.card_fault:
        yield machine.card_fault
    for model in larger_models():
        obstacles = {target: obstacle(model, machine, target) for target in targets(machine)}
        speeds = {"cpu": _measured(model, machine), "cuda": ""}
        fits = [f"suits the {_DEVICES[target]}{speeds[target]}" for target, reason in obstacles.items() if not reason]
        reasons = dict.fromkeys(obstacles.values())
        asks = "; its makers want to be asked first" if model.gated else ""
        yield f"  {model.id} ({model.languages}): {fits[0] if fits else ', '.join(reasons)}{asks}"


def _speed(model: LargerModel, machine: Machine) -> float:
    """Tokens a second on the processor."""
    default = machine.default_speed or _SPEED_ON_TWO_CORES
    return default * _DEFAULT_WEIGHTS / model.weights("cpu")


def _measured(model: LargerModel, machine: Machine) -> str:
    return f" (some {_speed(model, machine):.0f} tokens a second)" if machine.default_speed else ""


def gigabytes(size: float) -> str:
    return f"{size / 1e9:.1f} GB"


def _open_models(*, multilingual: bool) -> list[LargerModel]:
    return [
        model for model in larger_models() if not model.gated and (model.languages != "English" or not multilingual)
    ]
