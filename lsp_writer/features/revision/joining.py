"""How a new text joins on to the manuscript where it is put in."""

from __future__ import annotations

from lsp_writer.features.revision.entry import Entry
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.words import UNSPACED_WORD

# As far as is looked for the document's own line ends.
_LINES_LOOKED_AT = 50


def joined(manuscript: Manuscript, offset: int, text: str, entry: Entry) -> str:
    """`text` as it is to be inserted at `offset`: after a space where it goes on from the caret, else as a paragraph of
    its own; with the document's line ends."""
    source = manuscript.text
    line = source.line_at(offset)
    before = source.slice(source.line_start(line), offset)
    after = source.slice(offset, source.line_end(line))
    if entry.takes == "caret":
        spaced = before and not before[-1].isspace() and not UNSPACED_WORD.match(text) and text[:1] not in ",.;:!?…"
        text = f" {text}" if spaced else text
    else:
        text = ("\n\n" if before.strip() else "") + text + ("\n\n" if after.strip() else "")
    return text.replace("\n", _line_end(manuscript))


def _line_end(manuscript: Manuscript) -> str:
    first = "".join(manuscript.text.lines(0, _LINES_LOOKED_AT, 2000))
    return "\r\n" if "\r\n" in first else "\n"
