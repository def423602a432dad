"""Who is present where: how often each name stands in each scene."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.features.report.book import Book, Part
from lsp_writer.features.report.charts import Axis, tiles
from lsp_writer.features.report.section import Section, Table
from lsp_writer.prose.names import names_in

_MOST = 15
# A name that stands once is nobody yet.
_LEAST = 2
# More scenes than this are told by chapter in the table.
_MOST_COLUMNS = 60
# Two names are one where the second follows the first, or the first goes before the second, in this part of its places.
_TOGETHER = 0.6
# So much of where a name stands beside another is beside the same one, and it is nobody else's.
_NOBODY_ELSES = 0.8
# Of what has a name, nobody asks where a day was.
_NOBODY = word_set(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September
    October November December Christmas Easter English French German Spanish American Oh Ah Aye God Lord Heaven Mr Mrs
    Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche Dieu Dios Gott Montag Dienstag Mittwoch Donnerstag Freitag
    Samstag Sonntag
    """
)
_MEASURED = (
    "The names that stand most often, people and places alike, as a capital inside a sentence tells them. The darker "
    "a tile, the more often the name stands there in proportion to the scene’s length. Who is only called “she” is "
    "not seen."
)


class Presence(msgspec.Struct, frozen=True):
    """How often each name stands in each of the parts, the most frequent first."""

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def presence(book: Book, parts: Sequence[Part]) -> Presence:
    text = "\n\n".join(paragraph.text for paragraph in book.paragraphs)
    names = names_in(text, book.language) - _NOBODY
    joined = _Joined.of(_runs(book.paragraphs, names))
    by_part = [Counter(joined.people(_runs(part.paragraphs, names))) for part in parts]
    total = sum(by_part, Counter[str]())
    # Equally frequent ones by the alphabet, so that a report comes out the same twice.
    frequent = sorted((name for name in total if total[name] >= _LEAST), key=lambda name: (-total[name], name))[:_MOST]
    return Presence(tuple(frequent), tuple(tuple(counts[name] for counts in by_part) for name in frequent))


def presence_section(book: Book) -> Section:
    found = presence(book, book.finest)
    section = Section(id="presence", title="Who is present where", meaning="", measured=_MEASURED)
    if not found.names:
        reason = (
            "In Chinese a name is not marked, so that nobody can be found by it."
            if book.language == "zh"
            else "No name stands in the book more than once, as far as lsp-writer can tell a name from a word."
        )
        return msgspec.structs.replace(section, meaning=reason)
    rates = [[count / part.words for count, part in zip(counts, book.finest, strict=True)] for counts in found.counts]
    most = max(max(row) for row in rates)
    rows = [
        {"row": row, "start": part.start, "end": part.end, "share": rate / most}
        for row, line in enumerate(rates)
        for part, rate in zip(book.finest, line, strict=True)
        if rate
    ]
    axis = Axis.of(book.words, book.chapters)
    chart = tiles(axis, "how often each name stands in each scene", rows, found.names, "Where each name stands.")
    return msgspec.structs.replace(section, meaning=_meaning(book, found), chart=chart, table=_table(book))


def _meaning(book: Book, found: Presence) -> str:
    places = "scenes" if len(book.scenes) > 1 else "stretches"
    number = len(book.finest)
    here = [sum(1 for count in counts if count) for counts in found.counts]
    first = f"{found.names[0]} is named most, in {here[0]} of {number} {places}."
    rarest = min(range(len(found.names)), key=lambda row: (here[row], -sum(found.counts[row])))
    if here[rarest] == here[0]:
        return first
    if here[rarest] == 1:
        where = next(part.name for part, count in zip(book.finest, found.counts[rarest], strict=True) if count)
        return f"{first} {found.names[rarest]} is named {sum(found.counts[rarest])} times, and only in {where}."
    return f"{first} {found.names[rarest]} keeps to {here[rarest]} of them."


def _table(book: Book) -> Table:
    """By scene, or by chapter where there are many scenes."""
    parts = book.finest if len(book.finest) <= _MOST_COLUMNS else book.parts
    found = presence(book, parts)
    rows = tuple((part.name, *counts) for part, counts in zip(parts, zip(*found.counts, strict=True), strict=True))
    return Table(("Where", *found.names), rows)


def _runs(paragraphs: Iterable[Reading], names: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Names that stand side by side, as they stand; most alone."""
    for paragraph in paragraphs:
        run: list[str] = []
        end = -1
        for word in paragraph.words:
            name = paragraph[word]
            for ending in ("’s", "'s", "’", "'"):
                name = name.removesuffix(ending)
            if run and (name not in names or paragraph.text[end : word.start] != " "):
                yield tuple(run)
                run = []
            if name in names:
                run.append(name)
                end = word.start + len(name)
        if run:
            yield tuple(run)


class _Joined(msgspec.Struct, frozen=True):
    """Which names belong together: “Aunt” with “Polly”, and “Finn” with “Huck”, who is also called so alone."""

    #: Pairs that are a name of their own, and what they are called.
    pairs: dict[tuple[str, str], str]
    #: What a name alone stands for, where that is another.
    alone: dict[str, str]

    @classmethod
    def of(cls, runs: Iterable[tuple[str, ...]]) -> _Joined:
        runs = list(runs)
        single = Counter(name for run in runs for name in run)
        together = Counter(pair for run in runs for pair in pairwise(run) if pair[0] != pair[1])
        pairs: dict[tuple[str, str], str] = {}
        alone: dict[str, str] = {}
        for (first, second), count in together.most_common():
            led, followed = count >= _TOGETHER * single[second], count >= _TOGETHER * single[first]
            if count < _LEAST or not (led or followed):
                continue
            called = f"{first} {second}" if followed else first
            pairs[first, second] = called
            beside = sum(times for pair, times in together.items() if second in pair)
            led = led or (followed and count >= _NOBODY_ELSES * beside)
            if led:
                alone.setdefault(second, called)
            if followed:
                alone.setdefault(first, called)
        return cls(pairs, alone)

    def people(self, runs: Iterable[tuple[str, ...]]) -> Iterator[str]:
        for run in runs:
            taken = False
            for position, name in enumerate(run):
                if taken:
                    taken = False
                    continue
                pair = self.pairs.get((name, run[position + 1])) if position + 1 < len(run) else None
                taken = pair is not None
                yield pair or self.alone.get(name, name)
