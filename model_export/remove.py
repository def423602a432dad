"""Taking an installed model away, whole."""

from __future__ import annotations

from pathlib import Path

from lsp_writer.errors import InvalidRequest
from lsp_writer.inference.installed import is_name, unknown_name
from lsp_writer.inference.manifest import MANIFEST_FILE
from model_export.install import may_be_model, workspace
from model_export.progress import Steps


def folder_to_remove(name: str, models: Path) -> Path:
    """The folder of the model `name`, damaged or not, or the link of that name.

    Raises InvalidRequest or ModelUnavailable if there is none, or if it may hold something else.
    """
    if not is_name(name):
        raise InvalidRequest(
            f"{name} is not a model's name, and only models in {models} are removed. "
            "Their names: python -m model_export list"
        )
    folder = models / name
    if folder.is_symlink():
        return folder
    if not folder.is_dir():
        raise unknown_name(name, models)
    if not may_be_model(folder):
        raise InvalidRequest(
            f"{folder} has no {MANIFEST_FILE}, and other files than a model's. Look at it and delete it yourself."
        )
    return folder


def remove(folder: Path, steps: Steps) -> None:
    """Remove `folder`, or only the link if it is one. A running export is waited for. Raises OSError."""
    with workspace(folder.parent, steps) as work:
        if folder.is_symlink():
            folder.unlink()
        else:
            # In one step, so that no half of a model is left if this is stopped; the workspace is emptied at its end.
            folder.replace(work / folder.name)


def bytes_in(folder: Path) -> int:
    """Of the files in `folder`, links not followed; 0 for a link. Raises OSError."""
    if folder.is_symlink():
        return 0
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
