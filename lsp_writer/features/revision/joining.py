"""How a new text joins on to the manuscript where it is put in, and how its lines stay apart."""

from __future__ import annotations

import re

from lsp_writer.features.revision.entry import Entry
from lsp_writer.prose.blocks import Markup, line_markup
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.words import UNSPACED_WORD, words_of

# As far as is looked for the document's own line ends.
_LINES_LOOKED_AT = 50
_LINE_LOOKED_AT = 2000
# What no space stands before; and what none does behind a word, although some of it opens a quotation elsewhere.
_CLOSING = ",.;:!?…)]}，。；：！？、"
_CLOSING_A_WORD = "\"'“”‘’«»*_—–"
# A quotation, a table, HTML, an item of a list, a footnote, an image.
_NO_PROSE = re.compile(r"\s*(?:[>|<]|[-*+]\s|\d+[.)]\s|\[[^\]\r\n]+\]:|!\[)")
# A line break inside a paragraph, which Markdown reads as a space. A list's lines stay apart by themselves.
_BARE_BREAK = re.compile(r"(?<=\S)\n(?!\s|[-*+>#]+\s|\d+[.)]\s)")


def joined(manuscript: Manuscript, offset: int, text: str, entry: Entry) -> str:
    """`text` as it is to be inserted at `offset`: on the caret's own line where it goes on from there, else, and always
    if it has several lines, as a paragraph of its own; with the document's line ends."""
    if entry.takes == "caret" and entry.form != "lines" and "\n" not in text and not _would_cling(manuscript, offset):
        return _within_line(manuscript, offset, text)
    if entry.form == "lines":
        text = in_lines(text, markdown=manuscript.markdown)
    return _own_paragraph(manuscript, offset, text).replace("\n", line_end_of(manuscript))


def in_lines(text: str, *, markdown: bool, line_end: str = "\n") -> str:
    """`text`, whose lines are to stay apart wherever it is shown, with a document's line ends."""
    return (_BARE_BREAK.sub("  \n", text) if markdown else text).replace("\n", line_end)


def line_end_of(manuscript: Manuscript) -> str:
    """What ends a line of the document, as far as its beginning tells."""
    first = "".join(manuscript.text.lines(0, _LINES_LOOKED_AT, _LINE_LOOKED_AT))
    return "\r\n" if "\r\n" in first else "\n"


def _would_cling(manuscript: Manuscript, offset: int) -> bool:
    """Whether text on the empty line at `offset` would become a part of what is no prose above it: of a footnote, a
    quotation, an item of a list."""
    before, after = _line_around(manuscript, offset)
    above = manuscript.text.line_at(offset) - 1
    if before.strip() or after.strip() or above < 0 or not manuscript.markdown:
        return False
    line = manuscript.text.line(above, _LINE_LOOKED_AT)
    return line_markup(manuscript, above, above + 1)[0] not in (None, Markup.BLANK) or bool(_NO_PROSE.match(line))


def _within_line(manuscript: Manuscript, offset: int, text: str) -> str:
    """`text` with a space on each side on which there is none, in scripts that have one."""
    before, after = _line_around(manuscript, offset)
    words = words_of(text) or [text]
    parted = before and not before[-1].isspace() and text[:1] not in _CLOSING
    # A quotation mark or an asterisk closes what a word stands before, and opens what a space does.
    closing = _CLOSING if not before or before[-1].isspace() else _CLOSING + _CLOSING_A_WORD
    followed = after and not after[0].isspace() and after[0] not in closing
    left = " " if parted and not UNSPACED_WORD.match(words[0]) else ""
    right = " " if followed and not UNSPACED_WORD.match(words[-1]) else ""
    return left + text + right


def _own_paragraph(manuscript: Manuscript, offset: int, text: str) -> str:
    """`text` with the line breaks that part it from the lines around `offset`."""
    source = manuscript.text
    before, after = _line_around(manuscript, offset)
    line = source.line_at(offset)
    above = source.line(line - 1, _LINE_LOOKED_AT) if line > 0 else ""
    below = source.line(line + 1, _LINE_LOOKED_AT) if line + 1 < source.line_count else ""
    left = "\n\n" if before.strip() else "\n" if above.strip() else ""
    right = "\n\n" if after.strip() else "\n" if below.strip() else ""
    return left + text + right


def _line_around(manuscript: Manuscript, offset: int) -> tuple[str, str]:
    """What stands before and after `offset` on its line."""
    source = manuscript.text
    line = source.line_at(offset)
    return source.slice(source.line_start(line), offset), source.slice(offset, source.line_end(line))
