"""The rewrites on offer: those that are shipped, and the writer's own beside them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.commission import brief
from lsp_writer.features.revision.entry import Entry, read_entry

#: Where a workspace keeps rewrites of its own.
WORKSPACE_FOLDER = Path(".lsp-writer", "rewrites")
#: Where a writer's settings folder keeps them.
USER_FOLDER = "rewrites"

_GROUPS = ("own", "style", "craft", "grammar", "invention")
# A folder of more is not one of rewrites.
_MOST_FILES = 200


class Library(msgspec.Struct, frozen=True):
    """Entries by id, in the order in which they are offered."""

    entries: Mapping[str, Entry]

    def find(self, identifier: str) -> Entry:
        """Raises InvalidRequest if there is none, naming what may have been meant."""
        entry = self.entries.get(identifier)
        if entry is None:
            named = brief(identifier[:64])
            alike = difflib.get_close_matches(named, self.entries)
            choices = f"Did you mean {' or '.join(alike)}?" if alike else f"Choose one of: {', '.join(self.entries)}."
            raise InvalidRequest(f"There is no rewrite called “{named}”. {choices}")
        return entry


@cache
def shipped() -> Library:
    """The rewrites that come with the program."""
    with resources.as_file(resources.files("lsp_writer.features.revision") / "catalogue") as folder:
        return _library(read_entry(file) for file in sorted(folder.glob("*.toml")))


def library(folders: Iterable[Path], adding: Iterable[Path] = ()) -> tuple[Library, list[str]]:
    """The shipped rewrites with those of `folders`, a later one taking the place of an earlier of the same name, and
    with those of the folders `adding`, which take the place of none; and a sentence for every file that cannot be used.
    A folder need not exist."""
    entries = dict(shipped().entries)
    problems: list[str] = []
    folders, adding = list(folders), list(adding)
    for file in (file for folder in folders for file in rewrite_files(folder)):
        _take(file, entries, problems)
    taken = frozenset(entries)
    for folder in (*folders, *adding):
        passed = set(rewrite_files(folder, links=folder in folders))
        problems += [f"{file} was ignored: {_no_file(file)}." for file in _files(folder) if file not in passed]
    for file in (file for folder in adding for file in rewrite_files(folder, links=False)):
        if file.stem in taken:
            problems.append(f"{file} was ignored: there is a rewrite of that name. Give the file another name.")
        else:
            _take(file, entries, problems)
    return _library(entries.values()), problems


def rewrite_files(folder: Path, *, links: bool = True) -> list[Path]:
    """The files in `folder` that rewrites are read from, in order: regular files, or links to such. Without `links`,
    nothing that a link leads to, so that a workspace shows nothing from outside itself."""
    try:
        return [file for file in _files(folder) if file.is_file() and (links or not file.is_symlink())]
    except OSError:
        return []


def _files(folder: Path) -> list[Path]:
    """What is called like a rewrite's file there, whatever it is."""
    try:
        return sorted(folder.glob("*.toml"))[:_MOST_FILES]
    except OSError:
        return []


def _no_file(file: Path) -> str:
    return "a workspace's rewrites are read from files, not through links" if file.is_file() else "it is not a file"


def _take(file: Path, entries: dict[str, Entry], problems: list[str]) -> None:
    try:
        entry = read_entry(file)
    except InvalidRequest as error:
        problems.append(str(error))
    else:
        entries[entry.id] = msgspec.structs.replace(entry, group="own")


def _library(entries: Iterable[Entry]) -> Library:
    ordered = sorted(entries, key=lambda entry: (_GROUPS.index(entry.group), entry.title))
    return Library({entry.id: entry for entry in ordered})
