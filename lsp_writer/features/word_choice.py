"""The completion menu: probable next words, or endings of the half-typed one, from the pass that makes ghost text."""

from __future__ import annotations

import asyncio

import msgspec

from lsp_writer.features.continuation import Continuation
from lsp_writer.features.drafting import Draft, NothingToSuggest, half_word_at, typed_at_end
from lsp_writer.generation import RankedWord
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span
from lsp_writer.settings import Settings

# Editors ask for the menu first, but the writer does not wait for it. Ghost text that is at hand is out within so many
# seconds, and so is an answer to the same news of the model, if no menu is in its way.
_AT_HAND_SECONDS, _SAME_NEWS_SECONDS = 0.02, 0.002


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
    if continuation.follows(manuscript, offset):
        await asyncio.sleep(_AT_HAND_SECONDS)
        if not continuation.is_newest(manuscript):
            return nothing
    if words := continuation.words_left(manuscript, offset):
        return WordChoice(words, Span(offset - len(half_word_at(manuscript, offset)), offset))
    draft = continuation.draft(manuscript, offset)
    if isinstance(draft, NothingToSuggest) or not _has_place(draft):
        return nothing
    words = await continuation.rank(manuscript, offset, draft, settings)
    await asyncio.sleep(_SAME_NEWS_SECONDS)
    return WordChoice(words, Span(offset - len(draft.half_word), offset))


def _has_place(draft: Draft) -> bool:
    """Whether a word may stand at the caret: not right after a full stop, which wants a space first, and not in a word
    that is half link, of which the menu could replace only a part."""
    begins = not draft.before or draft.before.endswith("\n")
    typed = typed_at_end(draft.before)
    return (begins or bool(typed)) and typed.lstrip() == draft.half_word
