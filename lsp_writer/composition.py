"""Where the parts are put together: the in-process engine behind the seam that features know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lsp_writer.errors import ModelUnavailable
from lsp_writer.generation import InstalledModel, ModelState
from lsp_writer.settings import MachineSettings

if TYPE_CHECKING:
    from lsp_writer.inference.local import Loaded, LocalModel


def model_folder(machine: MachineSettings) -> Path:
    """Where the chosen model is, or for the default model and a path ought to be.

    Raises ModelUnavailable if it is a name that no installed model has.
    """
    from lsp_writer.inference.installed import chosen_folder

    return chosen_folder(machine.model)


def model_megabytes(machine: MachineSettings) -> int | None:
    """How large the chosen model is, without loading it; None if there is none that could be."""
    from lsp_writer.inference.installed import look_at

    try:
        installed = look_at(model_folder(machine))
    except ModelUnavailable:
        return None
    return round(installed.size / 1e6) if installed.manifest else None


def installed_models(machine: MachineSettings) -> list[InstalledModel]:
    """Those that the writer can choose among, and which `machine` chooses."""
    from lsp_writer.inference.installed import choices

    return choices(machine.model)


def make_model(machine: MachineSettings) -> LocalModel:
    """The model that `machine` chooses, not started. What it needs is imported here, and the rest when it starts: an
    editor has had its answer to `initialize` by then."""
    from lsp_writer.inference.local import LocalModel

    def load() -> Loaded:
        from lsp_writer.inference.loading import load_engine

        return load_engine(model_folder(machine), machine.device, machine.threads, machine.memory_limit)

    return LocalModel(load, machine.idle_minutes * 60 or None)


@asynccontextmanager
async def running_model(machine: MachineSettings) -> AsyncIterator[LocalModel]:
    """The model, loaded. Raises ModelUnavailable with the reason if it cannot be."""
    model = make_model(machine)
    model.start()
    try:
        status = await model.ready()
        if status.state != ModelState.READY:
            raise ModelUnavailable(status.message)
        yield model
    finally:
        model.close()
