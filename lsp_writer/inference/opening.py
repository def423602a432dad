"""From a model folder to a model that answers rightly, on the best device there is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from lsp_writer.errors import DeviceUnavailable, ModelUnavailable, OutOfMemory
from lsp_writer.inference.large_pages import join_pages
from lsp_writer.inference.manifest import Manifest, Probe, export_again, load_manifest
from lsp_writer.inference.model import LanguageModel
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.onnx_session import ORT_ERRORS, Device

# The first is read as it is, the second is recorded, and the third is played back.
_ONE_BY_ONE = 3
# What running a graph raises that is not what its manifest says.
_RUN_ERRORS = (*ORT_ERRORS, ValueError, LookupError)
_LONGEST_REASON = 200


class OpenedModel(NamedTuple):
    model: OnnxModel
    manifest: Manifest
    device: Device
    #: For the writer: why a device hoped for was not taken. Empty when there is nothing to say.
    message: str


def open_model(
    folder: Path, device: Literal["auto", "cpu", "cuda"] = "auto", threads: int = 0, memory_limit: int = 0
) -> OpenedModel:
    """Check, load and probe the model of `folder`. `threads` and `memory_limit` are as for `OnnxModel`.

    `auto` takes the GPU if the model was exported for one and answers rightly there, and otherwise the CPU with a
    message. Raises ModelUnavailable, or DeviceUnavailable if `cuda` was asked for by name and cannot be had.
    """
    manifest = load_manifest(folder)
    message = ""
    if device == "cuda" or (device == "auto" and manifest.target == "cuda"):
        try:
            return OpenedModel(_open_on_gpu(folder, manifest, threads, memory_limit), manifest, "cuda", "")
        except DeviceUnavailable as error:
            if device == "cuda":
                raise
            message = f"The model runs on the CPU. {error}"
    try:
        model = OnnxModel(folder, manifest.graph, "cpu", threads)
        right = answers_probe(model, manifest.probe)
    except _RUN_ERRORS as error:
        reason = " ".join(str(error).split())[:_LONGEST_REASON]
        raise ModelUnavailable(f"The model at {folder} cannot be run ({reason}). {export_again(folder)}") from error
    if not right:
        raise ModelUnavailable(f"The model at {folder} gives wrong answers on this processor. {export_again(folder)}")
    join_pages()
    return OpenedModel(model, manifest, "cpu", message)


def answers_probe(model: LanguageModel, probe: Probe, one_by_one: int = 0) -> bool:
    """Whether `model` answers the probe's prompt, whose last `one_by_one` tokens it reads in passes of their own, as it
    did when it was exported."""
    token_ids = np.array([probe.token_ids], np.int64)
    cache = model.new_cache(token_ids.size)
    together = max(token_ids.size - one_by_one, 1)
    logits = model.forward(token_ids[:, :together], cache)[0, -1]
    for place in range(together, token_ids.size):
        logits = model.forward(token_ids[:, place : place + 1], cache)[0, -1]
    expected = np.array(probe.top_logits, np.float32)
    as_before = np.abs(logits[list(probe.top_ids)] - expected) <= probe.tolerance  # false for NaN as well
    return bool(as_before.all() and logits.max() <= expected[0] + probe.tolerance)


def _open_on_gpu(folder: Path, manifest: Manifest, threads: int, memory_limit: int) -> OnnxModel:
    if manifest.target != "cuda":
        raise DeviceUnavailable("This model was exported for the CPU. Set the device to auto or cpu.")
    fault = ""
    for records in (True, False):  # a card that cannot record may do all the rest
        tried = _tried_on_gpu(folder, manifest, threads, memory_limit, records=records)
        if isinstance(tried, OnnxModel):
            return tried
        fault = tried
    raise DeviceUnavailable(fault)


def _tried_on_gpu(
    folder: Path, manifest: Manifest, threads: int, memory_limit: int, *, records: bool
) -> OnnxModel | str:
    """The model, or why not: an exception would hold on to the card's memory.

    Raises DeviceUnavailable if there is no room for the model.
    """
    try:
        model = OnnxModel(folder, manifest.graph, "cuda", threads, memory_limit, records=records)
        if answers_probe(model, manifest.probe, _ONE_BY_ONE):
            return model
    except DeviceUnavailable as error:
        return str(error)
    except OutOfMemory as error:  # without recordings it would not fit either
        raise DeviceUnavailable(_no_room(memory_limit)) from error
    except (*_RUN_ERRORS, ModelUnavailable) as error:  # whether the model itself is at fault shows on the CPU
        return f"The GPU cannot run this model ({error}). Install a newer driver, or set the device to cpu."
    return "The GPU gives wrong answers for this model. Install a newer driver, or set the device to cpu."


def _no_room(memory_limit: int) -> str:
    if memory_limit:
        return (
            f"The model needs more than {memory_limit} MB of the GPU's memory. Raise lspWriter.memoryLimit, or choose "
            "a smaller model."
        )
    return "There is not enough memory for the model on the GPU. Close other programs, or choose a smaller model."
