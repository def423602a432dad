"""textDocument/foldingRange: chapters, and the scenes of those that have several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import Chapter, chapters, outline
from lsp_writer.prose.span import Span
from lsp_writer.server.session import Session


async def folding_range(session: Session, params: types.FoldingRangeParams) -> Sequence[types.FoldingRange] | None:
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None:
        return None
    lines = {
        (text.line_at(span.start), text.line_at(_last(manuscript, span)))
        for text in (manuscript.text,)
        for chapter in chapters(outline(manuscript))
        for span in _folded(chapter)
    }
    return [types.FoldingRange(start_line=first, end_line=last) for first, last in sorted(lines) if first < last]


def _folded(chapter: Chapter) -> Iterator[Span]:
    if chapter.section.level:
        yield chapter.span
    if len(chapter.section.scenes) > 1:
        yield from chapter.section.scenes
    for under in chapter.under:
        yield from _folded(under)


def _last(manuscript: Manuscript, span: Span) -> int:
    """The last character of `span` that is no white space: blank lines between two chapters belong to neither."""
    text = manuscript.text.slice(max(span.start, span.end - 1000), span.end)
    return max(span.end - (len(text) - len(text.rstrip())) - 1, span.start)
