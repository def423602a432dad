"""Ghost text: what may come after the caret, to the end of the sentence.

An answer comes from what the model has said already, if the writer is typing along with it; else from the dictation at
work, if that agrees with what was typed since; else from a new one. Once an answer is out, the model goes on to what
will be asked next if the suggestion is taken.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import msgspec

from lsp_writer.features.calibration import Calibration, Evidence
from lsp_writer.features.desk import Desk
from lsp_writer.features.dictation import Dictation
from lsp_writer.features.drafting import Draft, NothingToSuggest, draft_at, half_word_at, request
from lsp_writer.features.foresight import finish, foresee, read_ahead
from lsp_writer.features.gate import Shown
from lsp_writer.features.habits import Habits
from lsp_writer.features.reach import USUAL, window_for
from lsp_writer.features.stretch import LATE, NOTHING_NEW, Stretch
from lsp_writer.generation import ModelState, RankedWord, StopReason, TextModel
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Edit, Span
from lsp_writer.settings import Settings

# A stretch that can be shown, and how far along it the caret is.
_Shown = tuple[Stretch, int]

# How many different suggestions are offered to a writer who asks.
_SEVERAL = 5
# How long a job goes on for a second reader: editors ask for the menu and for ghost text a moment apart.
_LINGER_SECONDS = 0.15


class Suggestion(msgspec.Struct, frozen=True):
    """Text to put in place of `replaces`, the half-typed word before the caret, with which it begins."""

    text: str
    replaces: Span
    #: What is known of each word.
    words: tuple[Evidence, ...]


class Continuation:
    """Suggestions for every open document. Menu and ghost text at one caret share one job of the model."""

    def __init__(
        self,
        model: TextModel,
        habits: Habits | None = None,
        grown: Callable[[str, int], None] = lambda _uri, _version: None,
    ) -> None:
        """`grown` is told the uri and version of a document whose suggestion has become longer than was answered."""
        self._model = model
        self._habits = habits or Habits()
        self._grown = grown
        self._desks: dict[str, Desk] = {}
        self._window = USUAL

    def may_learn(self, learns: bool) -> None:
        """Whether the writer lets their choices be learnt from."""
        self._habits.may_learn(learns)

    async def suggest(
        self, manuscript: Manuscript, offset: int, settings: Settings, *, invoked: bool, written: bool = True
    ) -> tuple[Suggestion, ...] | NothingToSuggest:
        """What may follow the caret at `offset`, best first, or why nothing is offered. Several only if the writer
        asked (`invoked`). A word that the menu shows, and that is not in the document, may stand before the caret, and
        then this is not all `written`."""
        if reason := _unwanted(settings, invoked=invoked):
            return NothingToSuggest(reason)
        desk = self._desk(manuscript.uri)
        if not written:
            desk.look_elsewhere()
        elif not invoked and (followed := desk.followed_at(manuscript, offset)) is not None:
            desk.look_ahead(self._look_ahead(desk, None, followed[0], settings), followed[0])
            return (_suggestion(half_word_at(manuscript, offset), *followed, offset),)
        draft = self.draft(manuscript, offset)
        if isinstance(draft, NothingToSuggest):
            return draft
        if invoked:
            found = await self._several(desk, manuscript, draft, settings)
        else:
            found = await self._one(desk, manuscript, draft, offset if written else None, settings)
        if _stale(desk, manuscript):  # what the model does by now is for a newer request
            return NothingToSuggest("")
        if isinstance(found, NothingToSuggest):
            desk.look_ahead(self._look_ahead(desk, draft, None, settings), None)
            return found
        if not invoked and written:
            desk.follow(*found[0], offset)
        desk.look_ahead(self._look_ahead(desk, draft, found[0][0], settings), found[0][0])
        return tuple(_suggestion(draft.half_word, stretch, along, offset) for stretch, along in found)

    def shown(self, uri: str, suggestion: Suggestion) -> None:
        """The writer sees `suggestion`, which they did not ask for: what becomes of it tells what they like."""
        self._habits.shown(uri, suggestion.replaces.start, suggestion.text, len(suggestion.replaces), suggestion.words)

    def follows(self, manuscript: Manuscript, offset: int) -> bool:
        """Whether the writer, at `offset`, is typing along with what was suggested, so that the rest is at hand."""
        desk = self._desks.get(manuscript.uri)
        return desk is not None and desk.followed_at(manuscript, offset) is not None

    def is_newest(self, manuscript: Manuscript) -> bool:
        """Whether the document is open, and nothing newer of it has been heard of."""
        desk = self._desks.get(manuscript.uri)
        return desk is not None and not _stale(desk, manuscript)

    def words_left(self, manuscript: Manuscript, offset: int) -> tuple[RankedWord, ...]:
        """Who types along with a suggestion knows the word: what the letters have left of the others is at hand."""
        desk = self._desks.get(manuscript.uri)
        if desk is None or desk.followed_at(manuscript, offset) is None:
            return ()
        half_word = half_word_at(manuscript, offset)
        return desk.ranked_at(offset - len(half_word), half_word)

    async def rank(
        self, manuscript: Manuscript, offset: int, draft: Draft, settings: Settings
    ) -> tuple[RankedWord, ...]:
        """The words that may stand at the caret of `draft`, most probable first."""
        desk = self._desk(manuscript.uri)
        ranked = next((found for one in desk.begun_at(draft.before, draft.after) if (found := one.ranked)), None)
        if ranked is None:
            await self._hold_back(desk, manuscript, settings)
            if _stale(desk, manuscript):
                return ()
            shown = desk.shown_at(draft)
            if shown is not None or settings.ghost_text.mode != "automatic":
                # Ghost text needs no new job at this caret, so the words alone are asked for.
                wanted = request(draft.before, draft.after, words=settings.menu.max_items, max_new_tokens=0)
                dictation = desk.rank_words(wanted, Stretch(draft.before, draft.after))
            else:
                dictation = desk.dictated_from(draft) or desk.dictate(draft, settings, self._habits.calibration)
            await dictation.until(lambda: dictation.stretch.ranked is not None or _stale(desk, manuscript))
            dictation.linger(_LINGER_SECONDS)
            if shown is not None:
                desk.look_ahead(self._look_ahead(desk, draft, shown[0], settings), shown[0])
            ranked = dictation.stretch.ranked
        if ranked is None:
            return ()
        desk.rank(ranked, offset - len(draft.half_word))
        return ranked.words

    def draft(self, manuscript: Manuscript, offset: int) -> Draft | NothingToSuggest:
        """What stands around the caret at `offset`, or why nothing can be suggested there."""
        if self._model.status.state == ModelState.LOADING:
            return NothingToSuggest("the model is still loading")
        desk = self._desk(manuscript.uri)
        desk.meet(manuscript)
        if desk.drafted is not None and desk.drafted[0] is manuscript and desk.drafted[1] == offset:
            return desk.drafted[2]
        self._window = window_for(self._model, self._window)
        draft = draft_at(manuscript, offset, desk.anchor, self._window)
        if isinstance(draft, Draft):
            desk.anchor = draft.passage.anchor
        desk.drafted = manuscript, offset, draft
        return draft

    def changed(self, manuscript: Manuscript, edits: Sequence[Edit]) -> None:
        """The writer, or a program, has changed the text by `edits`, which led to `manuscript`."""
        self._habits.changed(manuscript, edits)
        if desk := self._desks.get(manuscript.uri):
            desk.changed(manuscript, edits)

    def forget(self, manuscript: Manuscript) -> None:
        """The document was closed."""
        self._habits.closed(manuscript)
        if desk := self._desks.pop(manuscript.uri, None):
            desk.close()

    def _desk(self, uri: str) -> Desk:
        if uri not in self._desks:
            self._desks[uri] = Desk(self._model, uri)
        return self._desks[uri]

    async def _hold_back(self, desk: Desk, manuscript: Manuscript, settings: Settings) -> None:
        """Wait as long as the writer's rhythm says before the model is asked, for the menu as for ghost text."""
        if desk.held_back is None or desk.held_back[0] != manuscript.version:
            delay = self._habits.rhythm.delay(settings.ghost_text.debounce_milliseconds)
            desk.held_back = manuscript.version, time.monotonic() + delay
        left = desk.held_back[1] - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)

    async def _one(
        self, desk: Desk, manuscript: Manuscript, draft: Draft, offset: int | None, settings: Settings
    ) -> tuple[_Shown, ...] | NothingToSuggest:
        if (shown := desk.shown_at(draft)) is not None:
            return (shown,)
        if silent := [stretch for stretch in desk.begun_at(draft.before, draft.after) if stretch.silence]:
            return NothingToSuggest(silent[0].silence)
        await self._hold_back(desk, manuscript, settings)
        if _stale(desk, manuscript):
            return NothingToSuggest("")
        if (adopted := desk.dictated_at(draft, settings)) is not None:
            found = await self._heard(desk, adopted, manuscript, draft, offset)
            if not isinstance(found, NothingToSuggest) or _stale(desk, manuscript):
                return found
            if adopted.stretch.along(draft.before, draft.after) == 0:
                return found
        dictation = desk.dictate(draft, settings, self._habits.calibration)
        return await self._heard(desk, dictation, manuscript, draft, offset)

    async def _heard(
        self, desk: Desk, dictation: Dictation, manuscript: Manuscript, draft: Draft, offset: int | None
    ) -> tuple[_Shown, ...] | NothingToSuggest:
        """What can be shown of `dictation`: all of it, or what there is when the writer's next key is near."""
        asked = time.monotonic()
        deadline = asked + self._habits.rhythm.patience_left(asked)
        stretch = dictation.stretch
        desk.asked_at(offset, stretch.along(draft.before, draft.after) or 0)

        def settled() -> bool:
            shows = stretch.judge(self._habits.calibration)
            return _stale(desk, manuscript) or (not shows and bool(stretch.silence))

        def enough() -> bool:
            # Nothing is gained by waiting for words that will come too late.
            return settled() or (bool(stretch.shown) and time.monotonic() + dictation.pace > deadline)

        try:
            await dictation.until(enough, within=deadline - asked)
            await dictation.until(lambda: settled() or bool(stretch.shown))
        except asyncio.CancelledError:
            self._habits.rhythm.outrun()
            raise
        along = stretch.along(draft.before, draft.after)
        if along is None or _stale(desk, manuscript):
            self._habits.rhythm.outrun()
            return NothingToSuggest("")
        self._habits.rhythm.answered(time.monotonic() - asked)
        if stretch.judge(self._habits.calibration) and stretch.shown[along:].strip():
            dictation.kept = True
            desk.remember(stretch)
            return ((stretch, along),)
        last = dictation.finished
        dictation.release()
        if last is not None and last.reason in _FRUITLESS:
            return NothingToSuggest(last.message or _FRUITLESS[last.reason])
        if stretch.silence != LATE:  # the next request for it is answered sooner: the text before it has been read
            desk.remember(stretch)
        return NothingToSuggest(stretch.silence)

    async def _several(
        self, desk: Desk, manuscript: Manuscript, draft: Draft, settings: Settings
    ) -> tuple[_Shown, ...] | NothingToSuggest:
        """Up to five different suggestions; one that is showing already stays the first."""
        showing = desk.shown_at(draft)
        offered = [stretch for stretch in desk.begun_at(draft.before, draft.after) if stretch.invoked]
        if not offered:
            dictation = desk.dictate_several(draft, settings, _SEVERAL)
            await dictation.until(lambda: _stale(desk, manuscript))
            last = dictation.finished
            if last is None or last.reason in _FRUITLESS:
                dictation.release()
                return NothingToSuggest(last.message or _FRUITLESS[last.reason] if last else "")
            offered = _different(dictation.stretches, self._habits.calibration)
            if not offered and last.reason is StopReason.TIME:
                return NothingToSuggest(LATE)
            for stretch in reversed(offered):
                desk.remember(stretch)
        found = [(stretch, 0) for stretch in offered]
        if showing is not None:
            rest = showing[0].shown[showing[1] :]
            found = [showing, *(other for other in found if not other[0].shown.startswith(rest.rstrip()))]
        return tuple(found[:_SEVERAL]) or NothingToSuggest(NOTHING_NEW)

    async def _look_ahead(self, desk: Desk, draft: Draft | None, stretch: Stretch | None, settings: Settings) -> None:
        if stretch is not None:
            await finish(desk, stretch, settings, self._habits.calibration, self._grown)
            await foresee(desk, stretch, settings, self._habits.calibration)
        if draft is not None:
            await read_ahead(desk, draft.passage, self._window)


_FRUITLESS = {
    StopReason.CANCELLED: "",
    StopReason.SUPERSEDED: "",
    StopReason.NOT_READY: "there is no model to ask",
    StopReason.FAILED: "the model failed; the log says why",
}


def _different(stretches: Sequence[Stretch], calibration: Calibration) -> list[Stretch]:
    """Those that can be shown, each text once."""
    shown = {stretch.shown: stretch for stretch in reversed(stretches) if stretch.judge(calibration, invoked=True)}
    return [stretch for stretch in stretches if shown.get(stretch.shown) is stretch]


def _suggestion(half_word: str, stretch: Stretch, along: int, offset: int) -> Suggestion:
    stretch.seen = stretch.shown
    words = stretch.verdict.words if isinstance(stretch.verdict, Shown) else ()
    return Suggestion(half_word + stretch.shown[along:], Span(offset - len(half_word), offset), words)


def _stale(desk: Desk, manuscript: Manuscript) -> bool:
    """Whether the text has changed since the request: its answer would be dropped."""
    return manuscript.version != desk.version


def _unwanted(settings: Settings, *, invoked: bool) -> str:
    match settings.ghost_text.mode:
        case "off":
            return "ghost text is switched off in the settings or in the front matter"
        case "onDemand" if not invoked:
            return "ghost text is set to come only when asked for"
        case _:
            return ""
