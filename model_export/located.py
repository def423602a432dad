"""A checkpoint that was found: what is known of it before its weights are here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsp_writer.inference.manifest import Source
from model_export.progress import Steps


@dataclass(frozen=True)
class Fetched:
    """Weights on this machine, as transformers reads them."""

    #: A folder with config.json, the tokenizer and safetensors, or one with a GGUF file.
    folder: Path
    #: The GGUF file's name in it; empty for safetensors.
    gguf: str
    #: What the manifest records as the source's.
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Weights that may still have to be downloaded."""

    #: Bytes that must come over a network; 0 for what is on this machine.
    download: int
    #: For the writer, before anything is downloaded: the licence, and what it asks of them.
    notes: tuple[str, ...]
    #: Downloads what is missing and checks it. Raises ExportFailed, StorageError or OSError.
    fetch: Callable[[Steps], Fetched]


@dataclass(frozen=True, kw_only=True)
class Located(Weights):
    """A model's checkpoint."""

    #: What its model is called unless the writer gives another name: the last part of its id, or its file's stem.
    name: str
    #: `sha256` is empty until the weights are there.
    source: Source
    #: What config.json says, or for a GGUF file its metadata in config.json's terms.
    config: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class LocatedAdapter(Weights):
    """A LoRA adapter."""

    id: str
