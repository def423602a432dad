"""The completion menu: probable next words, or endings of the half-typed one, from the pass that makes ghost text."""

from __future__ import annotations

from contextlib import aclosing

import msgspec

from lsp_writer.features.continuation import Continuation, NothingToSuggest
from lsp_writer.generation import RankedWord, RankedWords
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span
from lsp_writer.settings import Settings


class WordChoice(msgspec.Struct, frozen=True):
    """Words to put in place of `replaces`, most probable first."""

    words: tuple[RankedWord, ...]
    replaces: Span


async def choose_words(
    continuation: Continuation, manuscript: Manuscript, offset: int, settings: Settings
) -> WordChoice:
    """The words that may stand at the caret. None is an answer like any other."""
    nothing = WordChoice((), Span(offset, offset))
    if not settings.menu.enabled:
        return nothing
    draft = continuation.draft(manuscript, offset, settings)
    # Right after a full stop the next word lacks its space, and a menu cannot give it one.
    if isinstance(draft, NothingToSuggest) or (draft.passage.text and not draft.request.typed):
        return nothing
    async with aclosing(continuation.stream(manuscript.uri, draft)) as events:
        async for event in events:
            if isinstance(event, RankedWords):
                return WordChoice(event.words, Span(offset - len(draft.half_word), offset))
    return nothing
