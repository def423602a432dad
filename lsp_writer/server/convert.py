"""Positions of the protocol, in the units that the client counts, to and from offsets in code points.

A position past a line's end means the end of that line, before its line break; one past the last line means the end of
the text; one inside a character (between surrogates, or between the bytes of UTF-8) means the character's beginning.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial

from lsprotocol import types

from lsp_writer.prose.rope import Leaf, Rope
from lsp_writer.prose.span import Span

#: Codec and bytes per unit for each way to count columns.
_UNITS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


def offset_of(text: Rope, position: types.Position, encoding: types.PositionEncodingKind) -> int:
    if position.line >= text.line_count:
        return len(text)
    start, left = text.line_start(position.line), position.character
    for leaf, first, last in text.parts(start, text.line_end(position.line)):
        units = _units_in(leaf, first, last, encoding)
        if units > left:
            counts = range(last - first + 1)
            return start + bisect_right(counts, left, key=lambda n: _units_in(leaf, first, first + n, encoding)) - 1
        start += last - first
        left -= units
    return start


def position_of(text: Rope, offset: int, encoding: types.PositionEncodingKind) -> types.Position:
    """Offsets outside the text are clamped to it; one between the two halves of a line break stands before it."""
    number = text.line_at(offset)
    before = text.parts(text.line_start(number), min(offset, text.line_end(number)))
    return types.Position(line=number, character=sum(_units_in(*part, encoding) for part in before))


def span_of(text: Rope, range_: types.Range, encoding: types.PositionEncodingKind) -> Span:
    """A range whose ends are swapped means the same stretch of text."""
    if range_.start == range_.end:  # as at every key
        offset = offset_of(text, range_.start, encoding)
        return Span(offset, offset)
    start, end = sorted((offset_of(text, range_.start, encoding), offset_of(text, range_.end, encoding)))
    return Span(start, end)


def range_of(text: Rope, span: Span, encoding: types.PositionEncodingKind) -> types.Range:
    return types.Range(start=position_of(text, span.start, encoding), end=position_of(text, span.end, encoding))


def _units_in(leaf: Leaf, start: int, end: int, encoding: types.PositionEncodingKind) -> int:
    """How many units `start` to `end` of a leaf's text count."""
    if leaf.text.isascii():
        return end - start
    if end - start == len(leaf.text):  # as almost all leaves of a long line
        return leaf.derived(_UNITS_OF_LEAF[encoding])
    return _units(encoding, leaf.text[start:end])


def _units_of_leaf(encoding: types.PositionEncodingKind, leaf: Leaf) -> int:
    return _units(encoding, leaf.text)


def _units(encoding: types.PositionEncodingKind, text: str) -> int:
    codec, width = _UNITS[encoding]
    # Editors can hold half a surrogate pair; it counts as one unit, and in UTF-8 as the three bytes it would take.
    return len(text.encode(codec, "surrogatepass")) // width


#: What a leaf remembers of itself.
_UNITS_OF_LEAF = {encoding: partial(_units_of_leaf, encoding) for encoding in _UNITS}
