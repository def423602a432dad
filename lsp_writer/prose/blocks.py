"""What each line of a manuscript is: prose, or front matter, code, a comment, a heading, a scene break, nothing.

A line's meaning may hang on a fence opened a thousand lines above. Each leaf of the text keeps what it does to that
state, so finding it folds over leaves, not over lines.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope


class Markup(enum.StrEnum):
    """What is not prose. The value is for the writer to read."""

    FRONT_MATTER = "front matter"
    CODE = "code"
    COMMENT = "a comment"
    HEADING = "a heading"
    LINK = "a link"
    HTML = "HTML"
    SCENE_BREAK = "a scene break"
    BLANK = "a blank line"


# What is open at the start of a line: nothing, `<!--`, or the run of characters that opened a fence.
_NOTHING = ""
_COMMENT = "<!--"

# A byte-order mark, which some editors leave in front of the first line, hides nothing.
_INDENT = "\ufeff? {0,3}"
_FENCE = re.compile(_INDENT + r"(?:(`{3,})(?![^`\r\n]*`)|(~{3,}))")
_FENCE_END = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*[\r\n]*\Z")
_COMMENT_START = re.compile(_INDENT + "<!--")
# The first line of front matter; any other text under a `---` has a scene break above it.
_KEY = re.compile(r"[\w\"'-][^:\r\n]*:|#|---|\.\.\.")
_HEADING = re.compile(_INDENT + r"#{1,6}(?=[ \t])")
_SCENE_BREAK = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|#|⁂)[ \t]*[\r\n]*\Z")
# Front matter is found within this many lines, or it is none: the search must not grow with the text.
_FRONT_MATTER_LINES = 256


def line_markup(manuscript: Manuscript, first: int, last: int) -> list[Markup | None]:
    """What lines `first` to `last` (half open, clamped to the text) are; None is prose."""
    text = manuscript.text
    first, last = max(first, 0), min(last, text.line_count)
    if not manuscript.markdown:
        return [_plain(line) for line in text.lines(first, last)]
    head = front_matter_lines(text)
    opened = _opened_at(text, first)
    found: list[Markup | None] = []
    for number, line in enumerate(text.lines(first, last), first):
        after = _after(line, opened)
        if number < head:
            found.append(Markup.FRONT_MATTER)
        elif opened or after:
            found.append(Markup.COMMENT if _COMMENT in (opened, after) else Markup.CODE)
        else:
            found.append(Markup.HEADING if _HEADING.match(line) else _plain(line))
        opened = after
    return found


def front_matter_lines(text: Rope) -> int:
    """How many lines of front matter `text` opens with. While its end is not yet typed, it ends at a blank line."""
    lines = list(text.lines(0, _FRONT_MATTER_LINES))
    if lines[0].removeprefix("\ufeff").rstrip() != "---" or len(lines) < 2 or not _KEY.match(lines[1]):
        return 0
    blank = len(lines)
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in {"---", "..."}:
            return number + 1
        if _is_blank(line):
            blank = min(blank, number)
    return blank


def _plain(line: str) -> Markup | None:
    if _is_blank(line):
        return Markup.BLANK
    return Markup.SCENE_BREAK if _SCENE_BREAK.match(line) else None


def _is_blank(line: str) -> bool:
    return not line or line.isspace()


def _after(line: str, opened: str) -> str:
    """What is open after `line`, when `opened` was before it."""
    if opened == _COMMENT:
        return _NOTHING if "-->" in line else opened
    if opened:
        end = _FENCE_END.match(line)
        return _NOTHING if end and end[1].startswith(opened) else opened
    if fence := _FENCE.match(line):
        return fence[1] or fence[2]
    comment = _COMMENT_START.match(line)
    return _COMMENT if comment and line.find("-->", comment.end()) < 0 else _NOTHING


class _LeafMarks:
    """The few lines of a leaf that can open or close something, and what the leaf makes of each entry state."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._marks = [
            (number, line)
            for number, line in enumerate(lines)
            if _FENCE.match(line) or _COMMENT_START.match(line) or "-->" in line
        ]
        self._lines = len(lines)
        self._exits: dict[str, str] = {}

    def exit(self, opened: str) -> str:
        if opened not in self._exits:
            self._exits[opened] = self.before(self._lines, opened)
        return self._exits[opened]

    def before(self, line: int, opened: str) -> str:
        for number, mark in self._marks:
            if number >= line:
                break
            opened = _after(mark, opened)
        return opened


def _opened_at(text: Rope, line: int) -> str:
    opened = _NOTHING
    for leaf in text.leaves:
        marks = leaf.derived(_LeafMarks)
        if line < len(leaf.lines):
            return marks.before(line, opened)
        opened = marks.exit(opened)
        line -= len(leaf.lines)
    return opened
