"""Where generated text ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lsp_writer.generation import StopReason, Stops

# A shared start shorter than this is chance: " the" begins many continuations.
_SUFFIX_OVERLAP = 12
# Three turns of the same few tokens, or a long stretch said twice, is a loop.
_LOOP_TURNS = 3
_LOOP_PERIOD = 16
_LOOP_STRETCH = 20
# The same in words, which are the same whatever marks and capitals they have: so many said so often.
_REPEATED_WORDS = ((14, 2), (8, 3))
_WORD = re.compile(r"\w+")


class Ending:
    """Watches the text of one continuation and gives out what is certain to stay.

    Text that might be the beginning of what stands after the caret is held back until it is clear that it is not.
    """

    def __init__(self, stops: Stops, preceding: str = "") -> None:
        """`preceding` is the end of what stands before, for a pattern that looks back ("Mrs" before a full stop)."""
        self._stops = stops
        self._pattern = re.compile(stops.end_pattern) if stops.end_pattern else None
        self._preceding = preceding
        self._suffix = _telling(stops.before)
        self._text = ""
        self._given = 0
        self.reason: StopReason | None = None

    def feed(self, new: str) -> str:
        """Add generated text and return what may be shown of it. `reason` is set when the text has ended."""
        self._text += new
        end, self.reason = self._cut()
        return self._give(end if self.reason else len(self._text) - self._held_back())

    def flush(self, reason: StopReason) -> str:
        """The rest, when generation ended for a reason that is not in the text."""
        self.reason = reason
        return self._give(len(self._text))

    def _give(self, end: int) -> str:
        piece = self._text[self._given : end]
        self._given = max(self._given, end)
        return piece

    def _cut(self) -> tuple[int, StopReason | None]:
        cuts: list[tuple[int, StopReason]] = []
        before = len(self._preceding)
        if self._pattern and (match := self._pattern.search(self._preceding + self._text, before)):
            cuts.append((match.end() - before, StopReason.PATTERN))
        if self._stops.at_paragraph_end:
            body = self._text.lstrip("\r\n")
            line_break = body.find("\n")
            if body and line_break >= 0:
                cuts.append((len(self._text) - len(body) + line_break, StopReason.PARAGRAPH_END))
        if (overlap := self._suffix_start()) is not None:
            cuts.append((overlap, StopReason.SUFFIX))
        return min(cuts, default=(len(self._text), None))

    def _suffix_start(self) -> int | None:
        for found in re.finditer(re.escape(self._suffix), self._text) if self._suffix else ():
            if _is_boundary(self._text, found.start()):
                return found.start()
        return None

    def _held_back(self) -> int:
        longest = min(len(self._suffix), len(self._text))
        return next((n for n in range(longest, 0, -1) if self._text.endswith(self._suffix[:n])), 0)


def _telling(after: str) -> str:
    """The beginning of what stands after the caret, or nothing where it is so short a word that it comes by chance."""
    start = after[:_SUFFIX_OVERLAP]
    return "" if start[:1].isalnum() and len(start) < _SUFFIX_OVERLAP else start.rstrip()


def _is_boundary(text: str, offset: int) -> bool:
    return not (offset and text[offset - 1].isalnum() and text[offset].isalnum())


def is_loop(token_ids: Sequence[int]) -> bool:
    """Whether the tokens have begun to repeat themselves."""
    for period in range(1, min(_LOOP_PERIOD, len(token_ids) // _LOOP_TURNS) + 1):
        last = token_ids[-period:]
        turns = range(2, _LOOP_TURNS + 1)
        if all(token_ids[-n * period : -(n - 1) * period] == last for n in turns) and period * _LOOP_TURNS >= 6:
            return True
    stretch = token_ids[-_LOOP_STRETCH:]
    return len(stretch) == _LOOP_STRETCH and any(
        token_ids[start : start + _LOOP_STRETCH] == stretch for start in range(len(token_ids) - _LOOP_STRETCH)
    )


class Repetition:
    """Watches the words of one continuation. `found` is set once it says a long stretch of them again, or a shorter
    one for the third time."""

    def __init__(self) -> None:
        self.found = False
        self._words: list[str] = []
        self._unfinished = ""
        self._said: Counter[tuple[str, ...]] = Counter()

    def feed(self, new: str) -> None:
        """Add generated text. Its last word may go on, and counts when it has ended."""
        self._unfinished += new.casefold()
        words = list(_WORD.finditer(self._unfinished))
        if words and words[-1].end() == len(self._unfinished):
            words.pop()
        for word in words:
            self._count(word[0])
        if words:
            self._unfinished = self._unfinished[words[-1].end() :]

    def _count(self, word: str) -> None:
        self._words.append(word)
        for length, often in _REPEATED_WORDS:
            if len(self._words) >= length:
                stretch = tuple(self._words[-length:])
                self._said[stretch] += 1
                self.found |= self._said[stretch] >= often
