"""How likely a writer is to keep a suggested word: from what the model thinks of it, and from what became of others.

A logistic model over a handful of features, none of which is text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

#: Fitted on 751 places of The Adventures of Sherlock Holmes, tried on 1,293 of Tom Sawyer and Alice
#: (docs/experiments.md): the model is a little too sure of itself, most so where a sentence opens. That a word is a
#: later one, half typed or spoken tells nothing more where a novel is followed word by word; these are there for the
#: writer's habits.
PRIOR = (-0.25, 0.95, 0.0, 0.0, -0.2, 0.0)
# One suggestion moves a coefficient by this much at most, and each one draws it back a little: about a hundred
# suggestions are remembered.
_STEP = 0.03
_PULL = 0.01
# However a writer behaves, the log-odds stay this near to the prior's: what the model is sure of is still shown to who
# refuses everything, and what it doubts is still held back from who takes everything.
_FURTHEST = 1.0
# Beyond these log-odds (1 in 150) a model's confidence is not to be believed.
_SUREST = 5.0


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one word before the writer has seen it."""

    #: The model's, a natural logarithm: given what stands before the word, its half-typed letters included.
    log_probability: float
    #: Not the first word of its suggestion.
    later: bool = False
    #: It finishes a word of which some letters stand.
    half_typed: bool = False
    opens_sentence: bool = False
    #: In dialogue.
    spoken: bool = False

    @property
    def features(self) -> tuple[float, ...]:
        """In the order of the coefficients."""
        probability = math.exp(min(self.log_probability, 0.0))
        log_odds = math.log(max(probability, 1e-9) / max(1 - probability, 1e-9))
        return (1.0, _bounded(log_odds, _SUREST), self.later, self.half_typed, self.opens_sentence, self.spoken)


class Outcome(msgspec.Struct, frozen=True):
    """What became of one suggestion that was shown."""

    #: Of each word that was shown.
    words: tuple[Evidence, ...]
    #: How many of them, from the first on, the writer has in the text now.
    kept: int
    #: The writer has put something else in place of the next one, or taken it away again. Otherwise they just stopped
    #: there, which teaches nothing.
    refused: bool


class Calibration(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What has been learnt of one writer. The default has learnt nothing yet."""

    version: int = 1
    #: What is added to each coefficient for this writer.
    learnt: Annotated[tuple[float, ...], Meta(min_length=len(PRIOR), max_length=len(PRIOR))] = (0.0,) * len(PRIOR)
    #: Suggestions learnt from, and how many of them were kept, wholly or in part.
    suggestions: int = 0
    kept: int = 0

    @property
    def sound(self) -> bool:
        """Whether this is what `after` can have made. It may have come from a file."""
        near = all(abs(added) <= _FURTHEST for added in self.learnt)
        return self.version == 1 and near and 0 <= self.kept <= self.suggestions

    def chance(self, word: Evidence) -> float:
        """The probability, 0 to 1, that the writer keeps `word` if they keep what stands before it."""
        log_odds = _product(PRIOR, word.features) + _bounded(_product(self.learnt, word.features), _FURTHEST)
        return 1 / (1 + math.exp(-log_odds))

    def after(self, outcome: Outcome) -> Calibration:
        """What is known once `outcome` is. The same outcomes in the same order make the same calibration."""
        judged = outcome.words[: outcome.kept + outcome.refused]
        if not judged:
            return self
        # The mean, so that one long suggestion does not count as many.
        errors = [(place < outcome.kept) - self.chance(word) for place, word in enumerate(judged)]
        by_feature = zip(*(word.features for word in judged), strict=True)
        slopes = (_product(errors, values) / len(judged) for values in by_feature)
        moved = [
            _bounded((1 - _PULL) * added + _STEP * _bounded(slope, 1.0), _FURTHEST)
            for added, slope in zip(self.learnt, slopes, strict=True)
        ]
        return Calibration(learnt=tuple(moved), suggestions=self.suggestions + 1, kept=self.kept + (outcome.kept > 0))


def _bounded(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _product(left: Sequence[float], right: Sequence[float]) -> float:
    return sum((a * b for a, b in zip(left, right, strict=True)), start=0.0)
