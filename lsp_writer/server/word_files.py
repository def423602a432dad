"""The lists of words and findings that are never to be spoken of: read again whenever their files have changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from lsp_writer.server.workspace_folders import folder_around, folders_of, path_of

if TYPE_CHECKING:
    from lsp_writer.features.critiques.silence import Silence
    from lsp_writer.features.critiques.word_lists import WordLists

# Stories whose lists are kept in memory.
_MOST = 20


class _Seen(msgspec.Struct, frozen=True):
    """A file as it was read."""

    path: Path
    size: int
    modified: int


class _Read(msgspec.Struct, frozen=True):
    seen: tuple[_Seen, ...]
    silence: Silence
    problems: list[str]


class WordFiles:
    """Those in the folder of the writer's settings, and those of stories."""

    def __init__(self, settings_folder: Path) -> None:
        self._settings_folder = settings_folder
        self._read: dict[Path | None, _Read] = {}

    def of(self, uri: str, workspace_uris: Iterable[str]) -> WordLists:
        """The lists that hold for the document at `uri`. Its story is its workspace, or else the folder it is in."""
        from lsp_writer.features.critiques.word_lists import WordLists

        return WordLists(self._settings_folder, _story_of(uri, workspace_uris))

    def silence(self, lists: WordLists) -> tuple[Silence, list[str]]:
        """What `lists` silence as they are now, and a sentence for every file that cannot be used."""
        seen = tuple(_as_seen(lists.files))
        read = self._read.get(lists.story)
        if read is None or read.seen != seen:
            self._read.pop(lists.story, None)
            read = self._read[lists.story] = _Read(seen, *lists.read())
            if len(self._read) > _MOST:
                del self._read[next(iter(self._read))]
        return read.silence, read.problems


def _story_of(uri: str, workspace_uris: Iterable[str]) -> Path | None:
    """The first workspace folder for a text that was never saved; None if there is none, or for one that is not on this
    computer."""
    if file := path_of(uri):
        return folder_around(file, workspace_uris)
    return next(iter(folders_of(workspace_uris)), None) if uri.startswith("untitled:") else None


def _as_seen(files: Iterable[Path]) -> Iterator[_Seen]:
    for file in files:
        with contextlib.suppress(OSError, ValueError):  # it is not there, or can have no such name
            status = file.stat()
            yield _Seen(file, status.st_size, status.st_mtime_ns)
