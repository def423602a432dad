"""Dialogue against narration: how much of each part is spoken."""

from __future__ import annotations

from lsp_writer.features.report.book import Book, spoken_words
from lsp_writer.features.report.charts import Axis, steps
from lsp_writer.features.report.section import Section, Table, share

_MEASURED = (
    "Words between quotation marks, or after an opening dash, count as spoken. The strong part of each block is "
    "dialogue, the faint part narration."
)


def spoken_by_part(book: Book) -> tuple[int, ...]:
    """The spoken words of each part."""
    return tuple(sum(spoken_words(paragraph) for paragraph in part.paragraphs) for part in book.parts)


def voices_section(book: Book) -> Section:
    spoken = spoken_by_part(book)
    parts = list(zip(book.parts, spoken, strict=True))
    rows = [{"start": part.start, "end": part.end, "value": words / part.words} for part, words in parts]
    chart = steps(
        Axis.of(book.words, book.chapters), "spoken words", rows, "The share of dialogue in each part.", percent=True
    )
    table = tuple((part.name, part.words, words, part.words - words, share(words, part.words)) for part, words in parts)
    return Section(
        id="dialogue",
        title="Dialogue and narration",
        meaning=_meaning(book, spoken),
        measured=_MEASURED,
        chart=chart if sum(spoken) and len(parts) > 1 else None,
        table=Table(("Where", "Words", "Spoken", "Told", "Dialogue"), table),
    )


def _meaning(book: Book, spoken: tuple[int, ...]) -> str:
    if not sum(spoken):
        return "Nobody speaks: there is no dialogue in the book, so there is nothing to draw."
    whole = f"{share(sum(spoken), book.words)} of the words are spoken."
    told = [(part.name, words / part.words) for part, words in zip(book.parts, spoken, strict=True)]
    most, least = max(told, key=lambda pair: pair[1]), min(told, key=lambda pair: pair[1])
    if len(told) < 2 or most[1] == least[1]:
        return whole
    silent = sum(1 for _, part in told if part == 0)
    if silent > 1:
        return f"{whole} Most is said in {most[0]} ({most[1]:.0%}); in {silent} of {len(told)} parts nobody speaks."
    return f"{whole} Most is said in {most[0]} ({most[1]:.0%}), least in {least[0]} ({least[1]:.0%})."
