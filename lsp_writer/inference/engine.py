"""Runs requests on a model, one step at a time.

Every job is a generator that yields after each forward pass: an event, or None when there is nothing to tell yet. The
scheduler decides between two yields who goes on.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple, assert_never

import numpy as np

from lsp_writer.errors import InvalidRequest
from lsp_writer.generation import (
    Event,
    Finished,
    Generate,
    Kind,
    Prefill,
    Request,
    Score,
    Scores,
    Segment,
    StopReason,
)
from lsp_writer.inference.decoding import Row, start_rows
from lsp_writer.inference.kv_cache import Lane, Slot
from lsp_writer.inference.memory import give_back_freed
from lsp_writer.inference.model import Cache, Interrupted, LanguageModel, Logits
from lsp_writer.inference.prompt_lookup import PromptLookup
from lsp_writer.inference.scoring import RowScore, locate, score_rows
from lsp_writer.inference.speculation import speculate
from lsp_writer.inference.tokenizer import Tokenizer
from lsp_writer.inference.word_ranking import MOST_TOKENS, Start, WordBeam

# Tokens that the caches of kinds other than typing hold.
_CAPACITY = {Kind.CRITIQUE: 512, Kind.REVISION: 2048}
# Of the typing slot so much, or a multiple, is kept for what is decoded: where a long prompt is cut would otherwise
# move with every letter typed, and all of it be read again.
_DECODED_WHILE_TYPING = 160
# Scoring wants the logits of every token, which take half a megabyte each with a large vocabulary.
_SCORED_AT_ONCE = 64

Step = Event | None


class Sizes(NamedTuple):
    """How much is taken on at once, in tokens. The defaults suit a CPU."""

    #: The most that a prompt for ghost text and what is decoded after it may have. 1,600 characters, which is what
    #: features send for typing, are some 370 tokens of English and 540 of German.
    typing_tokens: int = 672
    #: What a forward pass reads: more gains nothing on a CPU, and a job can be stopped between two.
    prefill_chunk: int = 64
    #: Caches grow by so much as they need it: 3 MB with the default model, copied in some ten milliseconds.
    cache_step: int = 64
    #: The longest draft that one pass verifies: with the token before it, as much as a rewrite reads of its prompt.
    drafted: int = 15

    @property
    def revision_chunk(self) -> int:
        """A rewrite goes on while the writer types, and ghost text waits for its step: a third as long for a quarter of
        the tokens. Reading a prompt takes 40 % longer for it, which is little beside the writing."""
        return self.prefill_chunk // 4


FOR_A_CPU = Sizes()


class Engine:
    """Owns the caches. Not thread-safe: one thread advances its generators."""

    def __init__(self, model: LanguageModel, tokenizer: Tokenizer, sizes: Sizes = FOR_A_CPU) -> None:
        #: Read of prompts for writing so far, cancelled jobs' included.
        self.prefilled_tokens = 0
        #: Drafted so far for continuations that have ended, and how many of these were said.
        self.drafted_tokens = 0
        self.accepted_tokens = 0
        # Of passes over whole chunks: how many tokens, in how many seconds.
        self._chunked = 0, 0.0
        self._model = model
        self._tokenizer = tokenizer
        self._sizes = sizes
        most = _CAPACITY | {Kind.TYPING: sizes.typing_tokens}
        capacity = {kind: min(tokens, model.context_tokens) for kind, tokens in most.items()}
        self._slots = {
            # Two prefixes: the one in use, and the one that the next step of the passage's anchor will need.
            Kind.TYPING: Slot(model, capacity[Kind.TYPING], lanes=2, step=sizes.cache_step),
            Kind.CRITIQUE: Slot(model, capacity[Kind.CRITIQUE], step=sizes.cache_step),
            # The instruction with its examples, and what is scored of its answers between two units.
            Kind.REVISION: Slot(model, capacity[Kind.REVISION], lanes=2, step=sizes.cache_step),
        }
        # What is done in idle time is done for the next key.
        self._slots[Kind.IDLE] = self._slots[Kind.TYPING]

    @property
    def reading_speed(self) -> float:
        """Tokens a second, over whole chunks; 0 before the first."""
        tokens, seconds = self._chunked
        return tokens / seconds if tokens else 0.0

    def interrupt(self) -> None:
        """End the forward pass that is running now. May be called from any thread."""
        self._model.interrupt()

    def run(self, kind: Kind, request: Request, cancelled: threading.Event) -> Iterator[Step]:
        """The steps of one job. It ends early, with no last word, once `cancelled` is set."""
        try:
            match request:
                case Generate():
                    yield from self._generate(kind, request, cancelled)
                case Score():
                    yield from self._score(kind, request, cancelled)
                case Prefill():
                    yield from self._read_ahead(request, cancelled)
                case _:
                    assert_never(request)
        except Interrupted:
            return

    def _generate(self, kind: Kind, request: Generate, cancelled: threading.Event) -> Generator[Step]:
        # What was read for a critique is of no more use when the text has changed, and takes 12 MB.
        if kind == Kind.TYPING and self._slots[Kind.CRITIQUE].release():
            give_back_freed()
        slot = self._slots[kind]
        # The half-typed word may take a token a byte.
        decoded_at_most = request.stops.max_new_tokens + len(request.typed.encode("utf-8", "replace"))
        prompt = self._prompt(request.prompt, self._room(kind, decoded_at_most))
        room = max(request.candidates * decoded_at_most, _DECODED_WHILE_TYPING)
        # Two tokens of a prompt take the kernels that its rest would have taken: what a seed makes of it is the same,
        # whatever the cache held. Ghost text would wait longer for that.
        unread, at_once = (2, self._sizes.revision_chunk) if kind == Kind.REVISION else (1, self._sizes.prefill_chunk)
        lane = _rewound(slot, prompt, len(prompt) + room, unread)
        reused = len(lane.token_ids)
        logits = yield from self._prefill(lane, prompt, at_once, cancelled)
        deadline = math.inf if request.stops.seconds is None else time.monotonic() + request.stops.seconds
        starts: Sequence[Start] = ()
        if request.words or (request.candidates > 1 and request.sampling.temperature == 0):
            beam = yield from self._first_words(request, lane, logits, cancelled)
            starts = beam.starts()
            if request.words:
                ranked = beam.ranked(request.words)
                yield ranked
                if ranked.leading and ranked.words and ranked.words[0].log_probability < request.stops.first_word:
                    yield Finished(StopReason.DOUBT, reused_tokens=reused, prefilled_tokens=len(prompt) - reused)
                    return
        rows = start_rows(request, self._tokenizer, starts, logits)
        if request.lookup and len(rows) == 1:
            yield from self._speculate(lane, rows[0], prompt, deadline, cancelled)
        else:
            yield from self._decode(lane, rows, deadline, cancelled)
        yield Finished(
            rows[0].reason or StopReason.DONE,
            reasons=tuple(row.reason or StopReason.DONE for row in rows),
            reused_tokens=reused,
            prefilled_tokens=len(prompt) - reused,
            decoded_tokens=rows[0].decoded,
        )

    def _first_words(
        self, request: Generate, lane: Lane, logits: Logits, cancelled: threading.Event
    ) -> Generator[None, None, WordBeam]:
        """The ways to begin, from the `logits` [vocabulary] after the prompt."""
        beam = WordBeam(request.typed, self._tokenizer.vocabulary, logits, request.candidates)
        if not beam.paths:
            return beam
        branches = self._model.fork(lane.cache, 1, MOST_TOKENS)
        while beam.paths:
            branches.select([path.row for path in beam.paths])
            last_tokens = [path.start.token_ids[-1:] for path in beam.paths]
            beam.grow(self._forward(last_tokens, branches, 1, cancelled)[:, -1])
            yield None
        return beam

    def _decode(self, lane: Lane, rows: Sequence[Row], deadline: float, cancelled: threading.Event) -> Generator[Step]:
        """Let the rows grow side by side, each to its end."""
        cache: Cache = lane.cache
        if len(rows) > 1:
            cache = self._model.fork(cache, len(rows), max(row.room for row in rows))
        while True:
            stop = StopReason.TIME if time.monotonic() > deadline else None
            pieces = [piece for row in rows for piece in row.take(stop)]
            yield from pieces or (None,)
            going = [number for number, row in enumerate(rows) if not row.reason]
            if not going:
                return
            if len(going) < len(rows):
                cache.select(going)
                rows = [rows[number] for number in going]
            count = min(row.unread for row in rows)
            token_ids = [row.read(count) for row in rows]
            logits = self._forward(token_ids, cache, 1, cancelled)
            if cache is lane.cache:
                lane.append(token_ids[0])
            for row, row_logits in zip(rows, logits[:, -1], strict=True):
                row.choose(row_logits)

    def _speculate(
        self, lane: Lane, row: Row, prompt: Sequence[int], deadline: float, cancelled: threading.Event
    ) -> Generator[Step]:
        lookup = PromptLookup(prompt, self._sizes.drafted)

        def forward(token_ids: Sequence[int]) -> Logits:
            logits: Logits = self._forward([token_ids], lane.cache, len(token_ids), cancelled)[0]
            return logits

        yield from speculate(row, lane, lookup, forward, deadline)
        self.drafted_tokens += lookup.drafted
        self.accepted_tokens += lookup.accepted

    def _score(self, kind: Kind, request: Score, cancelled: threading.Event) -> Generator[Step]:
        slot = self._slots[kind]
        text = self._tokenizer.encode(request.text)[: slot.capacity // 2]
        before = self._prompt(request.prompt, slot.capacity - len(text))
        ids = before + text
        lane = slot.rewound_to(before[:-1], len(ids))
        reused = len(lane.token_ids)
        # Logits at a position tell the next token, so the last token of the text itself need not be read.
        scores: list[RowScore] = []
        for start in range(reused, len(ids) - 1, _SCORED_AT_ONCE):
            chunk = ids[start : min(start + _SCORED_AT_ONCE, len(ids) - 1)]
            wanted = min(len(chunk), start + len(chunk) - len(before) + 1)
            logits = self._forward([chunk], lane.cache, max(wanted, 1), cancelled)
            lane.append(chunk)
            if wanted > 0:
                end = start + len(chunk) + 1
                scores += score_rows(logits[0], ids[end - wanted : end])
            yield None
        yield Scores(tuple(locate(request.text, text, scores, self._tokenizer.vocabulary)) if text else ())
        yield Finished(StopReason.DONE, reused_tokens=reused, prefilled_tokens=len(ids) - 1 - reused)

    def _read_ahead(self, request: Prefill, cancelled: threading.Event) -> Generator[Step]:
        slot = self._slots[Kind.IDLE]
        prompt = self._prompt(request.prompt, self._room(Kind.IDLE, 0))
        lane = _rewound(slot, prompt, len(prompt) + _DECODED_WHILE_TYPING)
        reused = len(lane.token_ids)
        yield from self._prefill(lane, prompt, self._sizes.prefill_chunk, cancelled)
        yield Finished(StopReason.DONE, reused_tokens=reused, prefilled_tokens=len(prompt) - reused)

    def _room(self, kind: Kind, decoded_at_most: int) -> int:
        """How many tokens a prompt may have. Raises InvalidRequest if what is to be decoded leaves none."""
        if kind in (Kind.TYPING, Kind.IDLE):
            decoded_at_most = max(-(-decoded_at_most // _DECODED_WHILE_TYPING), 1) * _DECODED_WHILE_TYPING
        room = self._slots[kind].capacity - decoded_at_most
        if room <= len(self._tokenizer.beginning_ids):
            raise InvalidRequest("That is too much for the model to write at once. Select a shorter passage.")
        return room

    def _prompt(self, prompt: Sequence[Segment], room: int) -> list[int]:
        """The prompt's token ids, at least one. A passage is cut to fit, behind what every prompt begins with;
        instructions are not.

        Raises InvalidRequest if a prompt with instructions does not fit.
        """
        token_ids = self._tokenizer.encode_prompt(prompt) or list(self._tokenizer.start_ids)
        if len(token_ids) > room and any(segment.role != "text" for segment in prompt):
            raise InvalidRequest(
                "The passage is too long for the model at once, with what it is told of it. Select a shorter one, or "
                "choose a rewrite with a shorter instruction and fewer examples."
            )
        beginning = self._tokenizer.beginning_ids
        return [*beginning, *_fit(token_ids[len(beginning) :], room - len(beginning))]

    def _prefill(
        self, lane: Lane, prompt: Sequence[int], at_once: int, cancelled: threading.Event
    ) -> Generator[None, None, Logits]:
        """Read the rest of `prompt`, so many tokens `at_once`; the answer is the logits [vocabulary] after its last."""
        while left := len(prompt) - len(lane.token_ids):
            # A last token alone would take other kernels, for the time of two.
            count = at_once - 1 if left == at_once + 1 else at_once
            chunk = prompt[len(lane.token_ids) : len(lane.token_ids) + count]
            began = time.perf_counter()
            logits = self._forward([chunk], lane.cache, 1, cancelled)
            if len(chunk) == self._sizes.prefill_chunk:
                tokens, seconds = self._chunked
                self._chunked = tokens + len(chunk), seconds + time.perf_counter() - began
            lane.append(chunk)
            self.prefilled_tokens += len(chunk)
            if len(lane.token_ids) == len(prompt):
                lane.keep(logits[0, -1])
            else:
                yield None
        assert lane.logits is not None  # read just now, or kept: `_rewound` sees to it
        return lane.logits

    def _forward(
        self, token_ids: Sequence[Sequence[int]], cache: Cache, logits_to_keep: int, cancelled: threading.Event
    ) -> Logits:
        ids = np.asarray(token_ids, dtype=np.int64)
        while True:
            if cancelled.is_set():
                raise Interrupted
            try:
                return self._model.forward(ids, cache, logits_to_keep)
            except Interrupted:
                continue  # meant for a job that had just ended, unless this one is cancelled as well


def _rewound(slot: Slot, prompt: Sequence[int], tokens: int, unread: int = 1) -> Lane:
    """A lane with room for `tokens`, which holds what it can of `prompt`: without the `unread` last ones, unless the
    logits after them were kept."""
    lane = slot.rewound_to(prompt, tokens)
    if lane.logits is None:
        lane.rewind(min(len(lane.token_ids), max(len(prompt) - unread, 0)))
    return lane


def _fit(token_ids: list[int], room: int) -> list[int]:
    """The end of `token_ids` that fits. It is cut in large steps, so that a growing prompt keeps its beginning."""
    over = len(token_ids) - room
    if over <= 0:
        return token_ids
    step = max(room // 2, 1)
    return token_ids[-(-over // step) * step :]
