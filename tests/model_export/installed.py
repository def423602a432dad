"""Tiny models, installed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import tokenizers

from lsp_writer.inference.manifest import MANIFEST_FILE, Manifest
from tests import tiny_model


def install_tiny(data: Path, name: str = "large", **changes: object) -> Path:
    """The folder of a tiny model whose tokens are bytes, with `changes` to its manifest."""
    folder = data / "models" / name
    folder.mkdir(parents=True)
    write_tokenizer(folder)
    change_manifest(folder, tiny_model.write_folder(folder), **changes)
    return folder


def write_tokenizer(folder: Path) -> None:
    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    backend = tokenizers.Tokenizer(tokenizers.models.BPE({letter: n for n, letter in enumerate(letters)}, []))
    backend.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.save(str(folder / "tokenizer.json"))


def change_manifest(folder: Path, manifest: Manifest, **changes: object) -> None:
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, **changes)))
