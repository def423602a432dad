"""What is remembered of one document while it is being written, and the model's work on it."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Coroutine, Sequence

from lsp_writer.features.calibration import Calibration
from lsp_writer.features.dictation import Dictation
from lsp_writer.features.drafting import Draft, NothingToSuggest, request
from lsp_writer.features.stretch import Stretch
from lsp_writer.generation import Generate, JobKey, Kind, RankedWord, RankedWords, TextModel
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.passage import Anchor
from lsp_writer.prose.span import Edit
from lsp_writer.settings import Settings

# Enough to go back over a few sentences, and for the five that are offered on request.
_REMEMBERED = 16


class Desk:
    """Stretches that the writer may type along with or go back to, and the one that is being dictated."""

    def __init__(self, model: TextModel, uri: str) -> None:
        self.uri = uri
        #: The newest version of the document that was heard of.
        self.version = 0
        #: What was last drafted, and for which text and caret: the menu asks for the same as ghost text.
        self.drafted: tuple[Manuscript, int, Draft | NothingToSuggest] | None = None
        #: Where the passage began at the last key; see `prose.passage`.
        self.anchor: Anchor | None = None
        #: The version of the document for which the model is not asked before a time, by the monotonic clock.
        self.held_back: tuple[int, float] | None = None
        self.model = model
        self._stretches: deque[Stretch] = deque(maxlen=_REMEMBERED)
        self._dictation: Dictation | None = None
        # The stretch whose rest the writer sees, how far along it the caret is, and where that is.
        self._followed: tuple[Stretch, int, int] | None = None
        # The words of the menu, and where theirs begins. Of use only as long as a stretch is followed.
        self._ranked: tuple[RankedWords, int] | None = None
        # Where the caret is that the dictation was last asked for, and how far along it. None while the menu shows a
        # word that is not in the document.
        self._caret: int | None = None
        self._along = 0
        # Ranks words for a menu, beside it.
        self._ranking: Dictation | None = None
        # Works on what may be asked next, once an answer is out, and on whose account.
        self._ahead: asyncio.Task[None] | None = None
        self._ahead_of: Stretch | None = None

    def meet(self, manuscript: Manuscript) -> None:
        """A request has come for `manuscript`."""
        self.version = max(self.version, manuscript.version)

    def remember(self, stretch: Stretch) -> None:
        if stretch in self._stretches:
            self._stretches.remove(stretch)
        self._stretches.append(stretch)

    def shown_at(self, draft: Draft) -> tuple[Stretch, int] | None:
        """The stretch that the writer has seen and is typing along with, and how far along the caret is."""
        for stretch in reversed(self._stretches):
            along = stretch.along(draft.before, draft.after) if stretch.shown else None
            if along is not None and stretch.shown[along:].strip():
                return stretch, along
        return None

    def begun_at(self, before: str, after: str) -> list[Stretch]:
        """The stretches that begin at just this place, newest first."""
        return [stretch for stretch in reversed(self._stretches) if stretch.begins_at(before, after)]

    def follow(self, stretch: Stretch, along: int, caret: int) -> None:
        """The writer, whose caret is `along` it, sees the rest of `stretch`."""
        self._followed = stretch, along, caret

    def followed_at(self, manuscript: Manuscript, caret: int) -> tuple[Stretch, int] | None:
        """The stretch that the writer has typed along with, letter by letter, since it was shown, if some is left."""
        if self._followed is None or manuscript.version != self.version:
            return None
        stretch, along, at = self._followed
        return (stretch, along) if at == caret and stretch.shown[along:].strip() else None

    def rank(self, ranked: RankedWords, word_start: int) -> None:
        """`ranked` are the words that may stand at `word_start`."""
        self._ranked = ranked, word_start

    def ranked_at(self, word_start: int, half_word: str) -> tuple[RankedWord, ...]:
        """Those of the words ranked last that the letters typed since have left, if the writer is at the same word."""
        if self._ranked is None or self._ranked[1] != word_start:
            return ()
        return tuple(
            word for word in self._ranked[0].words if word.text.startswith(half_word) and word.text != half_word
        )

    def dictated_at(self, draft: Draft, settings: Settings) -> Dictation | None:
        """The dictation at work, or one that goes on where it was stopped, if what it says agrees with what has been
        typed since it began."""
        last = self._dictation
        if last is None or last.stretch.ended is not None or last.stretch.silence:
            return None
        if last.stretch.along(draft.before, draft.after) is None:
            return None
        if last.finished is None:
            return last
        return self.rest_of(last.stretch, settings) if last.stretch.pieces else None

    def dictated_from(self, draft: Draft) -> Dictation | None:
        """The dictation at work, if it began at just this place."""
        last = self._dictation
        if last is None or last.finished or not last.stretch.begins_at(draft.before, draft.after):
            return None
        return last

    def dictate(self, draft: Draft, settings: Settings, calibration: Calibration) -> Dictation:
        """A new dictation from the caret of `draft`, in the place of the one before. It ends where its first word is in
        doubt."""
        stretch = Stretch(draft.before, draft.after)
        wanted = request(
            draft.before,
            draft.after,
            words=settings.menu.max_items,
            max_new_tokens=settings.ghost_text.max_tokens,
            first_word=stretch.least_sure(calibration),
        )
        self.rest()
        self._dictation = self.start(Kind.TYPING, wanted, [stretch])
        return self._dictation

    def dictate_several(self, draft: Draft, settings: Settings, candidates: int) -> Dictation:
        """A new dictation of so many different continuations, in the place of the one before."""
        wanted = request(
            draft.before,
            draft.after,
            words=settings.menu.max_items,
            max_new_tokens=settings.ghost_text.max_tokens,
            candidates=candidates,
            invoked=True,
        )
        self.rest()
        self._dictation = self.start(
            Kind.TYPING, wanted, [Stretch(draft.before, draft.after) for _ in range(candidates)]
        )
        return self._dictation

    def rest_of(self, stretch: Stretch, settings: Settings) -> Dictation:
        """The dictation of `stretch`: the last one, or one that goes on from where the model was stopped."""
        last = self._dictation
        if last is not None and self._is_dictated(stretch):
            return last
        left = max(settings.ghost_text.max_tokens - len(stretch.pieces), 1)
        wanted = request(stretch.before + stretch.text, stretch.after, words=0, max_new_tokens=left)
        self._dictation = self.start(Kind.TYPING, wanted, [stretch])
        return self._dictation

    def start(self, kind: Kind, wanted: Generate, stretches: Sequence[Stretch]) -> Dictation:
        """A dictation beside the one that requests wait for."""
        return Dictation(self.model.stream(JobKey(self.uri, kind), wanted), stretches)

    def rank_words(self, wanted: Generate, stretch: Stretch) -> Dictation:
        """A dictation of words alone, which a change of the text ends."""
        self._ranking = self.start(Kind.TYPING, wanted, [stretch])
        return self._ranking

    def look_elsewhere(self) -> None:
        """The menu shows a word that the writer has not typed: what is suggested now is not along their text."""
        self._followed = None

    def asked_at(self, caret: int | None, along: int) -> None:
        """A request has come for the dictation at work, from so many characters along it."""
        self._caret, self._along = caret, along

    def look_ahead(self, work: Coroutine[object, object, None], stretch: Stretch | None) -> None:
        """Do `work` for what may be asked after `stretch`, unless that is being done."""
        if self._ahead is not None and not self._ahead.done():
            if stretch is not None and stretch is self._ahead_of and (stretch.ended or self._is_dictated(stretch)):
                work.close()
                return
            self._ahead.cancel()
        self._ahead, self._ahead_of = asyncio.create_task(work), stretch

    def close(self) -> None:
        """The document was closed: whoever still waits comes too late."""
        self.version = sys.maxsize
        self.rest()
        if self._ranking is not None:
            self._ranking.stop()

    def rest(self) -> None:
        """Nothing more is wanted of the model for what stood here."""
        if self._dictation is not None:
            self._dictation.stop()
        if self._ahead is not None:
            self._ahead.cancel()
        self._dictation = self._ahead = None

    def changed(self, manuscript: Manuscript, edits: Sequence[Edit]) -> None:
        """The text has changed: requests for the text before it are answered with nothing, and the model goes on only
        while the writer types what it says."""
        self.version = manuscript.version  # changes come in order, whatever numbers a client gives them
        self._followed = self._followed_through(manuscript, edits)
        if self._followed is None:
            self._ranked = None
        if self._ranking is not None:
            self._ranking.stop()
            self._ranking = None
        dictation = self._dictation
        if dictation is None:
            return
        if self._caret is not None and not all(self._goes_along(dictation.stretch, manuscript, edit) for edit in edits):
            self.rest()
        dictation.wake()

    def _followed_through(self, manuscript: Manuscript, edits: Sequence[Edit]) -> tuple[Stretch, int, int] | None:
        if self._followed is None or len(edits) != 1:
            return None
        stretch, along, caret = self._followed
        (edit,) = edits
        typed = manuscript.text.slice(edit.span.start, edit.span.start + edit.inserted)
        if edit.span or edit.span.start != caret or not stretch.shown.startswith(typed, along):
            return None
        return stretch, along + len(typed), caret + len(typed)

    def _is_dictated(self, stretch: Stretch) -> bool:
        last = self._dictation
        return last is not None and last.stretch is stretch and last.finished is None

    def _goes_along(self, stretch: Stretch, manuscript: Manuscript, edit: Edit) -> bool:
        start = edit.span.start
        if edit.span or start != self._caret:
            return False
        typed, rest = manuscript.text.slice(start, start + edit.inserted), stretch.text[self._along :]
        self._caret += edit.inserted
        self._along += edit.inserted
        return rest.startswith(typed) or (typed.startswith(rest) and stretch.ended is None)
