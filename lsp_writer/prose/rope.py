r"""An immutable text held as leaves of whole lines, so that an edit and a look-up cost the same in a book as in a note.

Lines end at `\r\n`, `\n` or `\r` and nowhere else: `str.splitlines` also breaks at U+2028, U+0085 and form feeds,
which editors do not, and one such character would shift every later edit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, TypeVar

T = TypeVar("T")

_LONE_RETURN = re.compile(r"\r(?!\n)")
_AFTER_LONE_RETURN = re.compile(r"(?<=\r)(?!\n)")
_LEAF_LINES = 256


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their endings. The last one has none and may be empty, so there is always one."""
    # `str.split` costs a twentieth of a pattern on a book pasted as one line, which every key there would pay.
    *ended, last = text.split("\n")
    lines = [*(f"{line}\n" for line in ended), last]
    if _LONE_RETURN.search(text):
        lines = [part for line in lines for part in _AFTER_LONE_RETURN.split(line)]
    return lines


class Leaf:
    """Up to a few hundred consecutive lines, never changed once made."""

    __slots__ = ("_derived", "length", "lines", "starts")

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        self.starts = (0, *accumulate(len(line) for line in self.lines))
        self.length = self.starts[-1]
        self._derived: dict[Callable[..., Any], Any] = {}

    def derived(self, of: Callable[[tuple[str, ...]], T]) -> T:
        """`of(lines)`, computed once for as long as these lines stay together."""
        try:
            result: T = self._derived[of]
        except KeyError:
            result = self._derived[of] = of(self.lines)
        return result


class Rope:
    """A text addressed by code-point offset or by line. `replace` returns a new rope that shares all it can."""

    __slots__ = ("_first_lines", "_leaf_starts", "leaves")

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.leaves = tuple(leaves)
        self._leaf_starts = (0, *accumulate(leaf.length for leaf in self.leaves))
        self._first_lines = (0, *accumulate(len(leaf.lines) for leaf in self.leaves))

    @classmethod
    def of(cls, text: str) -> Rope:
        return cls(_leaves(split_lines(text)))

    def __len__(self) -> int:
        """Length in code points."""
        return self._leaf_starts[-1]

    @property
    def line_count(self) -> int:
        """At least 1: an empty text has one empty line, and a text that ends in a line break a last empty one."""
        return self._first_lines[-1]

    def line(self, number: int) -> str:
        """Line `number` (from 0) with its ending. Raises IndexError outside the text."""
        leaf, first = self._leaf_of_line(number)
        return leaf.lines[number - first]

    def line_start(self, number: int) -> int:
        """Offset of the first code point of line `number`. Raises IndexError outside the text."""
        index = self._leaf_index_of_line(number)
        return self._leaf_starts[index] + self.leaves[index].starts[number - self._first_lines[index]]

    def line_at(self, offset: int) -> int:
        """The line that holds `offset`; offsets outside the text are clamped to it."""
        offset = min(max(offset, 0), len(self))
        index = min(bisect_right(self._leaf_starts, offset) - 1, len(self.leaves) - 1)
        leaf = self.leaves[index]
        within = bisect_right(leaf.starts, offset - self._leaf_starts[index], 0, len(leaf.lines)) - 1
        return self._first_lines[index] + within

    def slice(self, start: int, end: int) -> str:
        """The text from `start` to `end`; offsets outside the text are clamped to it."""
        start, end = max(start, 0), min(end, len(self))
        if start >= end:
            return ""
        first = self.line_at(start)
        text = "".join(self.lines(first, self.line_at(end) + 1))
        base = self.line_start(first)
        return text[start - base : end - base]

    def lines(self, first: int, last: int) -> Iterator[str]:
        """Lines `first` to `last`, half open, clamped to the text."""
        number = max(first, 0)
        last = min(last, self.line_count)
        while number < last:
            leaf, leaf_first = self._leaf_of_line(number)
            piece = leaf.lines[number - leaf_first : last - leaf_first]
            yield from piece
            number += len(piece)

    def replace(self, start: int, end: int, text: str) -> Rope:
        """This text with `start` to `end` replaced. Offsets are clamped to the text."""
        start = min(max(start, 0), len(self))
        end = min(max(end, start), len(self))
        # One line more on each side: a break put between `\r` and `\n`, or taken away there, joins or parts lines.
        first = max(self.line_at(start) - 1, 0)
        last = min(self.line_at(end) + 1, self.line_count - 1)
        base = self.line_start(first)
        old = "".join(self.lines(first, last + 1))
        new = split_lines(old[: start - base] + text + old[end - base :])
        if last + 1 < self.line_count:
            new.pop()  # the empty tail that split_lines adds: the next line follows here

        left, right = self._leaf_index_of_line(first), self._leaf_index_of_line(last)
        head = self.leaves[left].lines[: first - self._first_lines[left]]
        tail = self.leaves[right].lines[last + 1 - self._first_lines[right] :]
        middle = _leaves([*head, *new, *tail])
        return Rope((*self.leaves[:left], *middle, *self.leaves[right + 1 :]))

    def __str__(self) -> str:
        return "".join(line for leaf in self.leaves for line in leaf.lines)

    def _leaf_index_of_line(self, number: int) -> int:
        if not 0 <= number < self.line_count:
            raise IndexError(number)
        return bisect_right(self._first_lines, number) - 1

    def _leaf_of_line(self, number: int) -> tuple[Leaf, int]:
        index = self._leaf_index_of_line(number)
        return self.leaves[index], self._first_lines[index]


def _leaves(lines: list[str]) -> list[Leaf]:
    """Even leaves: a leaf that has grown past twice the usual size is cut, a smaller one stays whole."""
    if len(lines) <= 2 * _LEAF_LINES:
        return [Leaf(lines)] if lines else []
    return [Leaf(lines[i : i + _LEAF_LINES]) for i in range(0, len(lines), _LEAF_LINES)]
