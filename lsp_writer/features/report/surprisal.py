"""Surprisal along the book: how unexpected the words are to the language model, read in samples."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

import msgspec

from lsp_writer.features.report.book import Book, Part
from lsp_writer.features.report.charts import Axis, curve
from lsp_writer.features.report.section import Section, Table
from lsp_writer.generation import Finished, JobKey, Kind, Score, Scores, Segment, StopReason, TextModel
from lsp_writer.prose.words import count_words

#: Samples of a book at most; a third of a minute to a minute of a slow processor's time.
MOST_SAMPLES = 64
# Of so many words of the book at least, one.
_EVERY = 150
# Fewer make no curve.
_FEWEST = 6
# What is scored, and what the model has read before it: together half of what it takes at once.
_SCORED, _BEFORE = 500, 300
# The samples on either side that a point of the curve is the mean of.
_AROUND = 2
_MEASURED = (
    "The language model was asked how likely each word is after what stands before it: common turns have few bits, "
    "rare words and sudden turns many. Each dot is a sample, the line their mean from neighbour to neighbour. High "
    "is not good or bad; a level stretch that ought to be a climax is worth a look."
)


class Sample(msgspec.Struct, frozen=True):
    """A passage to be scored, the words of the book in front of it, and what the model reads before."""

    start: int
    before: str
    text: str


class Surprise(msgspec.Struct, frozen=True):
    """Of a sample: where it begins, its words, and their mean surprisal in bits."""

    start: int
    words: int
    bits: float


def samples(book: Book) -> tuple[Sample, ...]:
    """Passages evenly from the whole book; none of a short one."""
    number = min(MOST_SAMPLES, book.words // _EVERY)
    if number < _FEWEST:
        return ()
    wanted = [book.words * (2 * sample + 1) // (2 * number) for sample in range(number)]
    found: list[Sample] = []
    for scene in book.scenes:
        while wanted and wanted[0] < scene.end:
            found.append(_sample(scene, wanted.pop(0)))
    return tuple({sample.start: sample for sample in found}.values())


async def surprises(model: TextModel, book: str, wanted: Sequence[Sample]) -> AsyncIterator[Surprise]:
    """What surprises the model in each sample of the book named `book`, in order. Ends early if the model fails."""
    key = JobKey(f"{book}#report", Kind.CRITIQUE)
    for sample in wanted:
        request = Score(prompt=(Segment(sample.before),), text=sample.text)
        async with aclosing(model.stream(key, request)) as events:
            async for event in events:
                if isinstance(event, Scores) and event.tokens:
                    yield _surprise(sample, event)
                if isinstance(event, Finished) and event.reason is not StopReason.DONE:
                    return


def surprisal_section(book: Book, found: Sequence[Surprise], missing: str) -> Section:
    """`missing` says why nothing was found, for who reads the page."""
    section = Section(id="surprisal", title="Surprisal along the book", meaning="", measured="")
    if len(found) < _FEWEST:
        reason = missing or f"A curve needs a longer text: {_FEWEST * _EVERY:,} words at least."
        return msgspec.structs.replace(section, meaning=reason)
    mean = sum(surprise.bits * surprise.words for surprise in found) / sum(surprise.words for surprise in found)
    rows = [
        {"at": surprise.start + surprise.words // 2, "measured": surprise.bits, "value": value}
        for surprise, value in zip(found, _smoothed(found), strict=True)
    ]
    chart = curve(
        Axis.of(book.words, book.chapters),
        "bits a word",
        rows,
        "How unexpected the words are to the model, along the book.",
        usual=mean,
        dots=True,
    )
    table = tuple((_part_at(book, s.start).name, s.start + 1, s.words, round(s.bits, 2)) for s in found)
    return msgspec.structs.replace(
        section,
        meaning=_meaning(book, found, mean),
        measured=_MEASURED,
        chart=chart,
        table=Table(("Where", "From word", "Words read", "Bits a word"), table),
    )


def _sample(scene: Part, word: int) -> Sample:
    """Whole sentences from the one that holds the word `word` of the book, and what stands before them in the scene."""
    start, text, at = scene.start, "", 0
    for paragraph in scene.paragraphs:
        if start <= word < start + len(paragraph.words):
            inside = paragraph.words[word - start]
            sentence = max((s.start for s in paragraph.sentences if s.start <= inside.start), default=0)
            at, first = len(text) + sentence, start + sum(1 for w in paragraph.words if w.start < sentence)
        start += len(paragraph.words)
        text += paragraph.text.strip("\n") + "\n\n"
        if len(text) - at > _SCORED and start > word:
            break
    scored = text[at : at + _SCORED]
    if len(text) > at + _SCORED and " " in scored:
        scored = scored[: scored.rindex(" ")]
    # The space belongs to the first word: a prompt that ends in one makes it a surprise.
    before = text[max(at - _BEFORE, 0) : at]
    space = before[len(before.rstrip()) :]
    return Sample(first, before.rstrip(), (space or "") + scored.rstrip())


def _surprise(sample: Sample, scores: Scores) -> Surprise:
    read = sample.text[: scores.tokens[-1].end]
    words = max(count_words(read), 1)
    return Surprise(sample.start, words, -sum(token.log_probability for token in scores.tokens) / math.log(2) / words)


def _smoothed(found: Sequence[Surprise]) -> list[float]:
    around = (found[max(place - _AROUND, 0) : place + _AROUND + 1] for place in range(len(found)))
    return [sum(surprise.bits for surprise in group) / len(group) for group in around]


def _part_at(book: Book, word: int) -> Part:
    return next((part for part in book.parts if part.start <= word < part.end), book.parts[-1])


def _meaning(book: Book, found: Sequence[Surprise], mean: float) -> str:
    smoothed = _smoothed(found)
    places = range(len(found))
    highest = _part_at(book, found[max(places, key=smoothed.__getitem__)].start)
    lowest = _part_at(book, found[min(places, key=smoothed.__getitem__)].start)
    words = sum(surprise.words for surprise in found)
    read = f"The model read {words:,} of {book.words:,} words and found {mean:.1f} bits in each."
    if highest == lowest:
        return read
    return f"{read} The least expected words are in {highest.name}, the most expected in {lowest.name}."
