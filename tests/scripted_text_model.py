"""A `TextModel` that says what the test wrote down, a word at a time, and counts what it was made to do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from typing import TypeVar

from lsp_writer.generation import (
    Capabilities,
    Event,
    Finished,
    Generate,
    JobKey,
    Kind,
    ModelState,
    ModelStatus,
    Piece,
    Prefill,
    RankedWord,
    RankedWords,
    Request,
    Score,
    Scores,
    StopReason,
    TokenScore,
    Work,
)

T = TypeVar("T")

READY = ModelStatus(ModelState.READY, "", Capabilities(name="scripted", device="cpu", chat=True, context_tokens=8192))
LOADING = ModelStatus(ModelState.LOADING, "The model is being loaded.")


class ScriptedTextModel:
    """Answers a prompt by the first of `replies` whose key the prompt holds, and with nothing if there is none.

    The words it ranks are the values of `words`, found in the same way; candidates after the first begin with the words
    after the first. A word that it scores is likely if it is short, or the prompt has it already. It takes
    `seconds_a_word` for each word it says, and is sure of each with `log_probability`. `asked` is what was asked of it,
    in order.
    """

    def __init__(
        self,
        replies: Mapping[str, str] | None = None,
        words: Mapping[str, tuple[str, ...]] | None = None,
        *,
        seconds_a_word: float = 0.0,
        log_probability: float = -0.05,
        becomes: ModelStatus = READY,
    ) -> None:
        self.replies = dict(replies or {})
        self.words = dict(words or {})
        self.seconds_a_word = seconds_a_word
        self.log_probability = log_probability
        self.asked: list[tuple[Kind, Request]] = []
        self.steps = 0
        self.running = 0
        self.closed = False
        self._becomes = becomes
        self._status = LOADING
        self._listeners: list[Callable[[ModelStatus], None]] = []

    @property
    def status(self) -> ModelStatus:
        return self._status

    @property
    def work(self) -> Work:
        return Work(seconds=float(self.steps))

    def watch(self, listener: Callable[[ModelStatus], None]) -> None:
        self._listeners.append(listener)

    def start(self) -> None:
        self.turn(self._becomes)

    def turn(self, status: ModelStatus) -> None:
        self._status = status
        for listener in self._listeners:
            listener(status)

    def close(self) -> None:
        self.closed = True

    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        if not self._status.answers:
            yield Finished(StopReason.NOT_READY)
            return
        self.running += 1
        self.asked.append((key.kind, request))
        try:
            match request:
                case Generate():
                    async for event in self._generated(request):
                        yield event
                case Score():
                    yield Scores(tuple(_scored(request)))
                case Prefill():
                    pass
            yield Finished(StopReason.DONE)
        finally:
            self.running -= 1

    async def _generated(self, request: Generate) -> AsyncGenerator[Event, None]:
        prompt = "".join(segment.text for segment in request.prompt) + request.typed
        ranked = (_found(self.words, prompt) or ()) if request.words else ()
        if request.words:
            yield RankedWords(tuple(RankedWord(word, self.log_probability - rank) for rank, word in enumerate(ranked)))
        said = re.findall(r"\s*\S+", _found(self.replies, prompt) or "") if request.stops.max_new_tokens else []
        for place, word in enumerate(said):
            await asyncio.sleep(self.seconds_a_word)
            self.steps += 1
            for candidate in range(request.candidates):
                other = f" {ranked[candidate]}" if place == 0 and 0 < candidate < len(ranked) else word
                yield Piece(other, self.log_probability, candidate)


def _scored(request: Score) -> Iterator[TokenScore]:
    read = {word.casefold() for segment in request.prompt for word in re.findall(r"\w+", segment.text)}
    for word in re.finditer(r"\w+", request.text):
        likely = -1.0 if len(word[0]) <= 3 or word[0].casefold() in read else -6.0
        yield TokenScore(word.start(), word.end(), likely, word[0], likely)


def _found(table: Mapping[str, T], prompt: str) -> T | None:
    return next((value for key, value in table.items() if key in prompt), None)
