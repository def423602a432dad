"""textDocument/selectionRange: the sentence, its paragraph, its scene, its chapter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import chapters, outline
from lsp_writer.prose.paragraphs import paragraph_at
from lsp_writer.prose.sentences import sentence_at, sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import offset_of, range_of
from lsp_writer.server.session import Session


async def selection_range(
    session: Session, params: types.SelectionRangeParams
) -> Sequence[types.SelectionRange] | None:
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None:
        return None
    encoding = session.client.encoding
    return [_around(manuscript, position, encoding) for position in params.positions]


def _around(
    manuscript: Manuscript, position: types.Position, encoding: types.PositionEncodingKind
) -> types.SelectionRange:
    """The smallest range first, each with the next larger one as its parent."""
    offset = offset_of(manuscript.text, position, encoding)
    found: types.SelectionRange | None = None
    held = Span(0, len(manuscript.text))
    for span in (held, *_holding(manuscript, offset)):
        if held.start <= span.start <= span.end <= held.end and (found is None or span != held):
            found = types.SelectionRange(range=range_of(manuscript.text, span, encoding), parent=found)
            held = span
    assert found is not None  # the whole text is always one
    return found


def _holding(manuscript: Manuscript, offset: int) -> Iterator[Span]:
    """What holds `offset`, from the chapter to the sentence."""
    level = chapters(outline(manuscript))
    while chapter := next((chapter for chapter in level if chapter.span.start <= offset <= chapter.span.end), None):
        yield chapter.span
        yield from (scene for scene in chapter.section.scenes if scene.start <= offset <= scene.end)
        level = chapter.under
    paragraph = paragraph_at(manuscript, offset)
    if paragraph is None:
        return
    yield paragraph
    sentences = sentence_spans(manuscript.text.slice(paragraph.start, paragraph.end))
    if sentence := sentence_at(sentences, offset - paragraph.start):
        yield sentence.shift(paragraph.start)
