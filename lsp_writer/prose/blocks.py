"""What each line of a manuscript is: prose, or front matter, code, a comment, a heading, a scene break, nothing.

A line's meaning may hang on a fence opened a thousand lines above. Each leaf of the text keeps what it does to that
state, and the text what it is before each leaf, so a key costs one walk over the leaves.
"""

from __future__ import annotations

import enum
import re
from itertools import accumulate
from typing import NamedTuple

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import LINE_ENDS, Leaf, Rope, pieces


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
_MARKS = ("```", "~~~", "<!--", "-->")
_COMMENT_START = re.compile(_INDENT + "<!--")
_COMMENTS = re.compile(r"\ufeff?[ \t]*(?:<!--(?:(?!-->)[^\r\n])*-->[ \t]*)+[\r\n]*\Z")
# The first line of front matter; any other text under a `---` has a scene break above it.
_KEY = re.compile(r"[\w\"'-][^:\r\n]*:|#|---|\.\.\.")
_HEADING = re.compile(_INDENT + r"#{1,6}(?=[ \t])")
_SCENE_BREAK = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|#|⁂)[ \t]*[\r\n]*\Z")
# Front matter is found within this many lines, or it is none: the search must not grow with the text.
_FRONT_MATTER_LINES = 256
# A line's beginning tells what it is: a book may be pasted as one line.
_MOST_OF_LINE = 4096


def line_markup(manuscript: Manuscript, first: int, last: int) -> list[Markup | None]:
    """What lines `first` to `last` (half open, clamped to the text) are; None is prose."""
    text = manuscript.text
    first, last = max(first, 0), min(last, text.line_count)
    if not manuscript.markdown:
        return [_plain(line) for line in text.lines(first, last, _MOST_OF_LINE)]
    head = front_matter_lines(text)
    opened = _opened_at(text, first)
    found: list[Markup | None] = []
    for number, line in enumerate(text.lines(first, last, _MOST_OF_LINE), first):
        after = _after(line, opened) if len(line) < _MOST_OF_LINE else _opened_at(text, number + 1)
        if number < head:
            found.append(Markup.FRONT_MATTER)
        elif opened or after:
            found.append(Markup.COMMENT if _COMMENT in (opened, after) else Markup.CODE)
        else:
            found.append(_of_its_own(line))
        opened = after
    return found


def front_matter_lines(text: Rope) -> int:
    """How many lines of front matter `text` opens with. While its end is not yet typed, it ends at a blank line."""
    return text.derived(_front_matter_lines)


def _front_matter_lines(text: Rope) -> int:
    if not text.line(0, _MOST_OF_LINE).startswith(("---", "\ufeff---")):
        return 0
    lines = list(text.lines(0, _FRONT_MATTER_LINES, _MOST_OF_LINE))
    if lines[0].removeprefix("\ufeff").rstrip() != "---" or len(lines) < 2 or not _KEY.match(lines[1]):
        return 0
    blank = len(lines)
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in {"---", "..."}:
            return number + 1
        if _is_blank(line):
            blank = min(blank, number)
    return blank


def _of_its_own(line: str) -> Markup | None:
    """What a line of Markdown is where nothing is open."""
    if _COMMENTS.match(line):
        return Markup.COMMENT
    return Markup.HEADING if _HEADING.match(line) else _plain(line)


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


def _after_rest(piece: str, opened: str) -> str:
    """What is open after `piece`, the rest or the middle of a long line, when `opened` was before it."""
    return _NOTHING if opened == _COMMENT and "-->" in piece else opened


class _Entry(NamedTuple):
    """What a leaf may hang on: what is open before it, and whether it begins in the middle of a line."""

    opened: str = _NOTHING
    in_line: bool = False


class _LeafMarks:
    """The few lines of a leaf that can open or close something, and what the leaf makes of each entry."""

    def __init__(self, leaf: Leaf) -> None:
        # Most leaves of a story have none, and one is made at every key: `in` costs a twentieth of a pattern.
        lines = pieces(leaf) if any(mark in leaf.text for mark in _MARKS) else []
        self._marks = [
            (number, line)
            for number, line in enumerate(lines)
            if _FENCE.match(line) or _COMMENT_START.match(line) or "-->" in line
        ]
        self._lines = len(lines)
        self._in_line = not leaf.text.endswith(LINE_ENDS)
        self._exits: dict[_Entry, _Entry] = {}

    def exit(self, entry: _Entry) -> _Entry:
        """The entry of the leaf that follows."""
        if entry not in self._exits:
            self._exits[entry] = _Entry(self.before(self._lines, entry), self._in_line)
        return self._exits[entry]

    def before(self, line: int, entry: _Entry) -> str:
        """What is open before `line`, a number among the leaf's pieces."""
        opened = entry.opened
        for number, mark in self._marks:
            if number >= line:
                break
            follow = _after_rest if number == 0 and entry.in_line else _after
            opened = follow(mark, opened)
        return opened


def _entries(text: Rope) -> list[_Entry]:
    """The entry of each leaf."""
    marks = (leaf.derived(_LeafMarks) for leaf in text.leaves)
    return list(accumulate(marks, lambda entry, leaf: leaf.exit(entry), initial=_Entry()))


def _opened_at(text: Rope, line: int) -> str:
    index, place = text.place_of_line(min(line, text.line_count - 1))
    return text.leaves[index].derived(_LeafMarks).before(place, text.derived(_entries)[index])
