"""Marked text: `$0` is the caret."""

from __future__ import annotations

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope


def marked_manuscript(marked: str, *, markdown: bool = True) -> tuple[Manuscript, int]:
    """The manuscript without its mark, and the caret's offset."""
    before, after = marked.split("$0")
    return Manuscript("file:///story.md", 1, Rope.of(before + after), markdown), len(before)
