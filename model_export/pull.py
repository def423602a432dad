"""A model folder that somebody else exported, from the Hugging Face Hub: taken over whole, after every check."""

from __future__ import annotations

import functools
import re
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from lsp_writer.errors import ExportFailed, InvalidRequest, ModelUnavailable, WriterError
from lsp_writer.generation import Generate, Kind, Segment, Stops
from lsp_writer.inference.manifest import MANIFEST_FILE, Manifest, load_manifest, read_manifest
from model_export import hub
from model_export.hub import Repository
from model_export.install import install
from model_export.progress import Steps
from model_export.storage import require_space

#: What people put beside a model, and nothing reads. It is not downloaded.
_BESIDE = re.compile(r"README\.md|LICEN[CS]E[^/]*|\.gitattributes", re.IGNORECASE)
#: Formats that run code of their makers when they are read.
_PICKLES = {".bin", ".ckpt", ".joblib", ".pickle", ".pkl", ".pt", ".pth"}


def find(repository: str, revision: str | None, cache: Path) -> tuple[Repository, Manifest]:
    """What would be pulled; only the manifest is downloaded.

    Raises ExportFailed if there is no such repository or it holds anything but one model folder, and OSError.
    """
    found = hub.find(repository, revision, cache)
    if MANIFEST_FILE not in found.sizes:
        raise ExportFailed(
            f"{found.id} holds no exported model: it has no {MANIFEST_FILE}. If it holds a checkpoint, export that: "
            f"python -m model_export export {found.id}"
        )
    folder = found.path_of(MANIFEST_FILE).parent
    try:
        manifest = read_manifest(folder)
    except WriterError as error:
        raise _refused(found, f"its {MANIFEST_FILE} cannot be used. {str(error).rpartition('. ')[0]}") from error
    _require_only(found, manifest)
    _require_sizes(found, manifest)
    return found, manifest


def pull(found: Repository, manifest: Manifest, target: Path, steps: Steps, *, replace: bool) -> bool:
    """Install the model of `found` at `target`; False if a model was there and was kept.

    Raises ExportFailed, InvalidRequest, ModelUnavailable, StorageError or OSError; what was installed before is then
    untouched.
    """
    installed = install(target, functools.partial(_fill, found, manifest, steps), steps, replace=replace)
    if not installed:
        _require_same(found, manifest, target)
    return installed


def _require_same(found: Repository, manifest: Manifest, target: Path) -> None:
    """Raises InvalidRequest if what is installed at `target` is not the model of `found`."""
    there = read_manifest(target)
    if there == manifest:
        return
    made = (there.source.id, there.source.revision, there.precision, there.target)
    if made == (manifest.source.id, manifest.source.revision, manifest.precision, manifest.target):
        other = "from the same, but in other files"
    else:
        revision = f" at {there.source.revision}" if there.source.revision else ""
        other = f"from {there.source.id}{revision} in {there.precision} for {there.target}"
    raise InvalidRequest(
        f"{target.name} is installed already, made {other}, and not the model of {found.id}. "
        "Give another --name, or add --force to replace it."
    )


def _fill(found: Repository, manifest: Manifest, steps: Steps, folder: Path) -> None:
    # The manifest too: of two at once, the first has taken it away together with the files.
    names = (*(file.name for file in manifest.files), MANIFEST_FILE)
    found.folder.mkdir(parents=True, exist_ok=True)
    require_space(found.folder, found.missing(names))
    if found.folder.stat().st_dev != folder.stat().st_dev:
        require_space(folder, sum(file.size for file in manifest.files))
    found.download(names, steps)
    try:
        with steps.step("Checking the files"):
            load_manifest(found.folder, hash_all=True)
        with steps.step("Asking the model"):
            _require_right_answers(found.folder)
    except WriterError as error:
        shutil.rmtree(found.folder, ignore_errors=True)
        raise _refused(found, str(error).rpartition(". ")[0]) from error
    for name in names:
        # Moved, not copied: there may not be room for both. And moved last: whoever stops it before goes on from here.
        shutil.move(found.folder / name, folder / name)
    shutil.rmtree(found.folder, ignore_errors=True)


def _require_right_answers(folder: Path) -> None:
    """Do what the server will do. Raises WriterError."""
    from lsp_writer.inference.loading import load_engine
    from lsp_writer.inference.onnx_session import ORT_ERRORS

    try:
        loaded = load_engine(folder)
        prompt = Segment("It was late.", role="user" if loaded.capabilities.chat else "text")
        request = Generate(prompt=(prompt,), stops=Stops(max_new_tokens=1))
        for _ in loaded.engine.run(Kind.TYPING, request, threading.Event()):
            pass
    # What a stranger's nonsense may come to: ids that are out of range, a tokenizer without tokens.
    except (ArithmeticError, LookupError, TypeError, ValueError, *ORT_ERRORS) as error:
        said = " ".join(str(error).split())
        raise ModelUnavailable(f"its parts do not fit together ({said}). Choose another model.") from error


def _require_only(found: Repository, manifest: Manifest) -> None:
    """Refuse whatever is not part of the model: nobody can say what it is for."""
    named = {file.name for file in manifest.files}
    pickles = [name for name in found.sizes if PurePosixPath(name).suffix.lower() in _PICKLES]
    if pickles:
        raise _refused(found, f"it holds files that can run code when they are read ({_list(pickles)})")
    unknown = [name for name in found.sizes if name not in {*named, MANIFEST_FILE} and not _BESIDE.fullmatch(name)]
    if unknown:
        raise _refused(found, f"it holds files that its {MANIFEST_FILE} does not name ({_list(unknown)})")
    if missing := {*named, manifest.graph.file, manifest.tokenizer} - set(found.sizes):
        raise _refused(found, f"it lacks files that its {MANIFEST_FILE} names ({_list(missing)})")
    if unchecked := {manifest.graph.file, manifest.tokenizer} - named:
        raise _refused(found, f"its {MANIFEST_FILE} gives no checksum of {_list(unchecked)}")


def _require_sizes(found: Repository, manifest: Manifest) -> None:
    other = [file.name for file in manifest.files if found.sizes[file.name] != file.size]
    if other:
        raise _refused(found, f"the size of {_list(other)} is not what its {MANIFEST_FILE} says")


def _refused(found: Repository, reason: str) -> ExportFailed:
    return ExportFailed(
        f"{found.id} was not installed: {reason}. Tell those who publish it at {hub.page(found.id)}, "
        "or export the model yourself: python -m model_export export --help"
    )


def _list(names: Iterable[str]) -> str:
    """The first few, in alphabetical order."""
    ordered = sorted(names)
    return ", ".join(ordered[:3]) + (f" and {len(ordered) - 3} more" if len(ordered) > 3 else "")
