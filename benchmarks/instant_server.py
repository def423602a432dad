"""The server with a model that takes no time: what is left is the server's own."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable

from lsp_writer.generation import (
    Capabilities,
    Event,
    Finished,
    Generate,
    JobKey,
    ModelState,
    ModelStatus,
    Piece,
    RankedWord,
    RankedWords,
    Request,
    StopReason,
    Work,
)
from lsp_writer.serve import serve
from lsp_writer.settings import MachineSettings

_CAPABILITIES = Capabilities(name="instant", device="cpu", chat=False, context_tokens=8192)
# Certain, so that the gate lets it pass, and in small pieces, as a model would say it.
_SENTENCE = ("quite", " still", ",", " and", " then", " the", " door", " opened", ".")
_WORDS = tuple(RankedWord(word, -0.1) for word in ("quietly", "queen", "quick", "question", "quarrel", "quite"))


class InstantModel:
    status = ModelStatus(ModelState.READY, capabilities=_CAPABILITIES)
    work = Work()

    def watch(self, listener: Callable[[ModelStatus], None]) -> None:
        self._listener = listener

    def start(self) -> None:
        self._listener(self.status)

    def close(self) -> None:
        """Nothing to close."""

    async def stream(self, _key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        if isinstance(request, Generate):
            yield RankedWords(_WORDS)
            if request.stops.max_new_tokens:
                for text in _SENTENCE:
                    yield Piece(text, -0.01)
        yield Finished(StopReason.PATTERN)


def _make_model(_machine: MachineSettings) -> InstantModel:
    return InstantModel()


if __name__ == "__main__":
    sys.exit(serve(_make_model, {}))
