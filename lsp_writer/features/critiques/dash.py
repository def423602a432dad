"""Typed dashes in a story that has set ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.story import Story
from lsp_writer.prose.span import Span

# Two hyphens, or one between spaces; neither a list's, a subtraction's nor a row of them.
_TYPED = re.compile(r"--(?<![-\n]--)(?![->])|-(?<=[^\d\s*+-] -)(?= [^\d\s*+-])")
# Words on both sides, from which an en dash stands apart.
_LEANS = re.compile(r"(?<=\w)--(?=\w)")
# Where typed ones outnumber set ones more than this, the manuscript is a typescript and the set ones are strays.
_TYPESCRIPT = 3


def dashes(story: Story) -> Iterator[Finding]:
    em = sum(paragraph.reading.text.count("—") for paragraph in story.paragraphs)
    en = sum(paragraph.reading.text.count(" – ") for paragraph in story.paragraphs)
    typed = [
        (paragraph.placed(Span(*match.span())), match)
        for paragraph in story.paragraphs
        for match in _TYPED.finditer(paragraph.reading.text)
    ]
    if len(typed) > _TYPESCRIPT * (em + en):
        return
    usual = "—" if em >= en else "–"
    for span, match in typed:
        leans = _LEANS.match(match.string, match.start())
        yield Finding(
            span,
            CritiqueKind.DASH,
            f"“{match[0]}” stands for a dash here, and the story has “{usual}” elsewhere.",
            f"Try “{usual}”.",
            (f" {usual} " if leans and usual == "–" else usual,),
        )
