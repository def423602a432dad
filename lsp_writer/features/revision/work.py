"""One rewrite under way, and how its model is asked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

import msgspec

from lsp_writer.errors import RevisionRejected
from lsp_writer.features.revision.commission import Commission, OnProgress, Progress
from lsp_writer.features.revision.entry import Entry
from lsp_writer.features.revision.reading import Reading
from lsp_writer.generation import (
    Event,
    Finished,
    Generate,
    JobKey,
    Piece,
    Sampling,
    Score,
    Scores,
    Segment,
    StopReason,
    Stops,
    TextModel,
    TokenScore,
)
from lsp_writer.prose.dialogue import narration
from lsp_writer.prose.tense import verbs_of
from lsp_writer.prose.words import words_of

_NO_ANSWER = frozenset({StopReason.CANCELLED, StopReason.SUPERSEDED, StopReason.NOT_READY, StopReason.FAILED})
# Megabytes of weights below which a model cannot rewrite, half a billion parameters in eight bits, and below which it
# rewrites what stands around the passage as soon as it is shown that: one time in six with 1.8 billion in four bits.
SMALL, _MIDDLING = 700, 2500
#: So many answers are asked for at once: a pass over four of them costs 1.3 to 1.6 times one over a single one, on a
#: graphics card with a copy of the prompt for each.
MOST_SIDE_BY_SIDE = 4
# Seeds of one rewrite's units and attempts must not meet those of the next one's.
_SEEDS_APART = 1000
# So much is added to the temperature at each further attempt: cold candidates are all the same.
_WARMER = 0.3
# In nats, of the word that would complete a phrase.
_DISCOURAGEMENT = 3.0


class Said(msgspec.Struct, frozen=True):
    """What the model said, and the natural logarithm of its probability, a token."""

    text: str
    log_probability: float


class Work(msgspec.Struct, frozen=True):
    """A commission, its passage and its model. `written` is what stands before the unit at hand, new text included;
    `read` is how much of the passage that stands for."""

    model: TextModel
    key: JobKey
    commission: Commission
    reading: Reading
    on_progress: OnProgress
    written: str = ""
    read: int = 0
    #: What of `written` is prose.
    told: str = ""
    #: What of `written` will not change any more, and how much of the passage that stands for.
    finished: str = ""
    finished_read: int = 0

    @property
    def entry(self) -> Entry:
        return self.commission.entry

    @property
    def is_small(self) -> bool:
        """Whether the model is too small to hold more in mind than a few sentences and one demand."""
        return 0 < self._megabytes < SMALL

    @property
    def is_asked_plainly(self) -> bool:
        """Whether the model is to see the passage and nothing around it."""
        return 0 < self._megabytes < _MIDDLING

    @property
    def _megabytes(self) -> int:
        capabilities = self.model.status.capabilities
        return capabilities.megabytes if capabilities else 0

    @property
    def before(self) -> str:
        """The story up to the unit at hand."""
        return self.reading.before + self.told

    def after(self, new: str, old: str, *, is_prose: bool, is_finished: bool = True) -> Work:
        """The same work with `new` written in the place of `old`. What is no prose parts paragraphs. What may still be
        thrown away is not finished: if the writer stops there, it must not be kept."""
        further = msgspec.structs.replace(
            self,
            written=self.written + new,
            read=self.read + len(old),
            told=self.told + (new if is_prose else "\n\n" if "\n" in new else " "),
        )
        if is_finished:
            further = msgspec.structs.replace(further, finished=further.written, finished_read=further.read)
        further.show("")
        return further

    def show(self, growing: str) -> None:
        self.on_progress(Progress(text=self.written + growing, finished=self.finished, read=self.finished_read))

    def sampling(self, attempt: int, candidates: int, unit: str = "") -> Sampling:
        """How the model is to choose words in its `attempt` at `unit`, of so many candidates. The first candidate of
        the first attempt has the commission's own seed, the others those that follow it, so the whole answer can be
        had again by that one."""
        how, commission = self.entry.sampling, self.commission
        return Sampling(
            temperature=how.temperature + _WARMER * attempt,
            top_p=how.top_p,
            min_p=how.min_p,
            repetition_penalty=how.repetition_penalty,
            dry_multiplier=how.dry,
            xtc_probability=how.xtc,
            xtc_threshold=how.xtc_threshold,
            banned=(*commission.banned, *self.reading.sheet.avoid),
            discouraged=(*commission.discouraged, *_runs(narration(unit), how.fresh), *self._to_be_changed(unit)),
            discouragement=_DISCOURAGEMENT,
            seed=commission.seed + attempt * candidates + _SEEDS_APART * self.read,
        )

    def _to_be_changed(self, unit: str) -> list[str]:
        """The verbs of `unit` that are to be in another tense. A small model copies them out, and then the rest."""
        verbs = verbs_of(unit, self.reading.language)
        return {None: [], "past": verbs.present, "present": verbs.past}[self.entry.becomes.tense]

    async def candidates(
        self,
        prompt: Sequence[Segment],
        stops: Stops,
        count: int,
        sampling: Sampling,
        *,
        opening: str = "",
        shown_after: str = "",
    ) -> list[Said]:
        """The model's answers side by side, each with `opening` before it. The first one is shown as it grows, behind
        `shown_after`.

        Raises RevisionRejected if there is none.
        """
        request = Generate(prompt=tuple(prompt), stops=stops, sampling=sampling, candidates=count)
        texts, logs, pieces = [opening] * count, [0.0] * count, [0] * count
        async with aclosing(self.model.stream(self.key, request)) as events:
            async for event in events:
                if isinstance(event, Piece):
                    texts[event.candidate] += event.text
                    logs[event.candidate] += event.log_probability
                    pieces[event.candidate] += 1
                    if event.candidate == 0:
                        self.show(shown_after + texts[0])
                else:
                    self._require_answer(event)
        return [Said(texts[i], logs[i] / max(pieces[i], 1)) for i in range(count)]

    async def answer(self, request: Generate) -> str:
        """The whole answer to a request for one, shown as it grows."""
        text = ""
        async with aclosing(self.model.stream(self.key, request)) as events:
            async for event in events:
                if isinstance(event, Piece):
                    text += event.text
                    self.show(text)
                else:
                    self._require_answer(event)
        return text

    async def scores(self, text: str, prompt: str) -> tuple[TokenScore, ...]:
        """How likely each token of `text` is after `prompt`."""
        request = Score(prompt=(Segment(prompt),) if prompt else (), text=text)
        scores: tuple[TokenScore, ...] = ()
        async with aclosing(self.model.stream(self.key, request)) as events:
            async for event in events:
                if isinstance(event, Scores):
                    scores = event.tokens
                else:
                    self._require_answer(event)
        return scores

    async def likelihood(self, text: str, prompt: str) -> float:
        """The natural logarithm of the probability that `text` follows `prompt`."""
        return sum(token.log_probability for token in await self.scores(text, prompt))

    def _require_answer(self, event: Event) -> None:
        if isinstance(event, Finished) and event.reason in _NO_ANSWER:
            why = event.message or f"It was stopped ({event.reason}). Try again."
            raise RevisionRejected(f"“{self.entry.title}” gave nothing. {why}")


def _runs(text: str, length: int) -> list[str]:
    """Every run of so many words of `text`; none of no words."""
    words = words_of(text)
    return [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)] if length else []
