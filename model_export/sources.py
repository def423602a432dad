"""Finding a checkpoint: a Hugging Face id, a folder, a GGUF file, or a GGUF file on the Hub."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.manifest import Source
from model_export import checkpoint_folder, gguf_file, hub
from model_export.gguf_file import GgufFacts
from model_export.hub import Repository
from model_export.local_folder import digest_of, hash_all, list_folder, readable
from model_export.located import Fetched, Located
from model_export.progress import Steps

# Not C:/story.gguf, which is a path on Windows.
_HUB_FILE = re.compile(r"(?P<id>[\w.-]+(/[\w.-]+)?):(?P<file>[^/\\][^\\]*\.gguf)", re.IGNORECASE)
#: The start of a file on the Hub that is fetched to read its header: enough for most, and for the largest vocabularies.
_HEADER_BYTES = (8 << 20, 64 << 20)


def locate(source: str, *, revision: str | None, cache: Path, trust_remote_code: bool) -> Located:
    """The checkpoint that `source` names. What is here goes before what is on the Hub.

    Only small files are fetched, to `cache`. Raises ExportFailed if there is none or it cannot be exported, and
    OSError if `cache` cannot be written.
    """
    if path := on_this_machine(source, revision):
        return _local_folder(path, trust_remote_code=trust_remote_code) if path.is_dir() else _local_gguf(path)
    if match := _HUB_FILE.fullmatch(source):
        return _hub_gguf(hub.find(match["id"], revision, cache), match["file"], cache)
    require_id(source)
    return _hub_checkpoint(hub.find(source, revision, cache), trust_remote_code=trust_remote_code)


def on_this_machine(source: str, revision: str | None) -> Path | None:
    """The file or folder that `source` names, if there is one. Raises ExportFailed if it may not be looked at."""
    if not source:  # to Path, the folder that the writer happens to be in
        raise ExportFailed("No model was named. Give a Hugging Face id, a checkpoint's folder or a GGUF file.")
    path = Path(source)
    with readable(path):
        if not path.exists():
            return None
    if revision is not None:
        raise ExportFailed(f"{source} is on this machine and has no revisions. Leave --revision out.")
    # A file keeps the name that it was given by: in the Hub's own cache it is a link to a blob.
    return path.resolve() if path.is_dir() else path.absolute()


def require_id(source: str) -> None:
    """Raises ExportFailed if `source` can only be meant as a path, and nothing is there."""
    if (
        source.startswith((".", "/", "~"))
        or "\\" in source
        or source.count("/") > 1
        or source.lower().endswith(".gguf")
    ):
        raise ExportFailed(
            f"There is no file or folder {source}. Check the path, or give a Hugging Face id such as org/name."
        )


def _local_folder(path: Path, *, trust_remote_code: bool) -> Located:
    folder = list_folder(path)
    with readable(path):
        contents = checkpoint_folder.examine(folder, trust_remote_code=trust_remote_code)
        for name in contents.weights:
            checkpoint_folder.require_whole(path / name)

    def fetch(steps: Steps) -> Fetched:
        with readable(path):
            return Fetched(path, "", hash_all(path, contents.weights, steps))

    licence = hub.licence_in(path / "README.md")
    return Located(
        name=path.name,
        source=Source(kind="checkpoint", id=path.name, revision="", sha256="", licence=licence),
        config=contents.config,
        download=0,
        notes=(f"{hub.licence_stated(licence)}.",),
        fetch=fetch,
    )


def _local_gguf(path: Path) -> Located:
    if path.suffix == ".safetensors":
        raise ExportFailed(f"{path} holds weights alone. Give its folder, with config.json and the tokenizer in it.")
    with readable(path):
        checkpoint_folder.require_fetched(path)
        facts = gguf_file.examine(path, str(path))

    def fetch(steps: Steps) -> Fetched:
        with readable(path):
            return Fetched(path.parent, path.name, hash_all(path.parent, (path.name,), steps))

    return Located(
        name=path.stem,
        source=Source(kind="gguf", id=path.name, revision="", sha256="", licence=facts.licence),
        config=facts.config,
        download=0,
        notes=(f"{hub.licence_stated(facts.licence)}.",),
        fetch=fetch,
    )


def _hub_checkpoint(repository: Repository, *, trust_remote_code: bool) -> Located:
    contents = checkpoint_folder.examine(repository, trust_remote_code=trust_remote_code)
    names = (*contents.beside, *contents.weights)

    def fetch(steps: Steps) -> Fetched:
        digests = repository.download(names, steps)
        for name in contents.weights:
            checkpoint_folder.require_whole(repository.folder / name)
        return Fetched(repository.folder, "", digest_of({name: digests[name] for name in contents.weights}))

    return Located(
        name=repository.id.rpartition("/")[2],
        source=Source(
            kind="checkpoint",
            id=repository.id,
            revision=repository.commit,
            sha256="",
            licence=repository.licence,
        ),
        config=contents.config,
        download=repository.missing(names),
        notes=hub.notes(repository),
        fetch=fetch,
    )


def _hub_gguf(repository: Repository, file: str, cache: Path) -> Located:
    if file not in repository.sizes:
        others = sorted(name for name in repository.sizes if name.endswith(".gguf"))
        there = f"It has {', '.join(others[:12])}." if others else "It has no GGUF files at all."
        raise ExportFailed(f"{repository.id} has no {file}. {there} Check the name.")
    title = f"{repository.id}:{file}"
    facts = _examine_start(repository, file, cache)

    def fetch(steps: Steps) -> Fetched:
        digests = repository.download((file,), steps)
        path = repository.folder / file
        return Fetched(path.parent, path.name, digest_of(digests))

    return Located(
        name=Path(file).stem,
        source=Source(
            kind="gguf",
            id=title,
            revision=repository.commit,
            sha256="",
            licence=repository.licence or facts.licence,
        ),
        config=facts.config,
        download=repository.missing((file,)),
        notes=hub.notes(repository),
        fetch=fetch,
    )


def _examine_start(repository: Repository, file: str, cache: Path) -> GgufFacts:
    size, title = repository.sizes[file], f"{repository.id}:{file}"
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        start = Path(work) / "start.gguf"
        for wanted in _HEADER_BYTES:
            repository.start_of(file, min(wanted, size), start)
            if gguf_file.is_enough(start):
                break
        os.truncate(start, size)  # with a hole for the weights, whose places readers of headers look at
        return gguf_file.examine(start, title)
