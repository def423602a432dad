"""A manuscript on disk: read once, and replaced whole or not at all."""

from __future__ import annotations

import codecs
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from lsp_writer.errors import InvalidRequest, StorageError
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

_MARKDOWN = frozenset({".md", ".markdown", ".mdx"})


class ManuscriptFile(msgspec.Struct, frozen=True):
    """A file and the bytes that were read from it."""

    path: Path
    content: bytes

    @classmethod
    def read(cls, path: Path) -> ManuscriptFile:
        """Raises InvalidRequest if `path` cannot be read."""
        try:
            return cls(path, path.read_bytes())
        except OSError as error:
            raise InvalidRequest(
                f"{path} cannot be read ({error.strerror}). Check its name and permissions."
            ) from error

    def manuscript(self) -> Manuscript:
        """The text, its line endings as they are, without a byte-order mark.

        Raises InvalidRequest if it is not UTF-8.
        """
        try:
            text = self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidRequest(f"{self.path} is not UTF-8 text. Save it as UTF-8 and try again.") from error
        return Manuscript(self.path.resolve().as_uri(), 1, Rope.of(text), self.path.suffix.lower() in _MARKDOWN)

    def replace(self, text: str) -> None:
        """Put `text` into the file, which keeps its byte-order mark and permissions.

        Raises InvalidRequest if the file is not what was read any more, and StorageError if it cannot be written; both
        leave it as it is.
        """
        path = self.path.resolve()
        mark = codecs.BOM_UTF8 if self.content.startswith(codecs.BOM_UTF8) else b""
        try:
            with _written_beside(path, mark + text.encode("utf-8")) as made:
                self._require_unchanged(path)
                made.replace(path)
        except OSError as error:
            raise StorageError(
                f"{self.path} cannot be written ({error.strerror}) and is as it was. "
                "Free some space, or check the permissions of the file and its folder."
            ) from error

    def _require_unchanged(self, path: Path) -> None:
        if path.read_bytes() != self.content:
            raise InvalidRequest(
                f"{self.path} was changed while the rewrite was being made, so nothing was written. "
                "Run the command again."
            )


@contextmanager
def _written_beside(path: Path, content: bytes) -> Iterator[Path]:
    """A new file in the folder of `path`, with its permissions and `content` safely on the disk; removed at the end,
    unless it has been moved. Writing in place would leave a stump when the disk is full."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, made)
        yield made
    finally:
        made.unlink(missing_ok=True)
