"""What must come through a rewrite untouched is taken out before the model reads the passage, and put back after.

A model says a link's words and forgets its target, or smooths what somebody says. Both can be put right if the answer
has the words, or as many speeches as there were.
"""

from __future__ import annotations

import re

from lsp_writer.features.revision.checks import likeness
from lsp_writer.features.revision.entry import Keeps
from lsp_writer.features.revision.reading import Reading
from lsp_writer.prose.dialogue import dialogue_spans, opens_with_dash
from lsp_writer.prose.marks import Mark, marks_in
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import UNSPACED_WORD

# A comma or full stop at the end of a speech.
_END = re.compile(r"[.,](?P<quote>[\"”’»“«]+\s*)\Z")
_BARE_END = re.compile(r"(?<=\w)(?P<quote>[\"”’»“«]+\s*)\Z")
# A comma after which the story goes on as though a full stop had stood there: “Stay,” He was at the door.
_NEW_SENTENCE = re.compile(r",(?=[\"”]\s(?:He|She|They|It|The|An?|His|Her|Their)\s)")
_FRENCH_SPACE = re.compile(r"(?<=«)[ \u00a0\u202f]|[ \u00a0\u202f](?=[»!?;:])")
_STRAIGHT_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_STRAIGHT_QUOTATION = re.compile(r'"([^"“”„\n]*)"')
_CLOSING = {"„": "“", "“": "”"}
# Two speeches that share so much of their words, in order, are the same one told twice.
_LEAST_ALIKE = 0.5


def plain(passage: str, *, markdown: bool = True) -> str:
    """The passage as the model reads it: in one line and, if it is in Markdown, without its marks."""
    shown, end = "", 0
    for mark in _outermost(passage) if markdown else ():
        shown += passage[end : mark.span.start] + plain(mark.text)
        end = mark.span.end
    return " ".join((shown + passage[end:]).split())


def restored(text: str, passage: str, reading: Reading, keeps: Keeps) -> str:
    """`text` with the passage's marks, and what was said as it was said."""
    if keeps.quotations:
        read = plain(passage, markdown=reading.markdown)
        text = _with_speeches(text, read)
        text = text if _NEW_SENTENCE.search(read) else _NEW_SENTENCE.sub(".", text)
    text = _typeset_as(text, passage, reading.known)
    if keeps.marks and reading.markdown:
        for mark in _outermost(passage):
            text = _with_mark(text, mark, passage)
    return text


def _typeset_as(text: str, passage: str, known: str) -> str:
    """`text` with the apostrophes, the quotation marks and the spaces of French typography that the story has: models
    write straight marks among curly ones, and plain spaces."""
    if "’" in known and not _STRAIGHT_APOSTROPHE.search(known):
        text = _STRAIGHT_APOSTROPHE.sub("’", text)
    opening = next((mark for mark in "„“" if mark in known), "")
    if opening and '"' not in known:
        text = _STRAIGHT_QUOTATION.sub(rf"{opening}\1{_CLOSING[opening]}", text)
    used = _FRENCH_SPACE.search(passage)
    return _FRENCH_SPACE.sub(used[0], text) if used else text


def _with_speeches(text: str, passage: str) -> str:
    if opens_with_dash(passage) or opens_with_dash(text):
        return text  # what is said and what is told are not told apart there
    said = dialogue_spans(text)
    new = [text[span.start : span.end] for span in said]
    old = [passage[span.start : span.end] for span in dialogue_spans(passage)]
    if not _are_the_same(new, old):
        return text
    for span, told, speech in reversed(list(zip(said, new, old, strict=True))):
        text = text[: span.start] + _ended_as(told, speech) + text[span.end :]
    return text


def _ended_as(told: str, speech: str) -> str:
    """`speech` with the comma or full stop at its end that it was `told` with: who speaks may have moved."""
    end = _END.search(told)
    if end and _END.search(speech):
        return _END.sub(end[0][0] + r"\g<quote>", speech)
    # German has the comma behind the mark, and only the full stop before it.
    return _BARE_END.sub(r".\g<quote>", speech) if end and end[0][0] == "." else speech


def _are_the_same(new: list[str], old: list[str]) -> bool:
    """Whether each of the `new` speeches is the old one of its place, and no other more than that: else somebody
    would say what another did."""
    if len(new) != len(old):
        return False
    for place, speech in enumerate(new):
        alike = [likeness(speech, other) for other in old]
        if alike[place] < max(_LEAST_ALIKE, *alike):
            return False
    return True


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
    # A script without spaces has letters on either side of every word.
    before = "" if UNSPACED_WORD.match(words[:1]) else r"(?<!\w)"
    after = "" if UNSPACED_WORD.match(words[-1:]) else r"(?!\w)"
    found = [Span(*match.span()) for match in re.finditer(before + re.escape(words) + after, text, re.IGNORECASE)]
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
