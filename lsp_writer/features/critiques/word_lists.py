"""The files in which a writer, or a story, keeps what is never to be spoken of: read as far as they can be, and only
ever added to."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from unicodedata import category

import msgspec

from lsp_writer.errors import InvalidRequest, StorageError
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.silence import LONGEST, Silence, bare, dictionary, ignored, quoted

#: In the folder of the writer's settings, and in `WORKSPACE_FOLDER` of a story's.
DICTIONARY = "dictionary.txt"
#: In `WORKSPACE_FOLDER`.
IGNORED = "ignored.txt"
WORKSPACE_FOLDER = ".lsp-writer"

# Some hundred thousand words; what is larger was not written by adding words.
_LARGEST = 1_000_000
# Control characters, and halves of surrogate pairs.
_NO_TEXT = frozenset({"Cc", "Cs"})
_BOM = b"\xef\xbb\xbf"
_HEADS = {
    DICTIONARY: "# Words and phrases that lsp-writer says nothing about, one a line.\n",
    IGNORED: "# Findings that lsp-writer keeps to itself, one a line: the kind, a colon, the text.\n",
}


class _Unusable(Exception):
    """Why a file is none of ours, and what to do."""


class WordLists(msgspec.Struct, frozen=True):
    """Where the lists are that hold for one manuscript. `story`, the folder that the manuscript belongs to, is None if
    it is in none."""

    user: Path
    story: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Whether they exist or not."""
        own = (self.user / DICTIONARY,)
        return own if self.story is None else (*own, *(_in(self.story) / name for name in (DICTIONARY, IGNORED)))

    def read(self) -> tuple[Silence, list[str]]:
        """What they silence together, and a sentence for each file that cannot be used, or not all of it."""
        silence, problems = Silence(), []
        for file in self.files:
            lines, problem = self._lines(file)
            silence |= ignored(lines) if file.name == IGNORED else dictionary(lines)
            problems += [f"{file} {problem}"] if problem else []
        return silence, problems

    def add_word(self, word: str, *, to_story: bool) -> None:
        """Say nothing about `word`, or a phrase, from now on. Raises InvalidRequest if it is none or the file cannot
        be used, StorageError if it cannot be written."""
        word = bare(word)
        if " #" in word:
            raise InvalidRequest(
                "A dictionary cannot hold this phrase: # after a space begins a comment. "
                "Ignore the finding instead, or add a phrase without #."
            )
        self._add(self._file(DICTIONARY) if to_story else self.user / DICTIONARY, word)

    def ignore(self, kind: CritiqueKind, text: str) -> None:
        """Say nothing of `kind` about `text` in this story. Raises as `add_word`."""
        text = quoted(text)
        self._add(self._file(IGNORED), f"{kind}: {text}" if text else "")

    def _file(self, name: str) -> Path:
        if self.story is None or not self.story.is_dir():  # or it has been moved meanwhile
            raise InvalidRequest("This text is not in a folder yet. Save it and try again.")
        return _in(self.story) / name

    def _lines(self, file: Path) -> tuple[list[str], str]:
        """The lines of `file`, without those that are no UTF-8; none of a file that is not there. If not all can be
        used, also how the sentence about it goes on."""
        try:
            content = self._content(file)
        except FileNotFoundError:
            return [], ""
        except (OSError, ValueError, RuntimeError) as error:  # a folder that cannot be read, links that go in a circle
            reason = (
                f"it cannot be read ({getattr(error, 'strerror', None) or error}). Make it readable, or move it away"
            )
            return [], f"was left aside: {reason}."
        except _Unusable as error:
            return [], f"was left aside: {error}"
        whole = content.removeprefix(_BOM).splitlines()
        lines = [decoded for line in whole if (decoded := _decoded(line)) is not None]
        if len(lines) < len(whole):
            return (
                lines,
                f"has lines that are not UTF-8 ({len(whole) - len(lines)} were passed over). Save it as UTF-8.",
            )
        return lines, ""

    def _content(self, file: Path) -> bytes:
        if not self._may_use(file):
            raise _Unusable("it is a link that leads elsewhere. Put the file itself there.")
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _Unusable("it is not a file. Move it away and add the words again.")
        if status.st_size > _LARGEST:
            raise _Unusable("it is too large for a list of words. Keep one word or phrase a line.")
        content = file.read_bytes()
        if b"\0" in content:
            raise _Unusable("it is not text in UTF-8. Save it as UTF-8 with one word or phrase a line.")
        return content

    def _may_use(self, file: Path) -> bool:
        """Whether `file` is the writer's own, or a story's and really in its folder: a story that was sent shows
        nothing from outside itself, and changes nothing there."""
        if self.story is None or file.parent != _in(self.story):
            return True
        return not file.is_symlink() and file.resolve().is_relative_to(self.story.resolve())

    def _add(self, file: Path, line: str) -> None:
        if (
            not line
            or len(line) > LONGEST
            or line.startswith("#")
            or any(category(letter) in _NO_TEXT for letter in line)
        ):
            raise InvalidRequest("That is no word or phrase to keep in a list. Select one and try again.")
        lines, problem = self._lines(file)
        if problem and not lines:
            raise InvalidRequest(f"Nothing was added. {file} {problem}")
        if line not in lines:
            _append(file, line)


def _in(story: Path) -> Path:
    return story / WORKSPACE_FOLDER


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _append(file: Path, line: str) -> None:
    """Another program, or another window, may write to it as well: whatever it adds meanwhile stays."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab", buffering=0) as target, file.open("rb") as source:
            size = target.tell()
            source.seek(max(size - 1, 0))
            before = "" if source.read(1) in {b"", b"\n", b"\r"} else "\n"
            head = "" if size else _HEADS[file.name]
            # One write, at the end of the file wherever that is by now.
            content = f"{head}{before}{line}\n".encode()
            if (target.write(content) or 0) < len(content):
                # Half a word would be another one.
                target.truncate(size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301  told as any other
    except OSError as error:
        raise StorageError(
            f"{file} could not be written ({error.strerror}). Make room or make it writable, and try again."
        ) from error
