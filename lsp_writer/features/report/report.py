"""The report on a book: what is measured, and the page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.features.report.book import Book, Source, book_of
from lsp_writer.features.report.emotion import emotion_section
from lsp_writer.features.report.findings import findings, findings_section, heard
from lsp_writer.features.report.pace import pace_section
from lsp_writer.features.report.page import page
from lsp_writer.features.report.presence import presence_section
from lsp_writer.features.report.repetition import phrases_section, words_section
from lsp_writer.features.report.rhythm import rhythm_section
from lsp_writer.features.report.section import Section
from lsp_writer.features.report.surprisal import Sample, Surprise, samples, surprisal_section
from lsp_writer.features.report.voices import voices_section

#: Says what is being done: "Reading", and how much of how much.
Tell = Callable[[str, int, int], None]

_BEFORE_SURPRISAL = (rhythm_section, voices_section, pace_section, presence_section, emotion_section)
_AFTER_SURPRISAL = (words_section, phrases_section)


class Measured(msgspec.Struct, frozen=True):
    """A report that waits for what the model says of its samples."""

    book: Book
    before: tuple[Section, ...]
    after: tuple[Section, ...]
    samples: tuple[Sample, ...]


def measure(title: str, sources: Sequence[Source], wishes: Wishes, *, proofread: bool = False, tell: Tell) -> Measured:
    """All but the model's part. Some ten seconds for a novel, and a minute more with `proofread`.

    Raises InvalidRequest if there is no prose in `sources`.
    """
    book = book_of(title, sources, lambda done: tell("Reading", done, len(sources)))
    if not book.words:
        raise InvalidRequest(f"There is no prose in {title}. Write something first, or choose another file or folder.")
    steps = len(_BEFORE_SURPRISAL) + len(_AFTER_SURPRISAL)
    made: list[Section] = []
    for section in (*_BEFORE_SURPRISAL, *_AFTER_SURPRISAL):
        tell("Measuring", len(made), steps)
        made.append(section(book))
    found = findings(
        book, wishes, proofread=proofread, tell=lambda done: tell("Looking for findings", done, len(book.sources))
    )
    after = (*made[len(_BEFORE_SURPRISAL) :], findings_section(book, found, heard(book, wishes), proofread=proofread))
    return Measured(book, tuple(made[: len(_BEFORE_SURPRISAL)]), after, samples(book))


def finish(measured: Measured, surprises: Sequence[Surprise], missing: str, tell: Tell) -> str:
    """The page. `missing` says why the model has said nothing. Raises WriterError if charts cannot be drawn."""
    surprisal = surprisal_section(measured.book, surprises, missing)
    sections = (*measured.before, surprisal, *measured.after)
    return page(measured.book, sections, lambda done: tell("Drawing", done, len(sections)))
