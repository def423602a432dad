"""Paragraphs of a manuscript: runs of prose lines between blank lines, headings, scene breaks and code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lsp_writer.prose.blocks import Markup, line_markup
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span

# Bounds of the work for one paragraph, to each side of the place asked about. The longest paragraph of the novels
# measured has 8,000 characters; a book pasted as one line must cost no more. Most paragraphs have few lines.
_FEW_LINES, _MOST_LINES = 4, 100
_MOST_CHARACTERS = 10_000
_LONGEST_WORD = 100

_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]")
# In plain text a line this long goes on in the next one, because an editor wrapped it; any other is a paragraph.
_WRAPPED = range(50, 101)


def paragraph_at(manuscript: Manuscript, offset: int) -> Span | None:
    """The paragraph that holds `offset`, its last line break not included, or None where there is no prose.

    Of a paragraph of more than some 20,000 characters it is the part around `offset`.
    """
    text = manuscript.text
    offset = min(max(offset, 0), len(text))
    line = text.line_at(offset)
    lines = _lines_around(manuscript, line, _FEW_LINES)
    if lines.start <= line - _FEW_LINES or lines.stop > line + _FEW_LINES:
        lines = _lines_around(manuscript, line, _MOST_LINES)
    if not lines:
        return None
    return _capped(manuscript, Span(text.line_start(lines.start), text.line_end(lines.stop - 1)), offset)


def paragraphs_in(manuscript: Manuscript, span: Span) -> list[Span]:
    """Every paragraph that `span` touches, in order and without overlaps; of one of more than some 20,000 characters
    its beginning, or what is around the beginning of `span`."""
    text = manuscript.text
    first, last = text.line_at(span.start), text.line_at(max(span.start, span.end - 1))
    start = max(first - _MOST_LINES, 0)
    markup = line_markup(manuscript, start, last + _MOST_LINES + 1)
    # So much of a line tells whether a paragraph goes on.
    lines = list(text.lines(start, last + _MOST_LINES + 1, _WRAPPED.stop))
    found: list[Span] = []
    line, free = first, start
    while line <= last:
        if markup[line - start] is None:
            around = range(max(free, line - _MOST_LINES) - start, min(line + _MOST_LINES + 1 - start, len(lines)))
            held = _run(manuscript, markup, lines, line - start, around)
            whole = Span(text.line_start(start + held.start), text.line_end(start + held.stop - 1))
            found.append(_capped(manuscript, whole, max(span.start, text.line_start(line))))
            line = text.line_at(found[-1].end)
            free = line + 1
        line += 1
    return found


def _run(
    manuscript: Manuscript, markup: Sequence[Markup | None], lines: Sequence[str], here: int, around: range
) -> range:
    """The lines of prose, of those `around`, that go on from one to the next through `here`."""
    first = last = here
    while first > around.start and markup[first - 1] is None and _goes_on(manuscript, lines[first - 1], lines[first]):
        first -= 1
    while last + 1 < around.stop and markup[last + 1] is None and _goes_on(manuscript, lines[last], lines[last + 1]):
        last += 1
    return range(first, last + 1)


def _lines_around(manuscript: Manuscript, line: int, most: int) -> range:
    """The lines of the paragraph that holds `line`, so many to each side at most; empty if there is no prose."""
    start = max(line - most, 0)
    markup = line_markup(manuscript, start, line + most + 1)
    # So much of a line tells whether a paragraph goes on.
    lines = list(manuscript.text.lines(start, line + most + 1, _WRAPPED.stop))
    if markup[line - start] is not None:
        return range(0)
    run = _run(manuscript, markup, lines, line - start, range(len(lines)))
    return range(start + run.start, start + run.stop)


def _goes_on(manuscript: Manuscript, line: str, following: str) -> bool:
    if manuscript.markdown:
        return not _ITEM.match(following)
    return len(line) in _WRAPPED


def _capped(manuscript: Manuscript, paragraph: Span, offset: int) -> Span:
    """At most `_MOST_CHARACTERS` to each side of `offset`, cut at a space where there is one."""
    start, end = paragraph.start, paragraph.end
    if offset - start > _MOST_CHARACTERS:
        start = offset - _MOST_CHARACTERS
        start += manuscript.text.slice(start, start + _LONGEST_WORD).find(" ") + 1
    if end - offset > _MOST_CHARACTERS:
        end = offset + _MOST_CHARACTERS
        tail = manuscript.text.slice(end - _LONGEST_WORD, end)
        end -= len(tail) - tail.rfind(" ") if " " in tail else 0
    return Span(start, end)
