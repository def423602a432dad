"""A book as its report reads it: chapters and scenes of read paragraphs, each with its place among the book's words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain, groupby

import msgspec

from lsp_writer.features.critiques.reading import Reading, read
from lsp_writer.features.critiques.story import language_in, shown
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import Section, outline
from lsp_writer.prose.paragraphs import paragraphs_in

# Where nothing else divides a book it is looked at in so many stretches.
_STRETCHES = 40
# A longer title is cut: it stands in sentences and tables.
_LONGEST_TITLE = 60
# Titles that say where they are by themselves: "Chapter IV", or a number alone.
_NUMBERED = re.compile(r"(?:chapter|kapitel|chapitre|capítulo)\s+\S+|第\w{1,6}[章回节].*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d+|[ivxlc]+)\.?", re.IGNORECASE)


class Source(msgspec.Struct, frozen=True):
    """One file of a book, or the document that is open. `name` is for the writer: a file's name without its ending."""

    name: str
    manuscript: Manuscript
    #: Why the file cannot be read, and what to do: it is left out then. `name` is its path in the folder, `manuscript`
    #: empty.
    unread: str = ""


class Part(msgspec.Struct, frozen=True):
    """A chapter, a scene, or a stretch of a book."""

    #: A chapter's number, from 1; empty for what stands before the first chapter, and for any other part.
    label: str
    #: How a sentence speaks of it.
    name: str
    #: The words of the book in front of it, and its own.
    start: int
    words: int
    paragraphs: tuple[Reading, ...]

    @property
    def end(self) -> int:
        return self.start + self.words


class Book(msgspec.Struct, frozen=True):
    """Parts in order; of those without prose there is none."""

    title: str
    language: str
    sources: tuple[Source, ...]
    chapters: tuple[Part, ...]
    scenes: tuple[Part, ...]
    #: The names of files that cannot be read, and are not among `sources`.
    left_out: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        return self.scenes[-1].end if self.scenes else 0

    @property
    def paragraphs(self) -> Iterator[Reading]:
        return chain.from_iterable(scene.paragraphs for scene in self.scenes)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The chapters; of a book with but one its scenes, and of a single scene stretches of whole paragraphs."""
        return self.chapters if len(self.chapters) > 1 else self.finest

    @property
    def finest(self) -> tuple[Part, ...]:
        """The scenes, or stretches of a book that is one scene."""
        return self.scenes if len(self.scenes) > 1 else tuple(_stretches(self.scenes))


def book_of(title: str, sources: Sequence[Source], tell: Callable[[int], None] = lambda _: None) -> Book:
    """The book that `sources` are, in their order. `tell` hears how many of them have been read."""
    left_out = tuple(source.name for source in sources if source.unread)
    sources = tuple(source for source in sources if not source.unread)
    divided = [(source, outline(source.manuscript)) for source in sources]
    level = _chapter_level([section for _, sections in divided for section in sections])
    divisions: list[_Division] = []
    for number, (source, sections) in enumerate(divided, 1):
        divisions += (division for division in _divisions(source, sections, level) if division.scenes)
        tell(number)
    numbered = list(_numbered(divisions))
    longest = max((source.manuscript for source in sources), key=lambda manuscript: len(manuscript.text))
    return Book(
        title,
        language_in(longest),
        sources,
        tuple(chapter for chapter, _ in numbered),
        tuple(chain.from_iterable(scenes for _, scenes in numbered)),
        left_out,
    )


def sentence_lengths(paragraph: Reading) -> list[int]:
    """The words of each sentence; of a sentence of marks alone none is told."""
    starts = [word.start for word in paragraph.words]
    lengths = [
        bisect_left(starts, sentence.end) - bisect_left(starts, sentence.start) for sentence in paragraph.sentences
    ]
    return [length for length in lengths if length]


def spoken_words(paragraph: Reading) -> int:
    return len(paragraph.words) - sum(1 for _ in paragraph.narrated(paragraph.words))


def _chapter_level(sections: Sequence[Section]) -> int:
    """The heading level of chapters: the highest at which prose stands under more than one heading. What is below are
    scenes. Where there is no such level, every heading opens a chapter."""
    with_prose = [section.level for section in sections if section.level and section.scenes]
    return next((level for level in range(1, 7) if with_prose.count(level) > 1), 6)


def _scenes(manuscript: Manuscript, section: Section) -> Iterator[tuple[Reading, ...]]:
    for scene in section.scenes:
        readings = [read(shown(manuscript, span)) for span in paragraphs_in(manuscript, scene)]
        if paragraphs := tuple(reading for reading in readings if reading.words):
            yield paragraphs


class _Division(msgspec.Struct, frozen=True):
    """What becomes a chapter: its title, the paragraphs of its scenes, and whether it is one of the numbered."""

    title: str
    scenes: list[tuple[Reading, ...]]
    counts: bool


def _divisions(source: Source, sections: Sequence[Section], level: int) -> Iterator[_Division]:
    """What stands before the first heading of a file is no chapter, unless it is all there is."""
    division = _Division(source.name, [], counts=not any(0 < section.level <= level for section in sections))
    for section in sections:
        if 0 < section.level <= level:
            yield division
            division = _Division(section.title, [], counts=True)
        division.scenes.extend(_scenes(source.manuscript, section))
    yield division


def _numbered(divisions: Sequence[_Division]) -> Iterator[tuple[Part, tuple[Part, ...]]]:
    start = number = 0
    titles = Counter(division.title for division in divisions)
    for division in divisions:
        number += division.counts
        name = _named(division, number, alone=titles[division.title] == 1)
        parts = []
        for position, paragraphs in enumerate(division.scenes, 1):
            scene = f"scene {position}" if len(divisions) == 1 else f"{name}, scene {position}"
            parts.append(_part("", name if len(division.scenes) == 1 else scene, start, paragraphs))
            start = parts[-1].end
        label = str(number) if division.counts else ""
        chapter = _part(label, name, parts[0].start, tuple(chain.from_iterable(division.scenes)))
        yield chapter, tuple(parts)


def _named(division: _Division, number: int, *, alone: bool) -> str:
    """`alone`: no other chapter has its title."""
    title = division.title
    title = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE].rstrip()}…"
    if not division.counts:
        return "the pages before the first chapter"
    if alone and _NUMBERED.fullmatch(title):
        return title
    return f"chapter {number}" if not title or _NUMBER.fullmatch(title) else f"chapter {number}, “{title}”"


def _part(label: str, name: str, start: int, paragraphs: tuple[Reading, ...]) -> Part:
    return Part(label, name, start, sum(len(paragraph.words) for paragraph in paragraphs), paragraphs)


def _stretches(scenes: Sequence[Part]) -> Iterator[Part]:
    for scene in scenes:
        before = accumulate((len(paragraph.words) for paragraph in scene.paragraphs), initial=0)
        least = max(scene.words / _STRETCHES, 1)
        placed = zip(before, scene.paragraphs, strict=False)
        for _, group in groupby(placed, key=lambda pair: int(pair[0] / least)):
            pairs = list(group)
            start = scene.start + pairs[0][0]
            yield _part("", f"the stretch from word {start + 1:,}", start, tuple(paragraph for _, paragraph in pairs))
