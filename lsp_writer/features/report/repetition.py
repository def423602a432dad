"""The words and phrases that a book returns to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.features.report.book import Book
from lsp_writer.features.report.charts import bars
from lsp_writer.features.report.section import Section, Table, counted
from lsp_writer.prose.names import names_in
from lsp_writer.prose.words import UNSPACED_WORD, count_words, folded

_SHOWN = 15
_LEAST = 3
# Of all words folded, the one that looks wrong.
_PRONOUN = re.compile(r"\Ai(?=\Z|')")
# Words of a phrase, the longest first; of a script without spaces, characters.
_LENGTHS = (6, 5, 4, 3)
# Without a list of plain words, long ones are taken for telling.
_TELLING_LETTERS = 6
# An English phrase neither begins nor ends so: it would be the middle of one.
_NO_BEGINNING = word_set("and of or but that than to")
_NO_END = word_set(
    "a an and as at but by for from his her in into its my no of on or our some that the their this to with your"
)
# A phrase is left out if a longer one stands for so much of its places.
_COVERED = 0.7
_WORDS_MEASURED = (
    "Words that say something, in whatever shape they stand; names and the plainest words (the, was, said) are left "
    "out."
)
_WORDS_MEASURED_OTHERWISE = "Words of six letters and more; names are left out."
_PHRASES_MEASURED = (
    "Runs of three to six words that stand three times at least, without a mark between. One that mostly stands "
    "inside a longer one is left out."
)


class Repeated(msgspec.Struct, frozen=True):
    text: str
    times: int


def repeated_words(book: Book) -> tuple[Repeated, ...]:
    """The telling words, the most frequent first; none where words are not parted by spaces."""
    if book.language == "zh":
        return ()
    names = {folded(name) for name in _names(book)}
    counts = Counter(
        word
        for paragraph in book.paragraphs
        for word in _folded_words(paragraph)
        if word.removesuffix("'s") not in names and _tells(word, book.language)
    )
    return _most(counts)


def repeated_phrases(book: Book) -> tuple[Repeated, ...]:
    """Runs of words, the most frequent first, without those that a longer one stands for."""
    names = {folded(name) for name in _names(book)}
    runs = [run for paragraph in book.paragraphs for run in _runs(paragraph)]
    found: list[tuple[tuple[str, ...], int]] = []
    counts = {length: _counted(runs, length) for length in sorted(_LENGTHS)}
    inside: Counter[tuple[str, ...]] = Counter()
    for length in _LENGTHS:
        for phrase, times in counts[length].items():
            # Of a run longer than the longest phrase the first part stands for the others.
            longer = inside[phrase] if length < max(_LENGTHS) else inside[phrase[:-1]]
            covered = longer >= _COVERED * times
            for shorter in {phrase[:-1], phrase[1:]}:
                inside[shorter] = max(inside[shorter], times)
            if not covered and _is_phrase(phrase, names, book.language):
                found.append((phrase, times))
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple(Repeated(_joined(phrase), times) for phrase, times in found[:_SHOWN])


def words_section(book: Book) -> Section:
    section = Section(id="words", title="Words you return to", meaning="", measured="")
    if book.language == "zh":
        reason = "Chinese does not part its words, so they cannot be counted; phrases are, below."
        return msgspec.structs.replace(section, meaning=reason)
    found = repeated_words(book)
    measured = _WORDS_MEASURED if book.language == "en" else _WORDS_MEASURED_OTHERWISE
    if not found:
        return msgspec.structs.replace(section, meaning="No telling word stands three times.", measured=measured)
    first = found[0]
    every = book.words / first.times
    meaning = f"“{first.text}” leads with {counted(first.times, 'place')}, one in every {every:,.0f} words"
    meaning += "." if len(found) < 3 else f"; “{found[1].text}” and “{found[2].text}” follow."
    return _filled(section, meaning, measured, found, book)


def phrases_section(book: Book) -> Section:
    section = Section(id="phrases", title="Phrases you return to", meaning="", measured=_PHRASES_MEASURED)
    found = repeated_phrases(book)
    if not found:
        reason = "No phrase of three words and more stands three times: nothing to draw, and nothing to mend."
        return msgspec.structs.replace(section, meaning=reason)
    meaning = f"“{found[0].text}” stands {found[0].times:,} times"
    # Of equally long ones the first, which is the most frequent.
    longest = max(found, key=lambda phrase: count_words(phrase.text))
    more = (
        f"; the longest of them is “{longest.text}”, {longest.times:,} times."
        if count_words(longest.text) > count_words(found[0].text)
        else "."
    )
    return _filled(section, meaning + more, _PHRASES_MEASURED, found, book)


def _filled(section: Section, meaning: str, measured: str, found: Sequence[Repeated], book: Book) -> Section:
    chart = bars("times", [(repeated.text, repeated.times) for repeated in found], f"{section.title}, counted.")
    rows = tuple((repeated.text, repeated.times, round(10_000 * repeated.times / book.words, 1)) for repeated in found)
    return msgspec.structs.replace(
        section,
        meaning=meaning,
        measured=measured,
        chart=chart,
        table=Table(("What", "Times", "In 10,000 words"), rows),
    )


def _most(counts: Counter[str]) -> tuple[Repeated, ...]:
    often = sorted((pair for pair in counts.items() if pair[1] >= _LEAST), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Repeated(word, times) for word, times in often[:_SHOWN])


def _names(book: Book) -> frozenset[str]:
    return names_in("\n\n".join(paragraph.text for paragraph in book.paragraphs), book.language)


def _tells(word: str, language: str) -> bool:
    if language == "en":
        return len(word) > 2 and word not in plain_words() and "'" not in word
    return len(word) >= _TELLING_LETTERS


def _is_phrase(phrase: tuple[str, ...], names: set[str], language: str) -> bool:
    """Not a person's whole name, nor so little as “in the”."""
    if all(word.removesuffix("'s") in names for word in phrase):
        return False
    if UNSPACED_WORD.fullmatch(phrase[0]):
        return len(phrase) > 3 and len(set(phrase)) > 1
    if language != "en":
        return True
    whole = phrase[0] not in _NO_BEGINNING and phrase[-1] not in _NO_END
    return whole and any(_tells(word, language) and word.removesuffix("'s") not in names for word in phrase)


def _folded_words(paragraph: Reading) -> list[str]:
    return [folded(paragraph[word]) for word in paragraph.words]


def _runs(paragraph: Reading) -> Iterator[list[str]]:
    """Words with nothing but a space between them, or nothing where words are not parted."""
    run: list[str] = []
    end = 0
    for word in paragraph.words:
        between = paragraph.text[end : word.start]
        if run and between and not between.isspace():
            yield run
            run = []
        run.append(folded(paragraph[word]))
        end = word.end
    if run:
        yield run


def _counted(runs: Iterable[Sequence[str]], length: int) -> dict[tuple[str, ...], int]:
    counts = Counter(tuple(run[start : start + length]) for run in runs for start in range(len(run) - length + 1))
    return {phrase: times for phrase, times in counts.items() if times >= _LEAST}


def _joined(phrase: tuple[str, ...]) -> str:
    if UNSPACED_WORD.fullmatch(phrase[0]):
        return "".join(phrase)
    return " ".join(_PRONOUN.sub("I", word) for word in phrase)


@cache
def plain_words() -> frozenset[str]:
    """English words that every text is full of."""
    file = resources.files("lsp_writer.features.report").joinpath("plain_words.txt").read_text("utf-8")
    return frozenset(word for line in file.splitlines() if not line.startswith("#") for word in line.split())
