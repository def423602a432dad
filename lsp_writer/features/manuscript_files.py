"""The prose in a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lsp_writer.errors import InvalidRequest
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

_MARKDOWN = frozenset({".md", ".markdown"})
_PROSE = _MARKDOWN | {".txt"}


def files_in(folder: Path) -> Sequence[Path]:
    """The files of prose below `folder` in the order of their names, 2 before 10. What is hidden is left out, and so
    are links that lead out of the folder."""
    return sorted(_found_in(folder), key=lambda file: _natural_order(file.relative_to(folder)))


def manuscript_of(file: Path, opened: str | None = None) -> Manuscript:
    """What is in `file`, or its text `opened` as an editor shows it.

    Raises InvalidRequest if it cannot be read or is not UTF-8.
    """
    try:
        text = opened if opened is not None else file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{file} is not UTF-8 text. Save it as UTF-8, or take it out of the folder.") from error
    except OSError as error:
        raise InvalidRequest(f"{file} cannot be read ({error.strerror}). Check its name and permissions.") from error
    return Manuscript(file.resolve().as_uri(), 1, Rope.of(text), file.suffix.lower() in _MARKDOWN)


def _found_in(folder: Path) -> Iterator[Path]:
    """Without following links to folders, so that none leads around in a circle."""
    whole = folder.resolve()
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(parent) / name
            if name.startswith(".") or file.suffix.lower() not in _PROSE or not _may_be_file(file):
                continue
            if file.resolve().is_relative_to(whole):
                yield file


def _may_be_file(path: Path) -> bool:
    """Also what stands in a folder that hides it, so that whoever reads it says so."""
    try:
        return path.is_file()
    except PermissionError:
        return True


def _natural_order(path: Path) -> list[tuple[int, int, str]]:
    """Sorts "chapter 2" before "chapter 10"."""
    pieces = re.split(r"(\d+)", str(path).casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece]
