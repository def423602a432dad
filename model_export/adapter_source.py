"""Finding a LoRA adapter: a Hugging Face id or a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lsp_writer.errors import ExportFailed
from model_export import hub
from model_export.checkpoint_folder import ADAPTER_CONFIG, Files, read_json, require_whole
from model_export.local_folder import hash_all, list_folder, readable
from model_export.located import Fetched, LocatedAdapter
from model_export.progress import Steps
from model_export.sources import on_this_machine, require_id

ADAPTER_WEIGHTS = "adapter_model.safetensors"


def locate_adapter(source: str, cache: Path) -> LocatedAdapter:
    """The adapter that `source` names. Raises ExportFailed if there is none or it is not LoRA, and OSError if `cache`
    cannot be written."""
    if path := on_this_machine(source, None):
        return _local(path)
    require_id(source)
    repository = hub.find(source, None, cache)
    config = _examine(repository)
    names = (ADAPTER_CONFIG, ADAPTER_WEIGHTS)

    def fetch(steps: Steps) -> Fetched:
        digests = repository.download(names, steps)
        require_whole(repository.folder / ADAPTER_WEIGHTS)
        return Fetched(repository.folder, "", digests[ADAPTER_WEIGHTS])

    return LocatedAdapter(
        id=repository.id,
        download=repository.missing(names),
        notes=(*hub.notes(repository), *_base(config)),
        fetch=fetch,
    )


def _local(path: Path) -> LocatedAdapter:
    if not path.is_dir():
        raise ExportFailed(f"{path} is a single file. Give the adapter's folder, with {ADAPTER_CONFIG} in it.")
    folder = list_folder(path)
    with readable(path):
        config = _examine(folder)
        require_whole(path / ADAPTER_WEIGHTS)

    def fetch(steps: Steps) -> Fetched:
        with readable(path):
            return Fetched(path, "", hash_all(path, (ADAPTER_WEIGHTS,), steps))

    return LocatedAdapter(
        id=path.name,
        download=0,
        notes=_base(config),
        fetch=fetch,
    )


def _examine(files: Files) -> Mapping[str, Any]:
    """The configuration of an adapter that can be merged."""
    if ADAPTER_CONFIG not in files.sizes:
        raise ExportFailed(f"{files.title} is not an adapter: it has no {ADAPTER_CONFIG}. Give a LoRA adapter.")
    config = read_json(files, ADAPTER_CONFIG)
    kind = config.get("peft_type")
    if kind != "LORA":
        raise ExportFailed(
            f"{files.title} is an adapter of the type {kind}; only LORA can be merged into a model. Merge it with peft "
            "(merge_and_unload), save the model, and export its folder."
        )
    if ADAPTER_WEIGHTS not in files.sizes:
        raise ExportFailed(
            f"{files.title} has no {ADAPTER_WEIGHTS}. Weights in other files, pickles among them, are not read: look "
            "for the adapter in safetensors form."
        )
    return config


def _base(config: Mapping[str, Any]) -> tuple[str, ...]:
    """What the adapter was trained on: an id, or somebody's path."""
    base = config.get("base_model_name_or_path")
    return (f"The adapter was trained on {base}.",) if base else ()
