"""Guesses what comes next from what stands in the prompt or was said already. It knows token ids alone.

After Saxena, "Prompt Lookup Decoding" (2023): where the end of the text has occurred before, the next tokens may be
those that followed it there. A rewrite goes along its passage, so the place that it has come to there is kept, and
looked for near by when a word was changed, left out or put in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

# Ends of the text that are looked for, in tokens, longest first.
_MATCHED = (3, 2)
# How far beyond a refused token the text may go on, in tokens.
_NEAR = 12
# What is proposed where the place is only supposed, and the least where it is known.
_LEAST = 4
# Refusals in a row after which nothing is supposed any more.
_PATIENCE = 2


class PromptLookup:
    """Is fed every token in turn, and at any time proposes the next ones.

    Drafts grow while they are accepted whole, and shrink when they are not.
    """

    def __init__(self, prompt: Iterable[int], most: int) -> None:
        """A draft has at most `most` tokens."""
        #: Proposed so far, and how many of these then came.
        self.drafted = 0
        self.accepted = 0
        self._most = most
        self._length = most
        self._token_ids: list[int] = []
        # Where the text went on after each few tokens, in order.
        self._places: dict[tuple[int, ...], list[int]] = {}
        # The place whose token should come next, if there is one.
        self._next: int | None = None
        # Tokens of the last draft that are still to come.
        self._awaited = 0
        for token in prompt:
            self._note(token)
        # The place that was refused when the way was lost, and how often a token was refused since. 0: not lost.
        self._lost_at = len(self._token_ids)
        self._refusals = 0

    def feed(self, token: int) -> None:
        """Take note of the token that came next."""
        if self._next is not None and self._token_ids[self._next] == token:
            self._accept(self._next)
        else:
            self._refuse(token)
        self._note(token)

    def propose(self, room: int) -> list[int]:
        """What may come next: at most `room` tokens, none where nothing is known."""
        if self._next is None or self._refusals:
            self._next = self._matched()
        if self._next is None:
            return []
        length = min(_LEAST if self._refusals else self._length, self._most, room)
        draft = self._token_ids[self._next : self._next + length]
        self._awaited = len(draft)
        self.drafted += len(draft)
        return draft

    def _accept(self, place: int) -> None:
        self._next = place + 1
        self._refusals = 0
        if self._awaited:
            self._awaited -= 1
            self.accepted += 1
            if not self._awaited:
                self._length = min(2 * self._length, self._most)

    def _refuse(self, token: int) -> None:
        """Suppose that `token` stands for the one that was expected, or comes a little later in the text."""
        if self._next is None:
            return
        if not self._refusals:
            self._lost_at = self._next
        self._refusals += 1
        if self._awaited:
            self._length = max(self._length // 2, _LEAST)
            self._awaited = 0
        near = self._token_ids[self._lost_at : self._lost_at + _NEAR]
        if token in near:
            self._next = self._lost_at + near.index(token) + 1
        else:
            self._next = self._next + 1 if self._refusals <= _PATIENCE else None

    def _matched(self) -> int | None:
        """Where the end of the text was followed by something: the next such place on the way, or else the last."""
        for count in _MATCHED:
            if places := self._places.get(tuple(self._token_ids[-count:])):
                ahead = bisect_left(places, self._lost_at)
                return places[ahead] if ahead < len(places) else places[-1]
        return self._next

    def _note(self, token: int) -> None:
        place = len(self._token_ids)
        for count in _MATCHED:
            if place >= count:
                self._places.setdefault(tuple(self._token_ids[-count:]), []).append(place)
        self._token_ids.append(token)
