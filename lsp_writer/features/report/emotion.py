"""The emotional arc: where words of gladness stand, and where words of gloom."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from importlib import resources
from itertools import accumulate

import msgspec

from lsp_writer.features.report.book import Book, Part
from lsp_writer.features.report.charts import Axis, curve
from lsp_writer.features.report.section import Section, Table
from lsp_writer.prose.words import folded

# A book of fewer words has no arc.
_TELLING = 1_000
# The words that a point of the curve looks at: a twelfth of the book, within these bounds.
_PART, _LEAST, _MOST = 12, 300, 6_000
_POINTS = 120
# So many words after a negation count for nothing: "not happy" is not happy, nor is it sad.
_REACH = 3
_NEGATION = re.compile(r"(?:not|no|never|nor|neither|without|hardly|scarcely|cannot|\w+n't)\Z")
_MEASURED = (
    "It is a count of words, and no understanding: each word has a weight from gloomy to glad (VADER’s list), and "
    "the curve is their sum in 100 words, over {window:,} words around each point. Above the dashed line, the book’s "
    "own mean, it is brighter than usual. Irony is lost on it."
)


class Point(msgspec.Struct, frozen=True):
    """The balance of gladness and gloom in 100 words around a place in the book."""

    at: int
    balance: float


class Arc(msgspec.Struct, frozen=True):
    points: tuple[Point, ...]
    #: Of the whole book.
    mean: float
    #: How many words each point looks at.
    window: int
    #: Words that have a weight.
    felt: int


def arc(book: Book) -> Arc:
    """The arc of an English book."""
    weights = _weights_in(book)
    words = len(weights)
    window = min(max(words // _PART, _LEAST), _MOST, max(words, 1))
    sums = list(accumulate(weights, initial=0.0))
    number = max(min(_POINTS, words // 20), 1)
    points = []
    for point in range(number):
        at = words * point // max(number - 1, 1)
        start, end = max(at - window // 2, 0), min(at + window // 2, words)
        points.append(Point(at, 100 * (sums[end] - sums[start]) / max(end - start, 1)))
    felt = sum(1 for weight in weights if weight)
    return Arc(tuple(points), 100 * sums[-1] / max(words, 1), window, felt)


def emotion_section(book: Book) -> Section:
    section = Section(id="emotion", title="Emotional arc", meaning="", measured="")
    if book.language != "en":
        reason = "Words of gladness and gloom are known in English only, so this chart is left out."
        return msgspec.structs.replace(section, meaning=reason)
    if book.words < _TELLING:
        reason = f"An arc needs a longer text: {_TELLING:,} words at least."
        return msgspec.structs.replace(section, meaning=reason)
    found = arc(book)
    rows = [{"at": point.at, "value": point.balance} for point in found.points]
    return msgspec.structs.replace(
        section,
        meaning=_meaning(book, found),
        measured=_MEASURED.format(window=found.window),
        chart=curve(
            Axis.of(book.words, book.chapters),
            "gladness less gloom in 100 words",
            rows,
            "The balance of glad and gloomy words along the book.",
            usual=found.mean,
        ),
        table=_table(book),
    )


def _meaning(book: Book, found: Arc) -> str:
    brightest = max(found.points, key=lambda point: point.balance)
    darkest = min(found.points, key=lambda point: point.balance)
    first, last = found.points[0].balance, found.points[-1].balance
    ends = "brighter than it begins" if last > first else "darker than it begins"
    return (
        f"Counting glad and gloomy words, the book is brightest in {_part_at(book, brightest.at).name}, darkest in "
        f"{_part_at(book, darkest.at).name}, and ends {ends}."
    )


def _part_at(book: Book, word: int) -> Part:
    starts = [part.start for part in book.parts]
    return book.parts[max(bisect_left(starts, word + 1) - 1, 0)]


def _table(book: Book) -> Table:
    weights = _weights_in(book)
    rows = []
    for part in book.parts:
        here = weights[part.start : part.end]
        glad, gloomy = sum(1 for weight in here if weight > 0), sum(1 for weight in here if weight < 0)
        rows.append((part.name, glad, gloomy, round(100 * sum(here) / part.words, 2)))
    return Table(("Where", "Glad words", "Gloomy words", "Balance in 100 words"), tuple(rows))


def _weights_in(book: Book) -> list[float]:
    """Of every word of the book, in order."""
    weights = emotion_weights()
    found = []
    for paragraph in book.paragraphs:
        negated = -1
        for number, span in enumerate(paragraph.words):
            word = folded(paragraph[span])
            found.append(0.0 if number <= negated else weights.get(word, 0.0))
            if _NEGATION.match(word):
                negated = number + _REACH
    return found


@cache
def emotion_weights() -> dict[str, float]:
    """Words in small letters, with weights from -4 to 4."""
    file = resources.files("lsp_writer.features.report").joinpath("emotion_words.txt").read_text("utf-8")
    pairs = (line.split() for line in file.splitlines() if not line.startswith("#"))
    return {word: float(weight) for word, weight in pairs}
