"""Which of the folders that the writer has open a document belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pygls.uris import to_fs_path


def path_of(uri: str) -> Path | None:
    """None if `uri` is no file on this computer."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path) if path else None


def folders_of(workspace_uris: Iterable[str]) -> list[Path]:
    """Those on this computer, in their order."""
    return [folder for uri in workspace_uris if (folder := path_of(uri))]


def folder_around(file: Path, workspace_uris: Iterable[str]) -> Path:
    """The innermost workspace folder that `file` is in, or else its own folder."""
    around = [folder for folder in folders_of(workspace_uris) if file.is_relative_to(folder)]
    return max(around, key=lambda folder: len(folder.parts), default=file.parent)
