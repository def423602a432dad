"""A folder as the source; one message for each that is no checkpoint."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from model_export.located import Fetched
from tests.model_export.checkpoints import (
    CHECKPOINT,
    CONFIG,
    SECOND,
    SHARDED,
    WEIGHTS,
    check_refused,
    fetch,
    find,
    without,
    write,
)


def test_a_folder(tmp_path: Path, cache: Path) -> None:
    folder = write(tmp_path / "Mine", CHECKPOINT | {"pytorch_model.bin": b"pickle"})
    located = find(folder, cache)
    assert (located.name, located.source.id, located.source.revision) == ("Mine", "Mine", "")
    assert (located.config, located.download) == (CONFIG, 0)
    assert fetch(located) == Fetched(folder, "", hashlib.sha256(WEIGHTS).hexdigest())
    assert not cache.exists()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "is not a checkpoint: it needs config.json, a tokenizer and model.safetensors"),
        (without("config.json"), "has no config.json"),
        (without("config.json", config__json=b"{"), "config.json of"),
        (without("config.json", config__json=b"[]"), "it is no JSON object"),
        (without("model.safetensors", pytorch_model__bin=b"pickle"), "as a pickle (pytorch_model.bin)"),
        ({"consolidated.pth": b"pickle"}, "as a pickle (consolidated.pth)"),
        (without("model.safetensors", model__safetensors=WEIGHTS[:-4]), "model.safetensors is damaged or incomplete"),
        (without("model.safetensors", model__safetensors=WEIGHTS[:5]), "model.safetensors is damaged or incomplete"),
        (
            without("model.safetensors", model__safetensors=b"version https://git-lfs.github.com/spec/v1\n"),
            "Run there: git lfs pull",
        ),
        ({name: content for name, content in SHARDED.items() if name != SECOND}, f"lacks {SECOND}"),
        (SHARDED | {SECOND: SHARDED[SECOND][:-1]}, f"{SECOND} is damaged or incomplete"),
        (
            SHARDED | {"model.safetensors.index.json": b'{"weight_map": {"a": "../../x.safetensors"}}'},
            "names ../../x.safetensors, which is not one of its weights",
        ),
        (SHARDED | {"model.safetensors.index.json": b"{}"}, "names no files"),
        ({"adapter_config.json": b"{}", "adapter_model.safetensors": WEIGHTS}, "is an adapter, not a whole model."),
        (CHECKPOINT | {"adapter_config.json": b"{}"}, ""),
        ({"model_index.json": b"{}"}, "makes pictures or sounds"),
        ({"config.json": b"{}", "model.onnx": b"graph"}, "run: python -m model_export pull"),
        ({"config.json": b"{}", "a.gguf": b"GGUF"}, "Choose one of them, for example"),
    ],
)
def test_a_folder_that_cannot_be_exported(files: dict[str, bytes], expected: str, tmp_path: Path, cache: Path) -> None:
    folder = write(tmp_path / "folder", files)
    if expected:
        check_refused(lambda: find(folder, cache), expected)
    else:
        find(folder, cache)


def test_a_revision_of_a_folder(tmp_path: Path, cache: Path) -> None:
    folder = write(tmp_path / "folder", CHECKPOINT)
    check_refused(lambda: find(folder, cache, revision="main"), "is on this machine and has no revisions. Leave")


def test_the_weights_file_instead_of_its_folder(tmp_path: Path, cache: Path) -> None:
    folder = write(tmp_path / "folder", CHECKPOINT)
    check_refused(lambda: find(folder / "model.safetensors", cache), "holds weights alone. Give its folder")


@pytest.mark.parametrize("denied", ["folder", "config.json", "model.safetensors"])
def test_what_may_not_be_read(denied: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "folder", CHECKPOINT)
    refuse_to_open(monkeypatch, denied)
    check_refused(lambda: find(folder, cache), "cannot be read (Permission denied). Check its permissions.")


def refuse_to_open(monkeypatch: pytest.MonkeyPatch, denied: str) -> None:
    """As the system does to a user who may not, which the tests' may always."""
    real_open, real_list = io.open, os.scandir

    def refusing(real: Callable[..., object]) -> Callable[..., object]:
        def open_or_list(path: object, *arguments: object, **named: object) -> object:
            if Path(str(path)).name == denied:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *arguments, **named)

        return open_or_list

    monkeypatch.setattr(io, "open", refusing(real_open))
    monkeypatch.setattr(os, "scandir", refusing(real_list))


@pytest.mark.model
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            without("config.json", config__json=b'{"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}'),
            "of which no graph can be made here. Choose another model.",
        ),
        (
            without(
                "config.json",
                "tokenizer_config.json",
                config__json=b'{"model_type": "own"}',
                tokenizer_config__json=b'{"auto_map": {"AutoTokenizer": ["own.Own", null]}}',
            ),
            "Add --trust-remote-code",
        ),
        (without("tokenizer.json"), "its tokenizer (LlamaTokenizer) cannot be turned into one"),
        (
            without(
                "tokenizer.json", "tokenizer_config.json", tokenizer_config__json=b'{"tokenizer_class": "XLMTokenizer"}'
            ),
            "its tokenizer (XLMTokenizer) cannot be turned",
        ),
    ],
)
def test_what_transformers_could_not_load(files: dict[str, bytes], expected: str, tmp_path: Path, cache: Path) -> None:
    folder = write(tmp_path / "folder", files)
    check_refused(lambda: find(folder, cache), expected)


@pytest.mark.model
def test_a_tokenizer_that_can_be_converted(tmp_path: Path, cache: Path) -> None:
    config = {"model_type": "gpt2"}
    files = without("config.json", "tokenizer.json", config__json=json.dumps(config).encode())
    folder = write(tmp_path / "folder", files | {"vocab.json": b"{}", "merges.txt": b""})
    assert find(folder, cache).config == config
