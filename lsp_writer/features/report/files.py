"""The files of a book, in reading order, and the file of its report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lsp_writer.errors import InvalidRequest, StorageError
from lsp_writer.features.manuscript_files import files_in, manuscript_of
from lsp_writer.features.report.book import Source
from lsp_writer.folders import write_whole
from lsp_writer.prose.front_matter import entries
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import outline
from lsp_writer.prose.rope import Rope

#: What the report is called where the writer does not say.
REPORT_FILE = "report.html"

# What marks a page as a report, and no other file of the writer's: it stands in front of the title.
_MARK = b'<meta name="generator" content="lsp-writer '
_HEAD = 1_000


def sources_of(path: Path, opened: Mapping[Path, str] | None = None) -> tuple[Source, ...]:
    """The file `path`, or the prose in the folder `path` in the order of its names, 2 before 10. What is hidden is left
    out, and links that lead out of the folder. `opened` has the text of files as an editor shows them. Of a folder's
    files those that cannot be read are `unread`.

    Raises InvalidRequest if there is nothing that can be read.
    """
    if not path.exists():
        raise InvalidRequest(f"There is no file or folder {path}. Check its name.")
    if not path.is_dir():
        return (Source(path.stem, manuscript_of(path, (opened or {}).get(path))),)
    files = files_in(path)
    if not files:
        raise InvalidRequest(f"There is no prose in {path}: no file that ends in .md, .markdown or .txt.")
    sources = tuple(_source_of(file, path, (opened or {}).get(file)) for file in files)
    if all(source.unread for source in sources):
        raise InvalidRequest(f"Nothing in {path} can be read. {sources[0].unread}")
    return sources


def title_of(sources: tuple[Source, ...], name: str) -> str:
    """The title in the front matter of the first source that can be read, or the one first heading over the chapters of
    a single file, or `name`."""
    sources = tuple(source for source in sources if not source.unread)
    first = sources[0].manuscript
    told = entries(first.text) if first.markdown else []
    if title := next((entry.value for entry in told if entry.key == "title" and not entry.nested), ""):
        return title
    headings = [section for section in outline(first) if section.level]
    if len(sources) == 1 and len(headings) > 1 and all(headings[0].level < later.level for later in headings[1:]):
        return headings[0].title or name
    return name


def require_free(file: Path) -> None:
    """Raises InvalidRequest if `file` is something else than an older report: before the work, and not after it."""
    if file.is_dir() or (file.exists() and _MARK not in _head(file)):
        raise InvalidRequest(f"{file} is there already and is no report. Choose another file for it.")


def write_report(file: Path, page: str) -> None:
    """Write `page`, in the place of an older report if there is one, and of nothing else.

    Raises InvalidRequest if `file` is something else, and StorageError if it cannot be written.
    """
    require_free(file)
    try:
        write_whole(file, page.encode("utf-8"), private=False)
    except OSError as error:
        raise StorageError(
            f"{file} cannot be written ({error.strerror}). Free some space, or choose another place for it."
        ) from error


def _source_of(file: Path, folder: Path, opened: str | None) -> Source:
    try:
        return Source(file.stem, manuscript_of(file, opened))
    except InvalidRequest as error:
        nothing = Manuscript(file.resolve().as_uri(), 1, Rope.of(""), markdown=False)
        return Source(str(file.relative_to(folder)), nothing, str(error))


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_HEAD)
    except OSError:
        return b""
