"""Chapters and scenes as symbols of the protocol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import Chapter, chapters, outline
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import range_of

# A scene is called by so much of its beginning.
_NAME = 40


def symbols_of(manuscript: Manuscript, encoding: types.PositionEncodingKind) -> list[types.DocumentSymbol]:
    """Chapters, each with its scenes if it has several, and with what stands under its heading."""
    return [_chapter(manuscript, chapter, encoding) for chapter in chapters(outline(manuscript))]


def told(manuscript: Manuscript, encoding: types.PositionEncodingKind) -> Iterator[types.SymbolInformation]:
    """The same one by one, as clients want them of a workspace."""

    def flat(
        symbols: Sequence[types.DocumentSymbol], container: str | None = None
    ) -> Iterator[types.SymbolInformation]:
        for symbol in symbols:
            location = types.Location(manuscript.uri, symbol.selection_range)
            yield types.SymbolInformation(location, symbol.name, symbol.kind, container_name=container)
            yield from flat(symbol.children or (), symbol.name)

    yield from flat(symbols_of(manuscript, encoding))


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
