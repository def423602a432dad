"""A stretch of text, in code points."""

from __future__ import annotations

import msgspec


class Span(msgspec.Struct, frozen=True, order=True):
    """`start` to `end`, half open, in code points."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def shift(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


class Edit(msgspec.Struct, frozen=True):
    """The text of `span` was replaced by `inserted` code points."""

    span: Span
    inserted: int


def follow(span: Span, edit: Edit) -> Span | None:
    """Where `span` stands after `edit`, or None if the edit touched its inside.

    Typing at either edge is outside: the span neither grows nor dies.
    """
    if edit.span.end <= span.start:
        return span.shift(edit.inserted - len(edit.span))
    if edit.span.start >= span.end:
        return span
    return None
