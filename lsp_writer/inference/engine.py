"""Runs requests on a model, one step at a time.

Every job is a generator that yields after each forward pass: an event, or None when there is nothing to tell yet. The
scheduler decides between two yields who goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from typing import assert_never

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
from lsp_writer.inference.decoding import start_rows
from lsp_writer.inference.kv_cache import Lane, Slot
from lsp_writer.inference.model import Cache, Interrupted, LanguageModel, Logits
from lsp_writer.inference.scoring import RowScore, locate, score_rows
from lsp_writer.inference.tokenizer import Tokenizer
from lsp_writer.inference.word_ranking import rank_words

#: Tokens a forward pass reads at a time: larger gains nothing on a CPU, and a job can be stopped between two.
PREFILL_CHUNK = 64

# Tokens that each kind's caches hold. 1,600 characters, which is what features send for typing, are some 370 tokens of
# English and 540 of German.
_CAPACITY = {Kind.TYPING: 640, Kind.CRITIQUE: 512, Kind.REVISION: 2048}
# How much of the typing slot is kept for what is decoded. It must not depend on the request: where a long prompt is cut
# would otherwise move with every letter, and all of it be read again.
_DECODED_WHILE_TYPING = 128
# Typing keeps two prefixes: the one in use, and the one that the next step of the passage's anchor will need.
_TYPING_LANES = 2

Step = Event | None


class Engine:
    """Owns the caches. Not thread-safe: one thread advances its generators."""

    def __init__(self, model: LanguageModel, tokenizer: Tokenizer) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._slots = {
            kind: Slot(model, min(capacity, model.context_tokens), _TYPING_LANES if kind == Kind.TYPING else 1)
            for kind, capacity in _CAPACITY.items()
        }

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
        started = time.monotonic()
        slot = self._slots[kind]
        # The half-typed word may take a token a byte.
        decoded_at_most = request.stops.max_new_tokens + len(request.typed.encode("utf-8", "replace"))
        prompt = self._prompt(request.prompt, self._room(kind, decoded_at_most))
        lane = slot.rewound_to(prompt[:-1])
        reused = len(lane.token_ids)
        logits = yield from self._prefill(lane, prompt, cancelled)

        rows = start_rows(request, self._tokenizer, logits[0, -1])
        words = rank_words(request, self._tokenizer.vocabulary, logits[0, -1]) if request.words else None
        cache: Cache = lane.cache
        if len(rows) > 1:
            cache = self._model.fork(cache, len(rows), decoded_at_most)
        decoded = 0
        while True:
            out_of_time = request.stops.seconds is not None and time.monotonic() - started > request.stops.seconds
            for row in rows:
                yield from row.take(stop=StopReason.TIME if out_of_time else None)
            decoded += 1
            if words is not None and (ranked := words.with_first_word_of(rows[0])) is not None:
                yield ranked
                words = None
            if all(row.reason for row in rows):
                break
            logits = self._forward([[row.last_token] for row in rows], cache, 1, cancelled)
            if cache is lane.cache:
                lane.append([rows[0].last_token])
            for row, row_logits in zip(rows, logits[:, -1], strict=True):
                row.choose(row_logits)
        yield Finished(
            rows[0].reason or StopReason.DONE,
            reused_tokens=reused,
            prefilled_tokens=len(prompt) - reused,
            decoded_tokens=decoded,
        )

    def _score(self, kind: Kind, request: Score, cancelled: threading.Event) -> Generator[Step]:
        slot = self._slots[kind]
        text = self._tokenizer.encode(request.text)[: slot.capacity // 2]
        before = self._prompt(request.prompt, slot.capacity - len(text))
        lane = slot.rewound_to(before[:-1])
        reused = len(lane.token_ids)
        ids = before + text
        # Logits at a position tell the next token, so the last token of the text itself need not be read.
        scores: list[RowScore] = []
        for start in range(reused, len(ids) - 1, PREFILL_CHUNK):
            chunk = ids[start : min(start + PREFILL_CHUNK, len(ids) - 1)]
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
        slot = self._slots[Kind.TYPING]
        prompt = self._prompt(request.prompt, self._room(Kind.TYPING, 0))
        lane = slot.rewound_to(prompt)
        reused = len(lane.token_ids)
        if reused < len(prompt):
            yield from self._prefill(lane, prompt, cancelled)
        yield Finished(StopReason.DONE, reused_tokens=reused, prefilled_tokens=len(prompt) - reused)

    def _room(self, kind: Kind, decoded_at_most: int) -> int:
        """How many tokens a prompt may have. Raises InvalidRequest if what is to be decoded leaves none."""
        room = self._slots[kind].capacity - max(decoded_at_most, _DECODED_WHILE_TYPING if kind == Kind.TYPING else 0)
        if room <= 0:
            raise InvalidRequest("That is too much for the model to write at once. Select a shorter passage.")
        return room

    def _prompt(self, prompt: Sequence[Segment], room: int) -> list[int]:
        """The prompt's token ids, at least one. A passage is cut at its beginning to fit; instructions are not.

        Raises InvalidRequest if a prompt with instructions does not fit.
        """
        token_ids = self._tokenizer.encode_prompt(prompt) or list(self._tokenizer.start_ids)
        if len(token_ids) > room and any(segment.role != "text" for segment in prompt):
            raise InvalidRequest("The passage is too long for the model at once. Select a shorter one.")
        return _fit(token_ids, room)

    def _prefill(self, lane: Lane, prompt: Sequence[int], cancelled: threading.Event) -> Generator[None, None, Logits]:
        """Read the rest of `prompt` and return the logits [1, 1, vocabulary] after its last token."""
        while True:
            chunk = prompt[len(lane.token_ids) : len(lane.token_ids) + PREFILL_CHUNK]
            logits = self._forward([chunk], lane.cache, 1, cancelled)
            lane.append(chunk)
            if len(lane.token_ids) == len(prompt):
                return logits
            yield None

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


def _fit(token_ids: list[int], room: int) -> list[int]:
    """The end of `token_ids` that fits. It is cut in large steps, so that a growing prompt keeps its beginning."""
    over = len(token_ids) - room
    if over <= 0:
        return token_ids
    step = max(room // 2, 1)
    return token_ids[-(-over // step) * step :]
