"""The completion menu: probable next words, or endings of the half-typed one, from the pass that makes ghost text."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import msgspec

from lsp_writer.features.continuation import Continuation, Draft, NothingToSuggest
from lsp_writer.generation import Event, RankedWord, RankedWords
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span
from lsp_writer.settings import Settings

# What a token spells may be no word: a lone consonant, or "wasn" without its "’t" ("can" and "won" are words).
_FRAGMENT = re.compile(
    r"[b-df-hj-np-tv-xz]|(?:ai|are|could|did|do|does|had|has|have|is|might|must|need|should|was|were|would)n",
    re.IGNORECASE,
)


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
    if isinstance(draft, NothingToSuggest) or not _has_place(draft):
        return nothing
    events = continuation.stream(manuscript.uri, draft)
    words: tuple[RankedWord, ...] | None = None
    try:
        words = await _first_words(events)
    finally:
        if words and settings.ghost_text.mode == "automatic":
            continuation.linger(events)
        else:
            await events.aclose()
    return WordChoice(words, Span(offset - len(draft.half_word), offset))


async def _first_words(events: AsyncGenerator[Event, None]) -> tuple[RankedWord, ...]:
    async for event in events:
        if isinstance(event, RankedWords):
            return tuple(word for word in event.words if not _FRAGMENT.fullmatch(word.text))
    return ()


def _has_place(draft: Draft) -> bool:
    """Whether a word may stand at the caret: not right after a full stop, which wants a space first, and not in a word
    that is half link, of which the menu could replace only a part."""
    begins = not draft.passage.text or draft.passage.text.endswith("\n")
    return (begins or bool(draft.request.typed)) and draft.request.typed.lstrip() == draft.half_word
