"""Pace by scene: how soon a new paragraph begins."""

from __future__ import annotations

from statistics import median

from lsp_writer.features.report.book import Book, Part, sentence_lengths, spoken_words
from lsp_writer.features.report.charts import Axis, steps
from lsp_writer.features.report.section import Section, Table, share
from lsp_writer.prose.words import reading_seconds

# A scene of fewer words has no pace to speak of.
_TELLING = 50
_MEASURED = (
    "Each block is a scene, or a stretch of a book that is one scene, as wide as it is long. The higher it stands, the "
    "shorter its paragraphs: talk and action run high, description and thought run low. The dashed line is the median."
)


def words_a_paragraph(part: Part) -> float:
    return part.words / len(part.paragraphs)


def pace_section(book: Book) -> Section:
    parts = book.finest
    rows = [{"start": part.start, "end": part.end, "value": 1000 / words_a_paragraph(part)} for part in parts]
    chart = steps(
        Axis.of(book.words, book.chapters),
        "paragraphs in 1,000 words",
        rows,
        "How many paragraphs begin in 1,000 words of each scene.",
        usual=median(1000 / words_a_paragraph(part) for part in parts),
    )
    return Section(
        id="pace",
        title="Pace by scene",
        meaning=_meaning(book),
        measured=_MEASURED,
        chart=chart if len(parts) > 1 else None,
        table=Table(
            ("Where", "Words", "Minutes to read", "Words a paragraph", "Words a sentence", "Dialogue"),
            tuple(_row(part) for part in parts),
        ),
    )


def _row(part: Part) -> tuple[str | int | float, ...]:
    sentences = sum(len(sentence_lengths(paragraph)) for paragraph in part.paragraphs)
    spoken = sum(spoken_words(paragraph) for paragraph in part.paragraphs)
    return (
        part.name,
        part.words,
        round(reading_seconds(part.words) / 60, 1),
        round(words_a_paragraph(part), 1),
        round(part.words / max(sentences, 1), 1),
        share(spoken, part.words),
    )


def _meaning(book: Book) -> str:
    told = [part for part in book.finest if part.words >= _TELLING] or list(book.finest)
    usual = f"In the middle scene a new paragraph begins every {median(map(words_a_paragraph, told)):.0f} words."
    if len(book.scenes) == 1:
        usual = f"In this one scene a new paragraph begins every {words_a_paragraph(book.scenes[0]):.0f} words."
    quickest, slowest = min(told, key=words_a_paragraph), max(told, key=words_a_paragraph)
    if len(told) < 2 or round(words_a_paragraph(quickest)) == round(words_a_paragraph(slowest)):
        return usual
    return (
        f"{usual} The quickest is {quickest.name} (every {words_a_paragraph(quickest):.0f}), "
        f"the slowest {slowest.name} (every {words_a_paragraph(slowest):.0f})."
    )
