"""Sentence-length rhythm: how long sentences are, from the first to the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from lsp_writer.features.report.book import Book, Part, sentence_lengths
from lsp_writer.features.report.charts import Axis, Chart, band, steps
from lsp_writer.features.report.quartiles import Quartiles
from lsp_writer.features.report.section import Section, Table

# Fewer sentences have no rhythm to draw.
_FEWEST = 3
# Up to so many sentences each is drawn for itself.
_EACH = 150
# Else they are drawn in so many stretches at most, of so many sentences at least.
_STRETCHES, _LEAST = 80, 12
# Of a chapter with fewer sentences nothing is said.
_TELLING = 5
_MEASURED = (
    "A sentence is measured in words. The line is the median of each stretch of the book, the band the half of its "
    "sentences around it: a wide band is a varied rhythm, a narrow one an even rhythm."
)
_MEASURED_EACH = (
    "Every sentence is one block, as wide and as high as it has words: a level row of blocks is an even rhythm."
)


class Sentence(msgspec.Struct, frozen=True):
    """How many words of the book stand before it, and how many it has."""

    start: int
    words: int


class Rhythm(msgspec.Struct, frozen=True):
    sentences: tuple[Sentence, ...]
    lengths: Quartiles
    #: As many as the book has parts.
    by_part: tuple[Quartiles, ...]


def rhythm(book: Book) -> Rhythm:
    sentences = tuple(sentence for scene in book.scenes for sentence in _sentences(scene))
    by_part = tuple(Quartiles.of([sentence.words for sentence in _sentences(part)]) for part in book.parts)
    return Rhythm(sentences, Quartiles.of([sentence.words for sentence in sentences]), by_part)


def rhythm_section(book: Book) -> Section:
    found = rhythm(book)
    return Section(
        id="rhythm",
        title="Sentence rhythm",
        meaning=_meaning(book, found),
        measured=_MEASURED_EACH if len(found.sentences) <= _EACH else _MEASURED,
        chart=_chart(book, found),
        table=_table(book, found),
    )


def _sentences(part: Part) -> Iterator[Sentence]:
    start = part.start
    for paragraph in part.paragraphs:
        for words in sentence_lengths(paragraph):
            yield Sentence(start, words)
            start += words


def _meaning(book: Book, found: Rhythm) -> str:
    if len(found.sentences) == 1:
        return f"One sentence, of {found.lengths.middle:.0f} words."
    low, high = round(found.lengths.low), round(found.lengths.high)
    half = f"Half of your sentences have between {low} and {high} words" if low < high else "Half of your sentences"
    half += f"; the median is {found.lengths.middle:.0f}." if low < high else f" have {low} words."
    told = [
        (part, quartiles.middle)
        for part, quartiles in zip(book.parts, found.by_part, strict=True)
        if sum(1 for _ in _sentences(part)) >= _TELLING
    ]
    if len(told) < 2:
        return half
    longest, shortest = max(told, key=lambda pair: pair[1]), min(told, key=lambda pair: pair[1])
    if longest[1] == shortest[1]:
        return f"{half} No part of the book differs from another."
    return (
        f"{half} They run longest in {longest[0].name} (median {longest[1]:.0f}), and shortest in "
        f"{shortest[0].name} ({shortest[1]:.0f})."
    )


def _chart(book: Book, found: Rhythm) -> Chart | None:
    if len(found.sentences) < _FEWEST:
        return None
    return _each(book, found) if len(found.sentences) <= _EACH else _in_stretches(book, found)


def _each(book: Book, found: Rhythm) -> Chart:
    rows = [
        {"start": sentence.start, "end": sentence.start + sentence.words, "value": sentence.words}
        for sentence in found.sentences
    ]
    axis = Axis.of(book.words, book.chapters)
    return steps(axis, "words in each sentence", rows, "The length of each sentence, in order.")


def _in_stretches(book: Book, found: Rhythm) -> Chart:
    rows = [
        {
            "at": (group[0].start + group[-1].start + group[-1].words) // 2,
            "low": quartiles.low,
            "middle": quartiles.middle,
            "high": quartiles.high,
        }
        for group in _groups(found.sentences)
        for quartiles in [Quartiles.of([sentence.words for sentence in group])]
    ]
    axis = Axis.of(book.words, book.chapters)
    return band(axis, "words in a sentence", rows, "The length of sentences along the book, with the usual spread.")


def _groups(sentences: Sequence[Sentence]) -> Iterator[Sequence[Sentence]]:
    number = min(_STRETCHES, len(sentences) // _LEAST)
    for group in range(number):
        yield sentences[group * len(sentences) // number : (group + 1) * len(sentences) // number]


def _table(book: Book, found: Rhythm) -> Table:
    rows = []
    for part, quartiles in zip(book.parts, found.by_part, strict=True):
        lengths = [sentence.words for sentence in _sentences(part)]
        middle = (round(quartiles.low, 1), round(quartiles.middle, 1), round(quartiles.high, 1))
        rows.append((part.name, len(lengths), *middle, max(lengths, default=0)))
    return Table(
        ("Where", "Sentences", "A quarter below", "Half below", "Three quarters below", "Longest"), tuple(rows)
    )
