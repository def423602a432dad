"""How fast the writer types and the machine answers: whether to wait before asking the model, and how long an answer
may grow before it goes out."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection

# Intervals that the figures rest on: some six words, so a change of pace shows within a sentence.
_INTERVALS = 32
_ANSWERS = 8
# Fewer intervals say nothing yet.
_ENOUGH = 4
# A longer pause was for thought. A shorter time is no finger's: those keys waited somewhere and came at once.
_LONGEST, _SHORTEST = 1.5, 0.02
# Until the writer has been watched: some sixty words a minute.
_USUAL_INTERVAL = 0.2

# Share of an interval after which a suggestion still stands on the screen for a while before the next key.
_SHARE = 0.6
_PATIENCE = (0.04, 0.4)
_MOST_DELAY = 0.6
# As long as this share of the answers is in time, it is worth asking at every key.
_IN_TIME = 0.25
_TRIED_EVERY = 8


class Rhythm:
    """One writer at one machine. All times are monotonic seconds; all durations are seconds."""

    def __init__(self) -> None:
        #: When the last key was struck, or None before the first.
        self.last_key: float | None = None
        self._intervals: deque[float] = deque(maxlen=_INTERVALS)
        # Whether the last key came soon after another.
        self._flowing = False
        self._held_back = 0
        self._answers: deque[float] = deque(maxlen=_ANSWERS)

    def key(self, at: float) -> None:
        """The writer struck a key that put in a character or two."""
        interval = _LONGEST if self.last_key is None else at - self.last_key
        self._flowing = interval < _LONGEST
        if _SHORTEST <= interval < _LONGEST:
            self._intervals.append(interval)
        self.last_key = at

    def answered(self, took: float) -> None:
        """The model took so long from being asked to the first words that could be shown."""
        self._answers.append(took)

    def outrun(self) -> None:
        """The next key came before the model had answered."""
        self._answers.append(math.inf)

    def patience(self) -> float:
        """How long after a key a short answer should go out, to be on the screen before the next key. After a key on
        its own none is expected so soon."""
        least, most = _PATIENCE
        if not self._flowing:
            return most
        return min(max(_SHARE * self._interval(0.5), least), most)

    def patience_left(self, now: float) -> float:
        """What is left of `patience` at `now`: an editor may take its time to ask after a key."""
        since = now - self.last_key if self.last_key is not None else 0.0
        patience = self.patience()
        return max(patience - since, _PATIENCE[0]) if since < patience else patience

    def delay(self, fixed_milliseconds: int | None = None) -> float:
        """How long to wait after a key before the model is asked, unless the writer has fixed it.

        Nothing on a machine that now and then answers in time. On a slower one only a key with a pause after it is
        worth an answer, so that is waited for: longer than four intervals of five. Every eighth time nothing is waited
        for all the same, to see whether the machine has become quicker.
        """
        if fixed_milliseconds is not None:
            return fixed_milliseconds / 1000
        # The first few come late on any machine, because a page is read for them.
        in_time = len(self._answers) < _ANSWERS or _quantile(self._answers, _IN_TIME) < self._interval(0.5)
        if in_time:
            return 0.0
        self._held_back += 1
        if self._held_back % _TRIED_EVERY == 0:
            return 0.0
        return min(self._interval(0.8), _MOST_DELAY)

    def _interval(self, share: float) -> float:
        return _quantile(self._intervals, share) if len(self._intervals) >= _ENOUGH else _USUAL_INTERVAL


def _quantile(durations: Collection[float], share: float) -> float:
    """What `share` of the durations stay below."""
    return sorted(durations)[int(share * len(durations))]
