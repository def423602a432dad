"""What must come through a rewrite untouched is taken out before the model reads the passage, and put back after.

A model says a link's words and forgets its target, or smooths what somebody says. Both can be put right if the answer
has the words, or as many speeches as there were.
"""

from __future__ import annotations

import re

from lsp_writer.features.revision.entry import Keeps
from lsp_writer.features.revision.reading import Reading
from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.marks import Mark, marks_in
from lsp_writer.prose.span import Span


def plain(passage: str) -> str:
    """The passage as the model reads it: in one line, without Markdown's marks."""
    shown, end = "", 0
    for mark in _outermost(passage):
        shown += passage[end : mark.span.start] + plain(mark.text)
        end = mark.span.end
    return " ".join((shown + passage[end:]).split())


def restored(text: str, passage: str, reading: Reading, keeps: Keeps) -> str:
    """`text` with the passage's marks, and what was said as it was said."""
    if keeps.quotations:
        text = _with_speeches(text, passage)
    if keeps.marks and reading.markdown:
        for mark in _outermost(passage):
            text = _with_mark(text, mark, passage)
    return text


def _with_speeches(text: str, passage: str) -> str:
    said, old = dialogue_spans(text), dialogue_spans(passage)
    if len(said) != len(old):
        return text
    for new, there in reversed(list(zip(said, old, strict=True))):
        text = text[: new.start] + plain(passage[there.start : there.end]) + text[new.end :]
    return text


def _with_mark(text: str, mark: Mark, passage: str) -> str:
    source = passage[mark.span.start : mark.span.end]
    if source in text:
        return text
    if not mark.text:  # a footnote stands behind a word, or at the end
        before = re.findall(r"\w+", passage[: mark.span.start])
        place = _only_place(text, before[-1]) if before else None
        end = place.end if place else len(text)
        if not place or (end < len(text) and text[end] in ".,;:!?…"):
            end = min(end + 1, len(text))
        return text[:end] + source + text[end:]
    inner = plain(mark.text)
    place = _only_place(text, inner)
    if place is None:
        return text
    return text[: place.start] + source.replace(mark.text, text[place.start : place.end]) + text[place.end :]


def _only_place(text: str, words: str) -> Span | None:
    """Where `words` stand in `text`, outside of any mark; None if they do so nowhere, or more than once."""
    found = [Span(*match.span()) for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE)]
    taken = _outermost(text)
    free = [span for span in found if not any(mark.span.overlaps(span) for mark in taken)]
    return free[0] if len(free) == 1 else None


def _outermost(text: str) -> list[Mark]:
    marks = sorted(marks_in(text), key=lambda mark: (mark.span.start, -mark.span.end))
    return [
        mark
        for number, mark in enumerate(marks)
        if not any(other.span.end >= mark.span.end for other in marks[:number])
    ]
