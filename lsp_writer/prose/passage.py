"""The passage around the caret: what a model reads before it, and what must not be repeated after it."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter

import msgspec

from lsp_writer.prose.blocks import Markup, line_markup
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import masked, without
from lsp_writer.prose.paragraphs import paragraph_at
from lsp_writer.prose.rope import split_lines
from lsp_writer.prose.sentences import SENTENCE_END

_LEFT_OUT = (Markup.FRONT_MATTER, Markup.CODE, Markup.COMMENT)
_PARAGRAPH_BREAK = re.compile(r"\n\n")
_SENTENCE_BREAK = re.compile(rf"(?:{SENTENCE_END})\s*")
_WORD_BREAK = re.compile(r"\s+")
# Long enough to be found again at few places, short enough to be edited rarely.
_ANCHOR = 64
_MOST_LINES = 400
_MOST_AFTER = 400


class Window(msgspec.Struct, frozen=True):
    """How much of the text before the caret a model reads, in characters: a passage grows to `most`, then steps to
    about `least`. 1,600 characters of English are some 370 tokens."""

    most: int = 1600
    least: int = 800


class Anchor(msgspec.Struct, frozen=True):
    """Where a passage began: `text` stood there, and `length` characters of prose from there to the caret."""

    text: str
    length: int


class Passage(msgspec.Struct, frozen=True):
    """Prose before the caret, without front matter, code, comments and links' targets; every line break is LF.

    Give its `anchor` to `passage_before` with the next key, so that the passage only grows at its end.
    """

    text: str

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.text[:_ANCHOR], len(self.text))


def passage_before(manuscript: Manuscript, offset: int, anchor: Anchor | None, window: Window) -> Passage:
    """The passage that ends at `offset`.

    It begins where `anchor` still stands, as long as that leaves a passage of fitting length; when it would outgrow
    the window, its beginning steps to a later paragraph, sentence or word.
    """
    text, whole = _prose_before(manuscript, offset, 2 * window.most)
    start = _anchored(text, anchor) if anchor and anchor.text else -1
    if start < 0 or (start > 0 and len(text) - start < window.least // 2):
        fits = whole and len(text) <= window.most
        return Passage(text if fits else text[_boundary(text, len(text) - window.least, window) :])
    text = text[start:]
    while len(text) > window.most:
        text = _stepped(text, window)
    return Passage(text)


def passage_after_step(passage: Passage, window: Window) -> Passage | None:
    """The beginning that the passage will have after its coming step, to be read ahead in idle time, or None while the
    place of that step is not settled."""
    if len(passage.text) <= window.most - window.least // 2:
        return None
    return Passage(_stepped(passage.text, window))


def passage_after(manuscript: Manuscript, offset: int) -> str:
    """The text from `offset` to the end of its paragraph, some 400 characters at most."""
    paragraph = paragraph_at(manuscript, offset)
    end = offset if paragraph is None else min(paragraph.end, offset + _MOST_AFTER)
    return manuscript.text.slice(offset, end)


def _anchored(text: str, anchor: Anchor) -> int:
    """Where `anchor` stands in `text`, or -1. Of several places (a refrain, a row of asterisks) it is the one that
    leaves most nearly as much text as before."""
    best = start = text.find(anchor.text)
    while start >= 0:
        best = min(best, start, key=lambda place: abs(len(text) - place - anchor.length))
        start = text.find(anchor.text, start + 1)
    return best


def _stepped(text: str, window: Window) -> str:
    """`text` from its next beginning on, found from the old beginning alone, so that more text does not move it."""
    return text[_boundary(text, window.most - window.least, window) :]


def _boundary(text: str, about: int, window: Window) -> int:
    """The best place to begin near `about`: a paragraph, a sentence, a word, or `about` itself."""
    low, high = max(0, about - window.least // 4), about + window.least // 4
    for pattern in (_PARAGRAPH_BREAK, _SENTENCE_BREAK, _WORD_BREAK):
        if found := pattern.search(text, low, high):
            return found.end()
    return max(about, 0)


def _prose_before(manuscript: Manuscript, offset: int, most: int) -> tuple[str, bool]:
    """Up to about `most` characters of prose before `offset`, and whether that is all there is."""
    text = manuscript.text
    caret_line = text.line_at(offset)
    first = max(text.line_at(offset - most), caret_line - _MOST_LINES)
    start = max(offset - most, text.line_start(first))
    # Some editors send the byte-order mark along.
    shown = text.slice(start, offset).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = zip(line_markup(manuscript, first, caret_line + 1), split_lines(shown), strict=False)
    prose = ""
    for markup, group in groupby(lines, key=itemgetter(0)):
        block = "".join(line for _, line in group)
        if markup is Markup.BLANK:
            prose += _blank(block, after=prose)
        elif markup not in _LEFT_OUT:
            prose += _shown(block) if manuscript.markdown else block
    return prose, start == 0


def _blank(lines: str, after: str) -> str:
    """Any number of blank lines as one; the indentation before the caret stays."""
    indentation = lines.rpartition("\n")[2]
    return indentation if "\n" not in lines or after.endswith("\n\n") or not after else "\n" + indentation


def _shown(block: str) -> str:
    return without(block, [mask for mask in masked(block) if mask.markup is not Markup.HEADING])
