"""Finding and fetching a LoRA adapter."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from safetensors.numpy import save

from model_export.adapter_source import ADAPTER_WEIGHTS, locate_adapter
from model_export.located import Fetched, LocatedAdapter
from model_export.progress import Steps
from tests.model_export import hub as hubs
from tests.model_export.checkpoints import check_refused, write

CONFIG = {"peft_type": "LORA", "base_model_name_or_path": "org/base", "r": 8}
WEIGHTS = save({"lora_A": np.zeros(64, np.float32)})
ADAPTER = {"adapter_config.json": json.dumps(CONFIG).encode(), ADAPTER_WEIGHTS: WEIGHTS}


def find(source: str | Path, cache: Path) -> LocatedAdapter:
    return locate_adapter(str(source), cache)


def fetch(located: LocatedAdapter) -> Fetched:
    with Steps(Console(file=io.StringIO())) as steps:
        return located.fetch(steps)


def test_an_adapter_in_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "noir", ADAPTER)
    located = find(folder, tmp_path)
    assert (located.id, located.download) == ("noir", 0)
    assert located.notes == ("The adapter was trained on org/base.",)
    assert fetch(located) == Fetched(folder, "", hashlib.sha256(WEIGHTS).hexdigest())


def test_an_adapter_on_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with hubs.serve({"org/noir": ADAPTER | {"README.md": b""}}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        located = find("org/noir", tmp_path)
        assert {name for name, _ in hub.sent} == {"adapter_config.json"}
        assert (located.id, located.download) == ("org/noir", len(WEIGHTS))
        assert located.notes == (
            f"It states no licence: see {hub.address}/org/noir",
            "The adapter was trained on org/base.",
        )
        fetched = fetch(located)
    assert {path.name for path in fetched.folder.iterdir() if path.is_file()} == set(ADAPTER)
    assert fetched.sha256 == hashlib.sha256(WEIGHTS).hexdigest()


def test_a_file_instead_of_its_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "noir", ADAPTER)
    check_refused(lambda: find(folder / ADAPTER_WEIGHTS, tmp_path), "is a single file. Give the adapter's folder")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"config.json": b"{}"}, "is not an adapter: it has no adapter_config.json"),
        (ADAPTER | {"adapter_config.json": b'{"peft_type": "IA3"}'}, "is an adapter of the type IA3; only LORA"),
        (ADAPTER | {"adapter_config.json": b"{"}, "adapter_config.json of"),
        (ADAPTER | {ADAPTER_WEIGHTS: WEIGHTS[:-1]}, "adapter_model.safetensors is damaged or incomplete"),
        (
            {"adapter_config.json": ADAPTER["adapter_config.json"], "adapter_model.bin": b"pickle"},
            "has no adapter_model.safetensors. Weights in other files, pickles among them, are not read",
        ),
    ],
)
def test_what_cannot_be_merged(files: dict[str, bytes], expected: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "folder", files)
    check_refused(lambda: find(folder, tmp_path), expected)
