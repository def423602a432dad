"""Finding a LoRA adapter: a Hugging Face id or a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsp_writer.errors import ExportFailed
from model_export import hub
from model_export.checkpoint_folder import ADAPTER_CONFIG, Files, read_json, require_whole
from model_export.local_folder import hash_all, list_folder, readable
from model_export.located import Fetched
from model_export.progress import Steps
from model_export.sources import on_this_machine, require_id

ADAPTER_WEIGHTS = "adapter_model.safetensors"


@dataclass(frozen=True)
class LocatedAdapter:
    """An adapter whose weights may still have to be downloaded."""

    id: str
    #: The model that it was trained on, as its configuration says: an id or somebody's path; empty if it does not say.
    base: str
    #: What adapter_config.json says.
    config: Mapping[str, Any]
    #: Bytes that must come over a network, and of the weights as they are stored.
    download: int
    stored: int
    #: For the writer, before anything is downloaded.
    notes: tuple[str, ...]
    #: Downloads what is missing and checks it; ADAPTER_WEIGHTS is then in the folder. Raises ExportFailed or OSError.
    fetch: Callable[[Steps], Fetched]


def locate_adapter(source: str, *, revision: str | None, cache: Path) -> LocatedAdapter:
    """The adapter that `source` names. Raises ExportFailed if there is none or it is not LoRA, and OSError if `cache`
    cannot be written."""
    if path := on_this_machine(source, revision):
        return _local(path)
    require_id(source)
    repository = hub.find(source, revision, cache)
    config = _examine(repository)
    names = (ADAPTER_CONFIG, ADAPTER_WEIGHTS)

    def fetch(steps: Steps) -> Fetched:
        digests = repository.download(names, steps)
        require_whole(repository.folder / ADAPTER_WEIGHTS)
        return Fetched(repository.folder, "", digests[ADAPTER_WEIGHTS])

    return LocatedAdapter(
        id=repository.id,
        base=_base(config),
        config=config,
        download=repository.missing(names),
        stored=repository.sizes[ADAPTER_WEIGHTS],
        notes=hub.notes(repository),
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
        base=_base(config),
        config=config,
        download=0,
        stored=folder.sizes[ADAPTER_WEIGHTS],
        notes=(),
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


def _base(config: Mapping[str, Any]) -> str:
    return str(config.get("base_model_name_or_path") or "")
