"""textDocument/documentSymbol: the chapters of a manuscript and their scenes."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import Chapter, chapters, outline
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import range_of
from lsp_writer.server.session import Session

# A scene is called by so much of its beginning.
_NAME = 40


async def document_symbol(
    session: Session, params: types.DocumentSymbolParams
) -> Sequence[types.DocumentSymbol] | None:
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None:
        return None
    encoding = session.client.encoding
    return [_chapter(manuscript, chapter, encoding) for chapter in chapters(outline(manuscript))]


def _chapter(manuscript: Manuscript, chapter: Chapter, encoding: types.PositionEncodingKind) -> types.DocumentSymbol:
    section = chapter.section
    scenes = section.scenes if len(section.scenes) > 1 or not section.level else ()
    return types.DocumentSymbol(
        name=section.title or _beginning(manuscript, section.heading if section.level else section.scenes[0]),
        kind=types.SymbolKind.Module,
        range=range_of(manuscript.text, chapter.span, encoding),
        selection_range=range_of(manuscript.text, section.heading, encoding),
        children=[
            *(_scene(manuscript, scene, encoding) for scene in scenes),
            *(_chapter(manuscript, under, encoding) for under in chapter.under),
        ],
    )


def _scene(manuscript: Manuscript, scene: Span, encoding: types.PositionEncodingKind) -> types.DocumentSymbol:
    beginning = Span(scene.start, min(scene.end, manuscript.text.line_end(manuscript.text.line_at(scene.start))))
    return types.DocumentSymbol(
        name=_beginning(manuscript, scene),
        kind=types.SymbolKind.Event,
        range=range_of(manuscript.text, scene, encoding),
        selection_range=range_of(manuscript.text, beginning, encoding),
    )


def _beginning(manuscript: Manuscript, span: Span) -> str:
    """The first words of what stands at `span`; a name may not be empty."""
    text = " ".join(manuscript.text.slice(span.start, min(span.end, span.start + 2 * _NAME)).split())
    if len(text) <= _NAME:
        return text or "…"
    return f"{text[:_NAME].rpartition(' ')[0] or text[:_NAME]} …"
