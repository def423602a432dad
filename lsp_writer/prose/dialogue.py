"""Dialogue: what is spoken in a paragraph, told from narration by its quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words

#: With one of these a speech may close, in whatever language.
CLOSING_MARKS = "\"'”’“‘»«›‹」』"


class _Marks(NamedTuple):
    opening: re.Pattern[str]
    closing: re.Pattern[str]


# A single quote closes only after punctuation, since any other may be an apostrophe or a possessive.
_SINGLE_END = r"(?<=[.,!?…—–\-;:])"
# 6'2" is a height.
_NO_INCHES = r"(?<!\d['’′]\d)(?<!\d['’′]\d\d)"
_MARKS = {
    # A straight mark closes a curly one, and a curly a straight, where the proper one is missing.
    "“": _Marks(re.compile("“"), re.compile(r"”|(?<=\S)\"(?!\w)(?=[^“”]*(?:“|\Z))")),
    '"': _Marks(re.compile(r'(?<!\w)"'), re.compile(rf'{_NO_INCHES}"|”(?=[^"]*(?:"\w|\Z))')),
    "„": _Marks(re.compile("„"), re.compile('[“”"]')),
    "‚": _Marks(re.compile(r"(?<!\w)‚(?=\w)"), re.compile(r"‘|’(?!\w)")),
    "«": _Marks(re.compile("«"), re.compile("»")),
    "‹": _Marks(re.compile("‹"), re.compile("›")),
    # German points them inwards, and Swedish has but the one.
    "»": _Marks(re.compile(r"(?<![^\s(—–])»(?=[^\s.,;:!?])"), re.compile("[«»]")),
    "›": _Marks(re.compile(r"(?<![^\s(—–])›(?=[^\s.,;:!?])"), re.compile("‹")),
    "「": _Marks(re.compile("「"), re.compile("」")),
    "『": _Marks(re.compile("『"), re.compile("』")),
    "‘": _Marks(re.compile(r"(?<!\w)‘(?=[\w—…])"), re.compile(_SINGLE_END + r"’(?!\w)")),
    "'": _Marks(re.compile(r"(?<![\w'])'(?=\w)"), re.compile(_SINGLE_END + r"'(?![\w'])")),
    "`": _Marks(re.compile(r"(?<![\w`])`(?=\w)"), re.compile(_SINGLE_END + r"'(?![\w'])")),
}
_OPENING = re.compile("|".join(marks.opening.pattern for marks in _MARKS.values()))
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n")
_QUOTES = " \t\r\n\"'“”„«»‹›‚‘’`「」『』—–―"
# Spanish opens a question and an exclamation, too.
_DASH = re.compile(r"\s*[—–―]\s*[¿¡…]*\s*\w")
# In Spanish a dash that leans on the word after it turns from what is said to what is told, and one that leans on the
# word before it turns back. What a character says between dashes of his own looks the same, so that each must open with
# a verb of saying or, as a new sentence, with a capital.
_INNER_DASH = re.compile(r"(?P<told>(?<=\s)[—–―](?=\S))|(?P<said>(?<=\S)[—–―](?=[\s.,;:!?…]|\Z))|[—–―]")
_TOLD = re.compile(
    r"[—–―](?:[A-ZÁÉÍÓÚÑ]|(?:(?:me|te|se|le|les|nos)\s+)?(?:dijo|dije|dijeron|decía|dice|digo|preguntó|pregunté"
    r"|respondió|contestó|replicó|repuso|exclamó|gritó|murmuró|musitó|susurró|balbuceó|añadió|agregó|continuó|prosiguió"
    r"|repitió|insistió|explicó|admitió|confesó|pidió|ordenó|pensó|intervino|interrumpió|concluyó|comentó|observó"
    r"|advirtió|aseguró|sugirió|suspiró|sonrió|rió)\b)"
)
_AFTER_TOLD = re.compile(r"[—–―][\s.,;:]*")


def dialogue_spans(paragraph: str) -> list[Span]:
    """What is spoken in `paragraph`, quotation marks included, in order and without overlaps.

    Quotation marks left open run to the paragraph's end, as speeches of several paragraphs do. A paragraph that opens
    with a dash is dialogue throughout, unless dashes inside it tell for certain where somebody else speaks.
    """
    if opens_with_dash(paragraph):
        return _said_between_dashes(paragraph) or [Span(0, len(paragraph))]
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
    """Whether `paragraph` is dialogue after a dash, where seldom a mark parts what is said from who says it."""
    return bool(_DASH.match(paragraph))


def _said_between_dashes(paragraph: str) -> list[Span]:
    """What is said in a paragraph that opens with a dash and has what is told between dashes; empty if that is not
    certain."""
    spans: list[Span] = []
    start = len(paragraph) - len(paragraph.lstrip())
    is_told = False
    for dash in _INNER_DASH.finditer(paragraph, start + 1):
        if not dash["said" if is_told else "told"] or not (is_told or _TOLD.match(paragraph, dash.start())):
            return []
        if is_told:
            after = _AFTER_TOLD.match(paragraph, dash.start())
            start = after.end() if after else dash.end()
        else:
            spans.append(Span(start, start + len(paragraph[start : dash.start()].rstrip())))
        is_told = not is_told
    if spans and not is_told:
        spans.append(Span(start, len(paragraph)))
    return [span for span in spans if span]


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
