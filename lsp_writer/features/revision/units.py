"""A passage taken apart: sentences that may be rewritten, and everything else, which may not."""

from __future__ import annotations

import re

import msgspec

from lsp_writer.features.revision.entry import AtOnce
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import masked
from lsp_writer.prose.marks import MarkKind, marks_in
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words

# A unit takes sentences until it has this many words; a longer sentence is a unit of its own.
_WORDS: dict[AtOnce, int] = {"sentences": 45, "paragraph": 160, "whole": 600}
# A sentence beyond this is a list or a monologue that no small model holds in mind; it stays as it is.
_MOST_WORDS = 150
_MARKER = re.compile(r"(?:\s|>|[-*+]\s|\d{1,9}[.)]\s)*")
# A line inside a sentence that Markdown keeps apart: a quotation, an item, the end of a verse.
_MARKED_LINE = re.compile(r"\n\s*(?:>|[-*+]\s|\d{1,9}[.)]\s)|(?: {2,}|\\)\r?\n")
# Marks that the words cannot leave without loss. Emphasis and footnotes are put back where their words are.
_FAST = frozenset({MarkKind.LINK, MarkKind.IMAGE, MarkKind.CODE, MarkKind.HTML})
_TABLE = re.compile(r"^\s*\||\|\s*$|\s\|\s", re.MULTILINE)


class Unit(msgspec.Struct, frozen=True):
    """A stretch of the passage. Laid end to end, the units are the passage."""

    text: str
    is_prose: bool


def units_of(manuscript: Manuscript, span: Span, at_once: AtOnce = "sentences") -> list[Unit]:
    """The units of `span`: prose in pieces of so much `at_once`, and between them what must stay as it is."""
    pieces: list[Span] = []
    for paragraph in paragraphs_in(manuscript, span):
        start, end = max(paragraph.start, span.start), min(paragraph.end, span.end)
        pieces += [
            piece.shift(start) for piece in _prose_of(manuscript.text.slice(start, end), manuscript, _WORDS[at_once])
        ]
    units: list[Unit] = []
    end = span.start
    for piece in pieces:
        units.append(Unit(manuscript.text.slice(end, piece.start), is_prose=False))
        units.append(Unit(manuscript.text.slice(piece.start, piece.end), is_prose=True))
        end = piece.end
    units.append(Unit(manuscript.text.slice(end, span.end), is_prose=False))
    return [unit for unit in units if unit.text]


def _prose_of(paragraph: str, manuscript: Manuscript, most_words: int) -> list[Span]:
    """Runs of plain sentences. A sentence with a link or code in it stands outside, as it is."""
    runs: list[Span] = []
    words = 0
    joined = False
    fast = _fast_in(paragraph) if manuscript.markdown else []
    marker = _MARKER.match(paragraph)
    for whole in sentence_spans(paragraph):
        sentence = Span(max(whole.start, marker.end() if marker else 0), whole.end)
        text = paragraph[sentence.start : sentence.end]
        marked = any(span.overlaps(sentence) for span in fast)
        if marked or _MARKED_LINE.search(text) or not 0 < count_words(text) <= _MOST_WORDS:
            joined = False
        elif joined and words + count_words(text) <= most_words:
            runs[-1] = Span(runs[-1].start, sentence.end)
            words += count_words(text)
        else:
            runs.append(sentence)
            words, joined = count_words(text), True
    return runs


def _fast_in(paragraph: str) -> list[Span]:
    """What of a Markdown paragraph must stay where it is."""
    if _TABLE.search(paragraph):
        return [Span(0, len(paragraph))]
    marks = (mark.span for mark in marks_in(paragraph) if mark.kind in _FAST)
    return [*(mask.span for mask in masked(paragraph)), *marks]
