"""Positions of the protocol, in the units that the client counts, to and from offsets in code points.

A position past a line's end means the end of that line, before its line break; one past the last line means the end of
the text; one inside a character (between surrogates, or between the bytes of UTF-8) means the character's beginning.
"""

from __future__ import annotations

from bisect import bisect_right

from lsprotocol import types

from lsp_writer.prose.rope import Rope
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
    line = text.line(position.line)
    length = _length_without_break(line)
    # No character takes less than one unit, so the answer is at most so many characters along.
    column = min(position.character, length)
    if not line.isascii():
        counts = range(column + 1)
        column = bisect_right(counts, position.character, key=lambda count: _units(line[:count], encoding)) - 1
    return text.line_start(position.line) + column


def position_of(text: Rope, offset: int, encoding: types.PositionEncodingKind) -> types.Position:
    """Offsets outside the text are clamped to it; one between the two halves of a line break stands before it."""
    number = text.line_at(offset)
    line = text.line(number)
    column = min(max(offset - text.line_start(number), 0), _length_without_break(line))
    return types.Position(line=number, character=_units(line[:column], encoding))


def span_of(text: Rope, range_: types.Range, encoding: types.PositionEncodingKind) -> Span:
    """A range whose ends are swapped means the same stretch of text."""
    start, end = sorted((offset_of(text, range_.start, encoding), offset_of(text, range_.end, encoding)))
    return Span(start, end)


def range_of(text: Rope, span: Span, encoding: types.PositionEncodingKind) -> types.Range:
    return types.Range(start=position_of(text, span.start, encoding), end=position_of(text, span.end, encoding))


def _units(text: str, encoding: types.PositionEncodingKind) -> int:
    if text.isascii():
        return len(text)
    codec, width = _UNITS[encoding]
    # Editors can hold half a surrogate pair; it counts as one unit, and in UTF-8 as the three bytes it would take.
    return len(text.encode(codec, "surrogatepass")) // width


def _length_without_break(line: str) -> int:
    if line.endswith("\r\n"):
        return len(line) - 2
    return len(line) - 1 if line.endswith(("\n", "\r")) else len(line)
