"""A whole manuscript as critiques read it, for what no single paragraph tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.blocks import line_markup
from lsp_writer.prose.language import language_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import blanked, has_table, masked
from lsp_writer.prose.outline import outline
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from lsp_writer.prose.style_sheet import StyleSheet, style_sheet
from lsp_writer.prose.words import count_words

# Lines, characters of each, and words of them all, that tell the language of a story.
_LINES_LOOKED_AT, _LINE_LOOKED_AT, _TELLING = 100, 2000, 20


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph and where it begins in the manuscript."""

    start: int
    reading: Reading

    def placed(self, span: Span) -> Span:
        """`span` of the paragraph as a span of the manuscript."""
        return span.shift(self.start)


class Story(msgspec.Struct, frozen=True):
    """`scenes` in order, none without a paragraph. Spans of findings are offsets into the manuscript."""

    scenes: tuple[tuple[Paragraph, ...], ...]
    sheet: StyleSheet = StyleSheet()

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        return [paragraph for scene in self.scenes for paragraph in scene]


def story_of(manuscript: Manuscript, read: Callable[[str], Reading]) -> Story:
    """The story in `manuscript`, whose paragraphs `read` reads."""
    scenes = (
        tuple(
            Paragraph(paragraph.start, read(shown(manuscript, paragraph)))
            for paragraph in paragraphs_in(manuscript, scene)
        )
        for section in outline(manuscript)
        for scene in section.scenes
    )
    return Story(tuple(scene for scene in scenes if scene), style_sheet(manuscript))


def language_in(manuscript: Manuscript) -> str:
    """The language of the story, by its beginning; "" if it is none of ours. Of a few words English is believed."""
    return manuscript.text.derived(_language)


def _language(text: Rope) -> str:
    markup = line_markup(Manuscript("", 0, text), 0, _LINES_LOOKED_AT)
    lines = text.lines(0, _LINES_LOOKED_AT, _LINE_LOOKED_AT)
    prose = " ".join(line for kind, line in zip(markup, lines, strict=False) if kind is None)
    found = language_of(prose)
    return found if found == "zh" or count_words(prose) >= _TELLING else "en"


def shown(manuscript: Manuscript, paragraph: Span) -> str:
    """The paragraph with spaces where it is not prose."""
    text = manuscript.text.slice(paragraph.start, paragraph.end)
    if not manuscript.markdown:
        return text
    return " " * len(text) if has_table(text) else blanked(text, masked(text))
