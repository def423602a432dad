"""Guesses what comes next from what stands in the prompt or was said already. It knows token ids alone.

After Saxena, "Prompt Lookup Decoding" (2023): where the last few tokens have occurred before, the next ones may be
those that followed them there. A rewrite goes along its passage, so the place that it has come to there is kept, and
behind a changed word the passage is found again from there on.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

# Ends of the text that are looked for, in tokens, longest first.
_MATCHED = (3, 2)
# How far behind a refusal a single token is enough to find the passage again, in tokens.
_NEAR = 8
# The least that is proposed, unless there is no room; and all, where a single token was enough.
_LEAST = 4


class PromptLookup:
    """Is fed every token in turn, and at any time proposes the next ones.

    Drafts double while they are accepted whole, and are halved when they are not.
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
        for token in prompt:
            self._note(token)
        # The place whose token should come next, if it is known, and the one behind the last token that did come so.
        self._next: int | None = None
        self._reached = len(self._token_ids)
        # Tokens of the last draft that are still to come.
        self._awaited = 0

    def feed(self, token: int) -> None:
        """Take note of the token that came next."""
        if self._next is not None and self._token_ids[self._next] == token:
            self._agree(self._next + 1)
        else:
            self._next = None
            if self._awaited:
                self._length = max(self._length // 2, _LEAST)
                self._awaited = 0
        self._note(token)

    def propose(self, room: int) -> list[int]:
        """What may come next: at most `room` tokens, none where nothing is known."""
        length = self._length
        if self._next is None:
            self._next = self._matched()
        if self._next is None:
            self._next, length = self._near(), _LEAST
        start = len(self._token_ids) if self._next is None else self._next
        draft = self._token_ids[start : start + min(length, self._most, room)]
        self._awaited = len(draft)
        self.drafted += len(draft)
        return draft

    def _agree(self, place: int) -> None:
        self._next = self._reached = place
        if self._awaited:
            self._awaited -= 1
            self.accepted += 1
            if not self._awaited:
                self._length = min(2 * self._length, self._most)

    def _matched(self) -> int | None:
        """Where the end of the text was followed by something before: the first such place of the passage that is still
        ahead, or else the last of all."""
        for count in _MATCHED:
            if places := self._places.get(tuple(self._token_ids[-count:])):
                ahead = bisect_left(places, self._reached)
                return places[ahead] if ahead < len(places) else places[-1]
        return None

    def _near(self) -> int | None:
        """Behind the last token a little further on in the passage."""
        near = self._token_ids[self._reached : -1][:_NEAR]
        if near and self._token_ids[-1] in near:
            return self._reached + near.index(self._token_ids[-1]) + 1
        return None

    def _note(self, token: int) -> None:
        place = len(self._token_ids)
        for count in _MATCHED:
            if place >= count:
                self._places.setdefault(tuple(self._token_ids[-count:]), []).append(place)
        self._token_ids.append(token)
