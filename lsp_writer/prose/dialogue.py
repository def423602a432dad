"""Dialogue: what is spoken in a paragraph, told from narration by its quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words


class _Marks(NamedTuple):
    opening: re.Pattern[str]
    closing: re.Pattern[str]


# A single quote closes only after punctuation, since any other may be an apostrophe or a possessive.
_SINGLE_END = r"(?<=[.,!?…—–\-;:])"
_MARKS = {
    "“": _Marks(re.compile("“"), re.compile("”")),
    "„": _Marks(re.compile("„"), re.compile("[“”]")),
    '"': _Marks(re.compile('"'), re.compile('"')),
    "«": _Marks(re.compile("«"), re.compile("»")),
    "「": _Marks(re.compile("「"), re.compile("」")),
    "『": _Marks(re.compile("『"), re.compile("』")),
    "‘": _Marks(re.compile(r"(?<!\w)‘(?=[\w—…])"), re.compile(_SINGLE_END + r"’(?!\w)")),
    "'": _Marks(re.compile(r"(?<![\w'])'(?=\w)"), re.compile(_SINGLE_END + r"'(?![\w'])")),
    "`": _Marks(re.compile(r"(?<![\w`])`(?=\w)"), re.compile(_SINGLE_END + r"'(?![\w'])")),
}
_OPENING = re.compile("|".join(marks.opening.pattern for marks in _MARKS.values()))
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n")
_QUOTES = " \t\r\n\"'“”„«»‘’`「」『』—–―"
# Spanish opens a question and an exclamation, too.
_DASH = re.compile(r"\s*[—–―]\s*[¿¡…]*\s*\w")


def dialogue_spans(paragraph: str) -> list[Span]:
    """What is spoken in `paragraph`, quotation marks included, in order and without overlaps.

    Quotation marks left open run to the paragraph's end, as speeches of several paragraphs do. A paragraph that opens
    with a dash is dialogue throughout.
    """
    if opens_with_dash(paragraph):
        return [Span(0, len(paragraph))]
    spans: list[Span] = []
    position = 0
    while opening := _OPENING.search(paragraph, position):
        marks = _MARKS[opening[0]]
        closing = marks.closing.search(paragraph, opening.end())
        if closing is None and opening[0] in "'‘`":
            position = opening.end()  # an apostrophe: ’tis, 'em
            continue
        position = closing.end() if closing else len(paragraph)
        spans.append(Span(opening.start(), position))
    return spans


def opens_with_dash(paragraph: str) -> bool:
    """Whether `paragraph` is dialogue after a dash, where no mark parts what is said from who says it."""
    return bool(_DASH.match(paragraph))


def speeches_in(paragraph: str) -> list[str]:
    """What is spoken in `paragraph`, in order, without quotation marks and opening dashes."""
    return [paragraph[span.start : span.end].strip(_QUOTES) for span in dialogue_spans(paragraph)]


def dialogue_share(paragraph: str, spans: Sequence[Span]) -> float:
    """The part of the paragraph's words that is spoken, 0 to 1."""
    words = count_words(paragraph)
    spoken = sum(count_words(paragraph[span.start : span.end]) for span in spans)
    return spoken / words if words else 0.0


def narration(paragraph: str) -> str:
    """What of `paragraph` is not spoken."""
    return _without(paragraph, dialogue_spans(paragraph))


def spoken_spans(text: str) -> list[Span]:
    """What is spoken in a text whose paragraphs are parted by blank lines, as `dialogue_spans` has it of one."""
    breaks = [match.span() for match in _PARAGRAPH_END.finditer(text)]
    starts, ends = (0, *(end for _, end in breaks)), (*(start for start, _ in breaks), len(text))
    return [
        span.shift(start) for start, end in zip(starts, ends, strict=True) for span in dialogue_spans(text[start:end])
    ]


def narrated(text: str) -> str:
    """What is not spoken in a text whose paragraphs are parted by blank lines."""
    return _without(text, spoken_spans(text))


def _without(text: str, spans: Sequence[Span]) -> str:
    pieces, end = [], 0
    for span in spans:
        pieces.append(text[end : span.start])
        end = span.end
    return "".join((*pieces, text[end:]))
