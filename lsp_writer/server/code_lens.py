"""textDocument/codeLens and codeLens/resolve: facts above chapters, and above the scenes of those that have several.

Only what the editor shows is resolved, so a book costs no more than a page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import msgspec
from lsprotocol import types

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import Chapter, chapters, outline
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import range_of
from lsp_writer.server.session import Session

OPTIONS = types.CodeLensOptions(resolve_provider=True)


class Place(msgspec.Struct, frozen=True):
    """What a lens is about: an offset in a document, and whether that is a chapter or a scene of it."""

    uri: str
    offset: int
    scene: bool


async def code_lens(session: Session, params: types.CodeLensParams) -> Sequence[types.CodeLens] | None:
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None or not session.settings.code_lens.enabled:
        return None
    encoding = session.client.encoding
    return [
        types.CodeLens(
            range=range_of(manuscript.text, Span(at, at), encoding),
            data=msgspec.to_builtins(Place(manuscript.uri, at, scene)),
        )
        for at, scene, _ in _places(manuscript)
    ]


async def resolve(session: Session, lens: types.CodeLens) -> types.CodeLens:
    """The lens with its facts as they are now, and with none if what it is about is gone."""
    place = msgspec.convert(lens.data, Place)
    manuscript = session.documents.find(place.uri)
    if manuscript is None:
        return lens
    here = next((span for at, scene, span in _places(manuscript) if (at, scene) == (place.offset, place.scene)), None)
    title = await asyncio.to_thread(_facts, manuscript, here) if here else ""
    return types.CodeLens(range=lens.range, command=types.Command(title=title, command=""), data=lens.data)


def _places(manuscript: Manuscript) -> Iterator[tuple[int, bool, Span]]:
    """Where facts stand, whether they are a scene's, and what they are of."""
    for chapter in chapters(outline(manuscript)):
        yield from _places_in(chapter)


def _places_in(chapter: Chapter) -> Iterator[tuple[int, bool, Span]]:
    section = chapter.section
    if section.level and (section.scenes or chapter.under):
        yield section.heading.start, False, chapter.span
    if len(section.scenes) > 1:
        yield from ((scene.start, True, scene) for scene in section.scenes)
    for under in chapter.under:
        yield from _places_in(under)


def _facts(manuscript: Manuscript, span: Span) -> str:
    from lsp_writer.features.critiques.facts import facts_of
    from lsp_writer.features.critiques.story import shown
    from lsp_writer.prose.paragraphs import paragraphs_in

    return facts_of([shown(manuscript, paragraph) for paragraph in paragraphs_in(manuscript, span)])
