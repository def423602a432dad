"""Putting a finished model folder in its place, whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from lsp_writer.errors import ModelUnavailable, StorageError
from lsp_writer.inference.manifest import MANIFEST_FILE, load_manifest
from model_export.progress import Steps
from model_export.storage import writing_to

_WORKSPACE = ".partial"


def is_installed(target: Path) -> bool:
    """Whether a complete, unaltered model of this version stands at `target`."""
    try:
        load_manifest(target)
    except ModelUnavailable:
        return False
    return True


def install(target: Path, build: Callable[[Path], object], steps: Steps, *, replace: bool) -> bool:
    """Have `build` fill an empty folder and move that to `target`; False if a model was there and was kept.

    Interrupted at any point, it leaves what was at `target` as it was. Of two at once, the second waits for the
    first. Raises OSError if the folder cannot be written, and whatever `build` and `load_manifest` raise.
    """
    with workspace(target.parent, steps) as work:
        if not replace and is_installed(target):
            return False
        _refuse_other_files(target)
        made = work / target.name
        made.mkdir()
        build(made)
        load_manifest(made)
        _put(made, target, work / ".replaced")
    return True


def may_be_model(folder: Path) -> bool:
    """Whether `folder` holds a model, damaged or not, and nothing of the writer's. Raises OSError."""
    from model_export.graph import GRAPH_FILE, WEIGHTS_FILE

    parts = {GRAPH_FILE, WEIGHTS_FILE, "tokenizer.json"}
    return (folder / MANIFEST_FILE).is_file() or {path.name for path in folder.iterdir()} <= parts


def _refuse_other_files(target: Path) -> None:
    """What stands in the way may be a damaged model, but nothing of the writer's."""
    if target.is_symlink():
        raise StorageError(
            f"{target} is a link to a folder elsewhere, which is left as it is. "
            "Take the link away, and run the command again."
        )
    if target.exists() and not (target.is_dir() and may_be_model(target)):
        raise StorageError(f"{target} holds files that are no model's. Move them away, or give another --name.")


def _put(made: Path, target: Path, replaced: Path) -> None:
    """Move `made` to `target`, and what stood there to `replaced`."""
    if target.exists():
        target.replace(replaced)
    try:
        made.replace(target)
    except BaseException:
        if replaced.exists():
            replaced.replace(target)
        raise


@contextlib.contextmanager
def workspace(parent: Path, steps: Steps) -> Iterator[Path]:
    """An empty folder inside `parent`, gone at the end. One process at a time has it; the others wait.

    What a killed run left there is removed first. Raises OSError if `parent` cannot be written.
    """
    from filelock import FileLock, Timeout

    parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(parent / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        with steps.step("Waiting for another export"):
            lock.acquire()
    work = parent / _WORKSPACE
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        with writing_to(parent):
            yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        lock.release()
