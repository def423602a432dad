"""What the files of a workspace have for symbols, read again when they have changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from lsprotocol import types

from lsp_writer.errors import InvalidRequest
from lsp_writer.server.symbols import told

# A larger file is no manuscript, and a larger folder holds something else than books.
_MOST_BYTES, _MOST_FILES = 10_000_000, 2_000


class _Read(msgspec.Struct, frozen=True):
    """A file as it was read, and its symbols."""

    modified: int
    symbols: tuple[types.SymbolInformation, ...]


class WorkspaceSymbols:
    """Remembers the files that have not changed since they were read. From several threads: it is replaced whole."""

    def __init__(self) -> None:
        self._files: dict[Path, _Read] = {}

    def below(
        self, folders: Sequence[Path], opened: frozenset[Path], encoding: types.PositionEncodingKind
    ) -> Iterator[types.SymbolInformation]:
        """The symbols of all files in `folders` that are not `opened`. What cannot be read has none."""
        from lsp_writer.features.manuscript_files import files_in

        files = [file for folder in folders for file in files_in(folder) if file not in opened][:_MOST_FILES]
        self._files = {file: read for file in files if (read := self._read(file, encoding))}
        for read in self._files.values():
            yield from read.symbols

    def _read(self, file: Path, encoding: types.PositionEncodingKind) -> _Read | None:
        from lsp_writer.features.manuscript_files import manuscript_of

        with contextlib.suppress(OSError, InvalidRequest):
            status = file.stat()
            earlier = self._files.get(file)
            if earlier and earlier.modified == status.st_mtime_ns:
                return earlier
            if status.st_size <= _MOST_BYTES:
                return _Read(status.st_mtime_ns, tuple(told(manuscript_of(file), encoding)))
        return None
