"""Checkpoints as far as finding and fetching them goes: their weights are numbers of no model."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from safetensors.numpy import save

from lsp_writer.errors import ExportFailed
from model_export.located import Fetched, Located
from model_export.progress import Steps
from model_export.sources import locate

CONFIG = {"model_type": "llama", "num_hidden_layers": 2}
WEIGHTS = save({"model.embed_tokens.weight": np.arange(40_000, dtype=np.float32)})
CHECKPOINT = {
    "config.json": json.dumps(CONFIG).encode(),
    "generation_config.json": b"{}",
    "model.safetensors": WEIGHTS,
    "tokenizer.json": b"{}",
    "tokenizer_config.json": b"{}",
    "LICENSE": b"Do as you like.",
}
FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
INDEX = {"weight_map": {"a": FIRST, "b": SECOND, "c": FIRST}}
SHARDED = {name: content for name, content in CHECKPOINT.items() if name != "model.safetensors"} | {
    "model.safetensors.index.json": json.dumps(INDEX).encode(),
    FIRST: save({"a": np.zeros(8, np.float32), "c": np.zeros(8, np.float32)}),
    SECOND: save({"b": np.ones(8, np.float32)}),
}
#: What a repository has besides, and an export has no use for or fears.
BESIDES = {
    "README.md": b"# A model",
    "pytorch_model.bin": b"pickle",
    "modeling_own.py": b"raise SystemExit",
    "onnx/model.onnx": b"graph",
    "consolidated.safetensors": WEIGHTS,
}


def find(source: str | Path, cache: Path, *, revision: str | None = None, trust_remote_code: bool = False) -> Located:
    return locate(str(source), revision=revision, cache=cache, trust_remote_code=trust_remote_code)


def fetch(located: Located) -> Fetched:
    with Steps(Console(file=io.StringIO())) as steps:
        return located.fetch(steps)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def check_refused(find_or_fetch: Callable[[], object], expected: str) -> None:
    """One message of one line, whose last sentence says what to do."""
    with pytest.raises(ExportFailed) as caught:
        find_or_fetch()
    message = str(caught.value)
    assert expected in message
    assert "\n" not in message


def without(*names: str, **more: bytes) -> dict[str, bytes]:
    """The checkpoint without these files, and with others (a dot in their names is written as two underscores)."""
    rest = {name: content for name, content in CHECKPOINT.items() if name not in names}
    return rest | {name.replace("__", "."): content for name, content in more.items()}
