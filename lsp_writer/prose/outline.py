"""Chapters and scenes: how a manuscript is divided, by its headings and scene breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from lsp_writer.prose.blocks import Markup, line_markup
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span

_HEADING = re.compile(r"\s{0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*\Z")
# What opens a chapter where nothing marks a heading: a line of its own in plain text.
_NUMBER = r"(?:\d{1,3}|[IVXLC]{1,7}|one|two|three|four|five|six|seven|eight|nine|ten|the (?:first|last))"
_CHAPTER = re.compile(
    rf"\s*(?:(?:chapter|book|part|kapitel|teil|chapitre|partie|capítulo|parte)\s+{_NUMBER}\b.{{0,80}}"
    r"|(?:prologue|epilogue|prolog|epilog|épilogue|prólogo|epílogo)\.?"
    r"|第[〇一二三四五六七八九十百零\d]{1,6}[章回节].{0,60})\s*\Z",
    re.IGNORECASE,
)
_LONGEST_TITLE = 120


class Section(msgspec.Struct, frozen=True):
    """What stands under one heading, up to the next one, or before the first.

    `level` is 1 to 6, and 0 where there is no heading; `scenes` has what scene breaks part, without the white space at
    either end, and none that is empty.
    """

    title: str
    level: int
    heading: Span
    span: Span
    scenes: tuple[Span, ...]


class Chapter(msgspec.Struct, frozen=True):
    """A section with those that stand under its heading. `span` is all of it."""

    section: Section
    span: Span
    under: tuple[Chapter, ...]


class _Heading(NamedTuple):
    title: str
    level: int


_NONE = _Heading("", 0)


def chapters(sections: Sequence[Section]) -> tuple[Chapter, ...]:
    """`sections` as they stand under one another's headings."""
    found: list[Chapter] = []
    number = 0
    while number < len(sections):
        section = sections[number]
        last = number + 1
        while section.level and last < len(sections) and sections[last].level > section.level:
            last += 1
        span = Span(section.span.start, sections[last - 1].span.end)
        found.append(Chapter(section, span, chapters(sections[number + 1 : last])))
        number = last
    return tuple(found)


def outline(manuscript: Manuscript) -> tuple[Section, ...]:
    """The sections of `manuscript`, in order. One with neither heading nor prose is left out."""
    return manuscript.text.derived(_of_markdown if manuscript.markdown else _of_plain_text)


def _of_markdown(text: Rope) -> tuple[Section, ...]:
    return tuple(_sections(Manuscript("", 0, text)))


def _of_plain_text(text: Rope) -> tuple[Section, ...]:
    return tuple(_sections(Manuscript("", 0, text, markdown=False)))


def _sections(manuscript: Manuscript) -> Iterator[Section]:
    text = manuscript.text
    markup = line_markup(manuscript, 0, text.line_count)
    first, heading = 0, _NONE
    for number, following in _headings(manuscript, markup):
        yield from _section(text, markup, range(first, number), heading)
        first, heading = number, following
    yield from _section(text, markup, range(first, len(markup)), heading)


def _headings(manuscript: Manuscript, markup: list[Markup | None]) -> Iterator[tuple[int, _Heading]]:
    """The lines that are headings."""
    text = manuscript.text
    for number, kind in enumerate(markup):
        if kind is Markup.HEADING and (match := _HEADING.match(text.line(number, _LONGEST_TITLE).rstrip())):
            yield number, _Heading(match[2], len(match[1]))
        elif kind is None and not manuscript.markdown and _stands_alone(markup, number):
            line = text.line(number, _LONGEST_TITLE).strip()
            if _CHAPTER.match(line):
                yield number, _Heading(line.rstrip("."), 1)


def _stands_alone(markup: list[Markup | None], number: int) -> bool:
    before = markup[number - 1] if number else Markup.BLANK
    after = markup[number + 1] if number + 1 < len(markup) else Markup.BLANK
    return before is not None and after is not None


def _section(text: Rope, markup: list[Markup | None], lines: range, heading: _Heading) -> Iterator[Section]:
    has_heading = heading.level > 0
    scenes = tuple(_scenes(text, markup, lines[has_heading:]))
    if not has_heading and not scenes:
        return
    start, end = text.line_start(lines[0]), text.line_end(lines[-1])
    at = Span(start, text.line_end(lines[0]) if has_heading else start)
    yield Section(heading.title, heading.level, at, Span(start, end), scenes)


def _scenes(text: Rope, markup: list[Markup | None], lines: range) -> Iterator[Span]:
    prose: list[int] = []
    for number in lines:
        if markup[number] is Markup.SCENE_BREAK:
            if prose:
                yield Span(text.line_start(prose[0]), text.line_end(prose[-1]))
            prose = []
        elif markup[number] is None:
            prose.append(number)
    if prose:
        yield Span(text.line_start(prose[0]), text.line_end(prose[-1]))
