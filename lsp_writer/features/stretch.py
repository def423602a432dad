"""What the model says from one place, kept so that whoever types along with it asks nothing anew."""

from __future__ import annotations

import re
from functools import cached_property

from lsp_writer.features.calibration import Calibration
from lsp_writer.features.gate import Place, Shown, Withheld, doubted, gate, least_sure, place_of
from lsp_writer.features.trimming import trimmed
from lsp_writer.generation import Piece, RankedWord, RankedWords, StopReason
from lsp_writer.prose.words import half_typed

# So much of the text before it must be as it was for a stretch to be of use, in characters.
_TAIL = 160
# As much of the text after it.
_HEAD = 40
# Letters that a writer may be ahead of a model which is still at work.
_LEAD = 12

NOTHING_NEW = "the model has nothing new to say here"
LATE = "this computer was too busy to answer in time"
_LAST_WORD = re.compile(r"[^\W_][\w'’\-‐‑]*\Z")


class Stretch:
    """Grows at its end while a `Dictation` writes into it.

    `before` is the passage up to where it begins, a half-typed word included; `after` what follows in its paragraph.
    """

    def __init__(self, before: str, after: str) -> None:
        self.before = before
        self.after = after
        self._tail, self._head = before[-_TAIL:], after[:_HEAD]
        #: The words that may stand at its beginning, once they are ranked.
        self.ranked: RankedWords | None = None
        self.pieces: list[Piece] = []
        self.text = ""
        #: Why the model said no more. None while there may be more to say.
        self.ended: StopReason | None = None
        #: What the gate last said, or None while it is too early to tell.
        self.verdict: Shown | Withheld | None = None
        #: What the writer has seen of it, which never becomes less.
        self.seen = ""
        #: The writer asked for it, and it is one of several.
        self.invoked = False

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.text += piece.text

    @property
    def shown(self) -> str:
        """What can be shown of it, from its beginning."""
        return self.verdict.text if isinstance(self.verdict, Shown) else ""

    @property
    def silence(self) -> str:
        """Why nothing of it is shown, for the writer; empty while that is not settled."""
        return self.verdict.reason if isinstance(self.verdict, Withheld) else ""

    def judge(self, calibration: Calibration, *, invoked: bool = False) -> bool:
        """Look anew at what there is by now. Whether something of it can be shown."""
        if self.silence or (not self.seen and not invoked and self._doubted(calibration)):
            return False
        verdict = self._verdict(calibration, invoked=invoked)
        if isinstance(verdict, Shown):
            if verdict.text.startswith(self.seen):
                self.verdict, self.invoked = verdict, self.invoked or invoked
        elif not self.seen:
            self.verdict = verdict if verdict.settled or self.ended is not None else None
        return bool(self.shown)

    def least_sure(self, calibration: Calibration) -> float:
        """The log-probability of its first word below which nothing of it can be shown."""
        return least_sure(self._place, calibration)

    def begins_at(self, before: str, after: str) -> bool:
        """Whether it begins at the caret that has `before` and `after` around it."""
        return before[-_TAIL:] == self._tail and after[:_HEAD] == self._head

    def along(self, before: str, after: str) -> int | None:
        """How many characters after its beginning a caret stands that has `before` and `after` around it, or None if
        the writer has gone another way. More than there is text means that the writer is ahead of the model."""
        if after[:_HEAD] != self._head:
            return None
        most = len(self.text) + (0 if self.ended else _LEAD)
        end = len(before)
        while (start := before.rfind(self._tail, max(0, len(before) - most - len(self._tail)), end)) >= 0:
            typed = before[start + len(self._tail) :]
            # A passage shorter than the tail must agree from its first character.
            if (len(self._tail) == _TAIL or start == 0) and self._goes_on(typed):
                return len(typed)
            end = start + len(self._tail) - 1
            if end < 0:
                break
        return None

    def _goes_on(self, typed: str) -> bool:
        return self.text.startswith(typed) or (self.ended is None and typed.startswith(self.text))

    @cached_property
    def _place(self) -> Place:
        half_word = half_typed(self.before).lstrip()
        return place_of(self.before, half_word)

    @property
    def _first(self) -> RankedWord | None:
        """The word that it begins with, if it begins with one."""
        return self.ranked.words[0] if self.ranked and self.ranked.leading and self.ranked.words else None

    def _doubted(self, calibration: Calibration) -> bool:
        """Whether the first word is too unlikely to go on, which is known before a sentence is."""
        if self._first is None:
            return False
        doubt = doubted(self._first.log_probability, self._place, calibration)
        self.verdict = doubt or self.verdict
        return doubt is not None

    def _verdict(self, calibration: Calibration, *, invoked: bool) -> Shown | Withheld:
        said = trimmed(self._whole_words(), self.ended, self.before, self.after)
        if not said.strip():
            return Withheld(LATE if self.ended is StopReason.TIME else NOTHING_NEW)
        return gate(said, self.pieces, self._place, calibration, invoked=invoked)

    def _whole_words(self) -> str:
        """The text without a last word that may yet grow. The first word is known to be whole once it is ranked."""
        if self.ended is not None:
            return self.text
        if self._first and (self._place.half_word + self.text).strip() == self._first.text:
            return self.text
        return _LAST_WORD.sub("", self.text)
