"""A passage taken apart: sentences that may be rewritten, and everything else, which may not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.entry import AtOnce
from lsp_writer.prose.dialogue import dialogue_spans, opens_with_dash
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import has_table, masked
from lsp_writer.prose.marks import MarkKind, marks_in
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words

# A unit takes sentences until it has this many words; a longer sentence is a unit of its own.
_WORDS: dict[AtOnce, int] = {"sentences": 45, "paragraph": 160, "whole": 600}
# Sentences that are told one by one are taken together up to so many words.
_PIECE = 15
# A sentence beyond this is a list or a monologue that no small model holds in mind; it stays as it is.
_MOST_WORDS = 150
_MARKER = re.compile(r"(?:\s|>|[-*+]\s|\d{1,9}[.)]\s|\[[ xX]\]\s)*")
# A line inside a sentence that Markdown keeps apart: a quotation, an item, the end of a verse.
_MARKED_LINE = re.compile(r"\n\s*(?:>|[-*+]\s|\d{1,9}[.)]\s)|(?: {2,}|\\)\r?\n")
# Marks that the words cannot leave without loss. Emphasis and footnotes are put back where their words are.
_FAST = frozenset({MarkKind.LINK, MarkKind.IMAGE, MarkKind.CODE, MarkKind.HTML})
# What other tools than Markdown itself read: comments, formulas, fences of a block, definitions.
_EXTENSIONS = re.compile(
    r"%%.*?%%|\$\$.*?\$\$|^[ \t]*(?::::|\$\$|%%)[^\r\n]*|^[ \t]*:[ \t][^\r\n]*", re.DOTALL | re.MULTILINE
)


class Unit(msgspec.Struct, frozen=True):
    """A stretch of the passage. Laid end to end, the units are the passage."""

    text: str
    is_prose: bool


def units_of(manuscript: Manuscript, span: Span, at_once: AtOnce = "sentences") -> list[Unit]:
    """The units of `span`: prose in pieces of so much `at_once`, and between them what must stay as it is."""
    pieces: list[Span] = []
    goes_on = False
    for paragraph in paragraphs_in(manuscript, span):
        within = Span(max(paragraph.start, span.start), min(paragraph.end, span.end)).shift(-paragraph.start)
        text = manuscript.text.slice(paragraph.start, paragraph.end)
        fast = _fast_in(text, at_once) if manuscript.markdown else []
        runs = _prose_of(text, within, _WORDS[at_once], fast)
        found = [run.shift(paragraph.start) for run in runs]
        # What is told as a whole is told over paragraphs that have nothing but prose.
        is_all = [text[run.start : run.end] for run in runs] == [text[within.start : within.end].strip()]
        if goes_on and is_all and _are_one(manuscript, pieces[-1], found[0]):
            found = [Span(pieces.pop().start, found[0].end)]
        pieces += found
        goes_on = is_all and at_once == "whole"
    units: list[Unit] = []
    end = span.start
    for piece in pieces:
        units.append(Unit(manuscript.text.slice(end, piece.start), is_prose=False))
        units.append(Unit(manuscript.text.slice(piece.start, piece.end), is_prose=True))
        end = piece.end
    units.append(Unit(manuscript.text.slice(end, span.end), is_prose=False))
    return [unit for unit in units if unit.text]


def require_prose(units: Iterable[Unit]) -> None:
    """Raises InvalidRequest if there is nothing to rewrite in `units`."""
    if not any(unit.is_prose for unit in units):
        raise InvalidRequest("There is no prose in the selection to rewrite. Select a sentence or a paragraph.")


def pieces_of(text: str) -> list[Span]:
    """The sentences of a unit's `text`, a speech whole and with who says it, and short ones of narration together."""
    spoken = dialogue_spans(text)
    pieces: list[Span] = []
    joined = False
    for sentence in _whole_speeches(text, sentence_spans(text)):
        narration = not any(speech.overlaps(sentence) for speech in spoken)
        if joined and narration and count_words(text[pieces[-1].start : sentence.end]) <= _PIECE:
            pieces[-1] = Span(pieces[-1].start, sentence.end)
        else:
            pieces.append(sentence)
        joined = narration
    return pieces


def _are_one(manuscript: Manuscript, piece: Span, following: Span) -> bool:
    """Whether nothing stands between two pieces, and both together are not too much."""
    text = manuscript.text
    between, both = text.slice(piece.end, following.start), text.slice(piece.start, following.end)
    return not between.strip() and count_words(both) <= _WORDS["whole"]


def _prose_of(paragraph: str, within: Span, most_words: int, fast: Sequence[Span]) -> list[Span]:
    """Runs of plain sentences. One with something `fast` in it stands outside, as it is."""
    runs: list[Span] = []
    words = 0
    joined = False
    end = within.start
    for sentence in _whole_speeches(paragraph, _sentences(paragraph, within)):
        text = paragraph[sentence.start : sentence.end]
        counted = count_words(text)
        joined = joined and not _MARKED_LINE.search(paragraph[end : sentence.start])
        end = sentence.end
        marked = any(span.overlaps(sentence) for span in fast)
        if marked or _MARKED_LINE.search(text) or not 0 < counted <= max(_MOST_WORDS, most_words):
            joined = False
        elif joined and words + counted <= most_words:
            runs[-1] = Span(runs[-1].start, sentence.end)
            words += counted
        else:
            runs.append(sentence)
            words, joined = counted, True
    return runs


def _sentences(paragraph: str, within: Span) -> Iterator[Span]:
    """The sentences of the paragraph's part `within`, without the marker of a line that they begin."""
    for found in sentence_spans(paragraph[within.start : within.end]):
        sentence = found.shift(within.start)
        start = sentence.start
        if not paragraph[:start].strip() or paragraph[:start].rstrip(" \t").endswith("\n"):
            marker = _MARKER.match(paragraph, start)
            start = marker.end() if marker else start
        if start < sentence.end:
            yield Span(start, sentence.end)


def _whole_speeches(paragraph: str, sentences: Iterable[Span]) -> list[Span]:
    """`sentences`, those that a speech runs through as one: half a speech looks like narration. After an opening dash
    nothing tells where one ends."""
    speeches = [] if opens_with_dash(paragraph) else dialogue_spans(paragraph)
    whole: list[Span] = []
    for sentence in sentences:
        if whole and any(speech.start < whole[-1].end < speech.end for speech in speeches):
            whole[-1] = Span(whole[-1].start, sentence.end)
        else:
            whole.append(sentence)
    return whole


def _fast_in(paragraph: str, at_once: AtOnce) -> list[Span]:
    """What of a Markdown paragraph must stay where it is. A link is part of what is told as a whole: a sentence that
    stayed would come after the end of a letter."""
    if has_table(paragraph):
        return [Span(0, len(paragraph))]
    marks = [mark for mark in marks_in(paragraph) if mark.kind in _FAST]
    links = [mark.span for mark in marks if mark.kind is MarkKind.LINK] if at_once == "whole" else []
    spans = (*(mark.span for mark in marks), *(mask.span for mask in masked(paragraph)))
    extensions = (Span(*match.span()) for match in _EXTENSIONS.finditer(paragraph))
    return [*(span for span in spans if not any(link.overlaps(span) for link in links)), *extensions]
