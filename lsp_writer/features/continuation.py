"""Ghost text: what may come after the caret, to the end of the sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing

import msgspec

from lsp_writer.features.trimming import trimmed
from lsp_writer.generation import (
    Event,
    Finished,
    Generate,
    JobKey,
    Kind,
    ModelState,
    Piece,
    Prefill,
    Segment,
    StopReason,
    Stops,
    TextModel,
)
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import markup_at
from lsp_writer.prose.passage import Passage, Window, passage_after, passage_after_step, passage_before
from lsp_writer.prose.sentences import SENTENCE_END
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import half_typed
from lsp_writer.settings import Settings

_WINDOW = Window()
# On an almost empty page a model cannot know that a story is meant, and writes web addresses and encyclopaedias.
_OPENING = Segment("An excerpt from a short story:\n\n")
_OPENING_CHARACTERS = 300
# Ghost text that comes later than this has been typed past.
_SECONDS = 3.0
# The longest half-typed word that is looked for, with the white space before it.
_HALF_WORD = 64
# How long a job goes on for a second reader: editors ask for the menu and for ghost text a moment apart.
_LINGER_SECONDS = 0.15


class Suggestion(msgspec.Struct, frozen=True):
    """Text to put in place of `replaces`, the half-typed word before the caret, with which it begins."""

    text: str
    replaces: Span


class NothingToSuggest(msgspec.Struct, frozen=True):
    """`reason` is for the writer, and empty where a newer request has taken over."""

    reason: str


class Draft(msgspec.Struct, frozen=True):
    """What is asked of the model at one caret."""

    passage: Passage
    request: Generate
    #: The unfinished word, without the white space before it.
    half_word: str
    after: str


class Continuation:
    """Suggestions for every open document. Menu and ghost text at one caret make equal requests, hence one job."""

    def __init__(self, model: TextModel) -> None:
        self._model = model
        self._anchors: dict[str, str] = {}
        self._background: set[asyncio.Task[None]] = set()

    async def suggest(
        self, manuscript: Manuscript, offset: int, settings: Settings, *, invoked: bool
    ) -> Suggestion | NothingToSuggest:
        """What may follow the caret at `offset`, or why nothing is offered. `invoked` when the writer asked for it."""
        if reason := _unwanted(settings, invoked=invoked):
            return NothingToSuggest(reason)
        draft = self.draft(manuscript, offset, settings)
        if isinstance(draft, NothingToSuggest):
            return draft
        pieces: list[str] = []
        ended, message = StopReason.CANCELLED, ""
        async with aclosing(self.stream(manuscript.uri, draft)) as events:
            async for event in events:
                if isinstance(event, Piece):
                    pieces.append(event.text)
                elif isinstance(event, Finished):
                    ended, message = event.reason, event.message
        self._read_ahead(manuscript.uri, draft.passage)
        if ended in _FRUITLESS:
            return NothingToSuggest(message or _FRUITLESS[ended])
        text = trimmed("".join(pieces), ended, draft.passage.text, draft.after)
        if not text.strip():
            return NothingToSuggest("the model has nothing new to say here")
        return Suggestion(draft.half_word + text, Span(offset - len(draft.half_word), offset))

    def draft(self, manuscript: Manuscript, offset: int, settings: Settings) -> Draft | NothingToSuggest:
        """The request for the caret at `offset`, or why there is none to make."""
        if self._model.status.state == ModelState.LOADING:
            return NothingToSuggest("the model is still loading")
        if markup := markup_at(manuscript, offset):
            return NothingToSuggest(f"the caret is in {markup}")
        after = passage_after(manuscript, offset)
        before = manuscript.text.slice(offset - _HALF_WORD, offset)
        if before[-1:].isalnum() and after[:1].isalnum():
            return NothingToSuggest("the caret is inside a word")
        passage = passage_before(manuscript, offset, self._anchors.get(manuscript.uri), _WINDOW)
        self._anchors[manuscript.uri] = passage.anchor
        typed = _typed(passage.text)
        request = Generate(
            prompt=_prompt(passage.text, typed),
            typed=typed,
            words=settings.menu.max_items,
            stops=Stops(
                max_new_tokens=settings.ghost_text.max_tokens,
                end_pattern=SENTENCE_END,
                at_paragraph_end=True,
                before=after.lstrip(),
                seconds=_SECONDS,
            ),
        )
        # A link's target may stand inside what reads as one word; only what really stands before the caret is replaced.
        return Draft(passage, request, half_typed(before).lstrip(), after)

    def stream(self, uri: str, draft: Draft) -> AsyncGenerator[Event, None]:
        """The events of the one job for `draft`."""
        return self._model.stream(JobKey(uri, Kind.TYPING), draft.request)

    def linger(self, events: AsyncGenerator[Event, None]) -> None:
        """Keep the job behind `events` at work for a moment, so that ghost text finds what the menu has begun."""

        async def wait() -> None:
            async with aclosing(events):
                try:
                    async with asyncio.timeout(_LINGER_SECONDS):
                        async for _ in events:
                            pass
                except TimeoutError:
                    pass

        self._in_background(wait())

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._anchors.pop(uri, None)

    def _read_ahead(self, uri: str, passage: Passage) -> None:
        """Have the model read the passage's next beginning while the writer thinks."""
        stepped = passage_after_step(passage, _WINDOW)
        if stepped is None or self._model.status.state != ModelState.READY:
            return
        request = Prefill(prompt=_prompt(stepped.text, _typed(stepped.text)))
        self._in_background(self._drain(JobKey(uri, Kind.IDLE), request))

    def _in_background(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _drain(self, key: JobKey, request: Prefill) -> None:
        async with aclosing(self._model.stream(key, request)) as events:
            async for _ in events:
                pass


_FRUITLESS = {
    StopReason.CANCELLED: "",
    StopReason.SUPERSEDED: "",
    StopReason.NOT_READY: "there is no model to ask",
    StopReason.FAILED: "the model failed; the log says why",
}


def _prompt(passage: str, typed: str) -> tuple[Segment, ...]:
    before = Segment(passage.removesuffix(typed))
    return (_OPENING, before) if len(passage) < _OPENING_CHARACTERS else (before,)


def _typed(passage: str) -> str:
    """What the model is to begin with: the half-typed word and one space before it, if there is one. A line break or a
    second space is part of the prompt, as it would be before a whole word."""
    half = half_typed(passage)
    word = half.lstrip()
    return " " + word if half.removesuffix(word).endswith(" ") else word


def _unwanted(settings: Settings, *, invoked: bool) -> str:
    match settings.ghost_text.mode:
        case "off":
            return "ghost text is switched off"
        case "onDemand" if not invoked:
            return "ghost text is set to come only when asked for"
        case _:
            return ""
