"""A whole manuscript as critiques read it, for what no single paragraph tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import blanked, masked
from lsp_writer.prose.outline import outline
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.span import Span
from lsp_writer.prose.style_sheet import StyleSheet, style_sheet


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


def shown(manuscript: Manuscript, paragraph: Span) -> str:
    """The paragraph with spaces where it is not prose."""
    text = manuscript.text.slice(paragraph.start, paragraph.end)
    return blanked(text, masked(text)) if manuscript.markdown else text
