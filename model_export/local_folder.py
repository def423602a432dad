"""A folder of this machine that a checkpoint is read from."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.manifest import sha256_of
from model_export.progress import Steps


@dataclass(frozen=True)
class Folder:
    """A folder of this machine."""

    path: Path
    sizes: Mapping[str, int]

    @property
    def title(self) -> str:
        return str(self.path)

    def path_of(self, name: str) -> Path:
        return self.path / name


def list_folder(path: Path) -> Folder:
    with readable(path), os.scandir(path) as entries:
        return Folder(path, {entry.name: entry.stat().st_size for entry in entries if entry.is_file()})


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turns an error while reading what the writer gave into one message."""
    try:
        yield
    except OSError as error:
        raise ExportFailed(
            f"{error.filename or path} cannot be read ({error.strerror or error}). Check its permissions."
        ) from error


def hash_all(folder: Path, names: tuple[str, ...], steps: Steps) -> str:
    """What the manifest records of these files, the weights of one model. Raises OSError."""
    with steps.step("Hashing the weights", len(names)) as advance:
        digests = {}
        for name in names:
            digests[name] = sha256_of(folder / name)
            advance(1)
    return digest_of(digests)


def digest_of(digests: Mapping[str, str]) -> str:
    """The same of files whose own digests are known, by name."""
    if len(digests) == 1:
        return next(iter(digests.values()))
    lines = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()
