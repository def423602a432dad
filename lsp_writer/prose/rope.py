r"""An immutable text held as leaves of some thousand characters, so that an edit and a look-up cost the same in a book
as in a note, and in a book pasted as one line as in one of paragraphs.

Lines end at `\r\n`, `\n` or `\r` and nowhere else: `str.splitlines` also breaks at U+2028, U+0085 and form feeds,
which editors do not, and one such character would shift every later edit.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Self, TypeVar

T = TypeVar("T")

LINE_ENDS = ("\n", "\r")

_LONE_RETURN = re.compile(r"\r(?!\n)")
_AFTER_LONE_RETURN = re.compile(r"(?<=\r)(?!\n)")
# Characters of a leaf. Every edit makes one leaf anew, and counts through all of them.
_LEAF = 16_384


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their endings. The last one has none and may be empty, so there is always one."""
    # `str.split` costs a twentieth of a pattern.
    *ended, last = text.split("\n")
    lines = [*(f"{line}\n" for line in ended), last]
    if "\r" in text and _LONE_RETURN.search(text):
        lines = [part for line in lines for part in _AFTER_LONE_RETURN.split(line)]
    return lines


class _Unchanging:
    """What never changes remembers what was made of it."""

    __slots__ = ("_derived",)

    def __init__(self) -> None:
        self._derived: dict[Callable[..., Any], Any] = {}

    def derived(self, of: Callable[[Self], T]) -> T:
        """`of(self)`, computed once."""
        try:
            result: T = self._derived[of]
        except KeyError:
            result = self._derived[of] = of(self)
        return result


class Leaf(_Unchanging):
    """A stretch of text. It holds whole lines, or a part of a line that is too long for it."""

    __slots__ = ("line_ends", "text")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        #: Where in `text` each line ends, after its line break.
        self.line_ends = tuple(accumulate(map(len, split_lines(text)[:-1])))


def pieces(leaf: Leaf) -> list[str]:
    """The lines of `leaf`, or what it holds of them; not the empty one after its last line break, which begins in the
    leaf that follows."""
    lines = split_lines(leaf.text)
    return lines if lines[-1] else lines[:-1]


def _ended(leaf: Leaf) -> list[str]:
    """The lines that end in `leaf`, or what it holds of them."""
    return split_lines(leaf.text)[:-1]


class Rope(_Unchanging):
    """A text addressed by code-point offset or by line. `replace` returns a new rope that shares all it can."""

    __slots__ = ("_line_ends", "_starts", "leaves")

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        super().__init__()
        self.leaves = tuple(leaves) or (Leaf(""),)
        # What stands before each leaf, and in all: characters, and ends of lines.
        self._starts = (0, *accumulate(len(leaf.text) for leaf in self.leaves))
        self._line_ends = (0, *accumulate(len(leaf.line_ends) for leaf in self.leaves))

    @classmethod
    def of(cls, text: str) -> Rope:
        return cls(_leaves(text))

    def __len__(self) -> int:
        """Length in code points."""
        return self._starts[-1]

    @property
    def line_count(self) -> int:
        """At least 1: an empty text has one empty line, and a text that ends in a line break a last empty one."""
        return self._line_ends[-1] + 1

    def line(self, number: int, most: int = sys.maxsize) -> str:
        """Line `number` (from 0) with its ending, or the first `most` characters of that. Raises IndexError outside the
        text."""
        start = self.line_start(number)
        end = len(self) if number + 1 == self.line_count else self.line_start(number + 1)
        return self.slice(start, min(end, start + most))

    def line_start(self, number: int) -> int:
        """Offset of the first code point of line `number`. Raises IndexError outside the text."""
        index, place = self.place_of_line(number)
        return self._starts[index] + self.leaves[index].line_ends[place - 1] if number else 0

    def line_end(self, number: int) -> int:
        """Offset of the end of line `number`, before its line break. Raises IndexError outside the text."""
        if number + 1 == self.line_count:
            return len(self)
        end = self.line_start(number + 1)
        return end - (2 if self.slice(end - 2, end) == "\r\n" else 1)

    def line_at(self, offset: int) -> int:
        """The line that holds `offset`; offsets outside the text are clamped to it."""
        index = self._leaf_at(offset)
        return self._line_ends[index] + bisect_right(self.leaves[index].line_ends, offset - self._starts[index])

    def place_of_line(self, number: int) -> tuple[int, int]:
        """Where line `number` begins: the leaf's index, and how many of the leaf's line ends stand before it. Raises
        IndexError outside the text."""
        if not 0 <= number < self.line_count:
            raise IndexError(number)
        index = max(bisect_left(self._line_ends, number) - 1, 0)
        return index, number - self._line_ends[index]

    def slice(self, start: int, end: int) -> str:
        """The text from `start` to `end`; offsets outside the text are clamped to it."""
        return "".join(leaf.text[first:last] for leaf, first, last in self.parts(start, end))

    def parts(self, start: int, end: int) -> Iterator[tuple[Leaf, int, int]]:
        """The leaves that hold `start` to `end`, each with the stretch of its text; clamped to the text."""
        start, end = max(start, 0), min(end, len(self))
        index = self._leaf_at(start)
        while start < end:
            leaf, base = self.leaves[index], self._starts[index]
            last = min(end - base, len(leaf.text))
            if start - base < last:
                yield leaf, start - base, last
            start, index = base + last, index + 1

    def lines(self, first: int, last: int, most: int = sys.maxsize) -> Iterator[str]:
        """Lines `first` to `last`, half open, clamped to the text; of each at most the first `most` characters."""
        number, last = max(first, 0), min(last, self.line_count)
        while number < last:
            index, place = self.place_of_line(number)
            if here := self.leaves[index].derived(_ended)[place : place + last - number]:
                yield from (line[:most] for line in here)
            else:  # it goes on in the next leaf, or begins there
                yield self.line(number, most)
            number += len(here) or 1

    def replace(self, start: int, end: int, text: str) -> Rope:
        """This text with `start` to `end` replaced. Offsets are clamped to the text."""
        start = min(max(start, 0), len(self))
        end = min(max(end, start), len(self))
        first, last = self._leaf_at(start), self._leaf_at(end)
        head = self.leaves[first].text[: start - self._starts[first]]
        text = head + text + self.leaves[last].text[end - self._starts[last] :]
        # A leaf ends where a line does if it can, and never between `\r` and `\n`.
        if not text.endswith("\n") and last + 1 < len(self.leaves):
            last += 1
            text += self.leaves[last].text
        if text.startswith("\n") and first > 0 and self.leaves[first - 1].text.endswith("\r"):
            first -= 1
            text = self.leaves[first].text + text
        return Rope((*self.leaves[:first], *_leaves(text), *self.leaves[last + 1 :]))

    def __str__(self) -> str:
        return "".join(leaf.text for leaf in self.leaves)

    def _leaf_at(self, offset: int) -> int:
        """The leaf that holds the character before `offset`; offsets outside the text are clamped to it."""
        return max(bisect_left(self._starts, min(offset, len(self))) - 1, 0)


def _leaves(text: str) -> list[Leaf]:
    """Leaves of the usual size. What is less than twice that stays whole, so that typing does not cut at every key."""
    leaves, start = [], 0
    while len(text) - start > 2 * _LEAF:
        end = _cut(text, start)
        leaves.append(Leaf(text[start:end]))
        start = end
    if start < len(text):
        leaves.append(Leaf(text[start:]))
    return leaves


def _cut(text: str, start: int) -> int:
    """Where the leaf that begins at `start` may end: after a line, in a long one after a word, and never between the
    halves of a line break."""
    low, high = start + _LEAF // 2, start + _LEAF
    line_end = max(text.rfind(end, low, high) for end in LINE_ENDS)
    cut = line_end + 1 or text.rfind(" ", low, high) + 1 or high
    return cut + 1 if text[cut - 1 : cut + 1] == "\r\n" else cut
