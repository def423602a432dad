"""What is known of the writer at the keyboard: their rhythm, and which suggestions they keep."""

from __future__ import annotations

import time
from collections.abc import Sequence

from lsp_writer.features.acceptance import Acceptance
from lsp_writer.features.calibration import Calibration, Evidence, Outcome
from lsp_writer.features.learning import Learner
from lsp_writer.features.rhythm import Rhythm
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Edit

# One key may do as much: a quotation mark to which the editor adds its other half. More was pasted.
_MOST_AT_A_KEY = 2


class Habits:
    """One writer's, in all their documents."""

    def __init__(self, learner: Learner | None = None) -> None:
        """Without `learner` nothing is learnt."""
        self.rhythm = Rhythm()
        self._learner = learner
        self._acceptance = Acceptance()
        self._learns = True

    @property
    def calibration(self) -> Calibration:
        return self._learner.calibration if self._learner and self._learns else Calibration()

    def may_learn(self, learns: bool) -> None:
        """Whether the writer's settings allow it."""
        self._learns = learns

    def shown(self, uri: str, start: int, text: str, typed: int, words: tuple[Evidence, ...]) -> None:
        """The writer sees `text` at `start`, of which `typed` characters stand there already."""
        self._acceptance.shown(uri, start, text, typed, words)

    def changed(self, manuscript: Manuscript, edits: Sequence[Edit]) -> None:
        if len(edits) == 1 and not edits[0].span and 1 <= edits[0].inserted <= _MOST_AT_A_KEY:
            self.rhythm.key(time.monotonic())
        self._learn(self._acceptance.changed(manuscript.uri, edits, manuscript.text))

    def closed(self, manuscript: Manuscript) -> None:
        self._learn(self._acceptance.closed(manuscript.uri, manuscript.text))

    def _learn(self, outcomes: Sequence[Outcome]) -> None:
        if outcomes and self._learner and self._learns:
            self._learner.learn(outcomes)
