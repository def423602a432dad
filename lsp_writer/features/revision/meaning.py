"""Whether a passage can still be read from its rewrite, by the model's own judgement.

A text that tells the same makes the words of the original far more likely than they are by themselves. Measured in nats
a token of the original, with the default model and one of 1.8 billion parameters: 1.3 and 2.0 for a free but faithful
rewrite, 0.3 and 0.5 for one that keeps the people and tells other things of them, 0.1 and 0.2 for another passage.
"""

from __future__ import annotations

from lsp_writer.features.revision.work import Work

#: Below this gain, in nats a token, a rewrite tells something else.
LEAST_GAIN = 0.7

_BETWEEN = "\n\n"


class Meaning:
    """What `passage` tells, against which the candidates for it are measured one after the other."""

    def __init__(self, work: Work, passage: str) -> None:
        self._work = work
        self._passage = passage
        # How likely the passage is by itself, once that was asked for.
        self._alone: float | None = None

    async def gain(self, text: str) -> float:
        """How much more likely the passage is after `text` than by itself, in nats a token; 0 for an empty passage."""
        if self._alone is None:
            self._alone = await self._work.likelihood(self._passage, _BETWEEN)
        after = await self._work.scores(self._passage, text + _BETWEEN)
        return (sum(token.log_probability for token in after) - self._alone) / max(len(after), 1)
