"""The rewrites that a writer keeps in files of their own: read again whenever the files have changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from pygls.uris import to_fs_path

if TYPE_CHECKING:
    from lsp_writer.features.revision.library import Library


class _Seen(msgspec.Struct, frozen=True):
    """A file as it was read."""

    path: Path
    size: int
    modified: int


class RewriteFiles:
    """Those in the folder of the writer's settings, and those of workspaces."""

    def __init__(self, settings_folder: Path) -> None:
        self._settings_folder = settings_folder
        self._seen: tuple[_Seen, ...] = ()
        self._read: tuple[Library, list[str]] | None = None

    def library(self, workspace_uris: Iterable[str]) -> tuple[Library, list[str]]:
        """All rewrites on offer, and a sentence for every file that cannot be used."""
        from lsp_writer.features.revision.library import USER_FOLDER, WORKSPACE_FOLDER, library, rewrite_files

        own = self._settings_folder / USER_FOLDER
        others = [folder for uri in workspace_uris if (folder := _inside(uri, WORKSPACE_FOLDER))]
        files = [*rewrite_files(own), *(file for folder in others for file in rewrite_files(folder, links=False))]
        seen = tuple(_as_seen(files))
        if self._read is None or seen != self._seen:
            self._seen = seen
            self._read = library([own], others)
        return self._read


def _inside(uri: str, folder: Path) -> Path | None:
    """`folder` of the workspace at `uri`, or None if that is not on this computer or a link leads out of it."""
    path = to_fs_path(uri)
    if path is None:
        return None
    try:
        there = (Path(path) / folder).resolve()
        return there if there.is_relative_to(Path(path).resolve()) else None
    except (OSError, RuntimeError, ValueError):  # a name that is none, or links that go round in a circle
        return None


def _as_seen(files: Iterable[Path]) -> Iterator[_Seen]:
    for file in files:
        with contextlib.suppress(OSError):  # it was deleted just now
            status = file.stat()
            yield _Seen(file, status.st_size, status.st_mtime_ns)
