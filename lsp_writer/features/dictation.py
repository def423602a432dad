"""The model at work on a stretch: one task reads the job, any number of requests wait for what they need of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from itertools import zip_longest

from lsp_writer.features.stretch import Stretch
from lsp_writer.generation import Event, Finished, Piece, RankedWords, StopReason

# Whoever is stopped by these has not said all there was to say.
_UNFINISHED = frozenset({StopReason.CANCELLED, StopReason.SUPERSEDED, StopReason.NOT_READY, StopReason.FAILED})


class Dictation:
    """One job of the model, writing into one stretch a candidate."""

    def __init__(self, events: AsyncGenerator[Event, None], stretches: Sequence[Stretch]) -> None:
        self.stretches = tuple(stretches)
        #: The job's last event. None while it is at work.
        self.finished: Finished | None = None
        #: Somebody wants the rest, though no request waits for it now.
        self.kept = False
        #: The longest that the model has taken from one piece to the next, in seconds.
        self.pace = 0.0
        self._last_piece: float | None = None
        self._waiting = 0
        self._changed = asyncio.Event()
        self._task = asyncio.create_task(self._read(events))

    @property
    def stretch(self) -> Stretch:
        return self.stretches[0]

    async def until(self, enough: Callable[[], bool], *, within: float | None = None) -> None:
        """Wait until there is enough, the job has ended, or `within` seconds are over.

        When the last request that waits is cancelled and nobody wants the rest, the model stops within one step.
        """
        self._waiting += 1
        cancelled = False
        try:
            async with asyncio.timeout(within):
                while self.finished is None and not enough():
                    await self._changed.wait()
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            cancelled = True
            raise
        finally:
            self._waiting -= 1
            if cancelled:
                self.release()

    def linger(self, seconds: float) -> None:
        """Go on for a moment though nobody waits: somebody may come for the rest."""
        asyncio.get_running_loop().call_later(seconds, self.release)

    def release(self) -> None:
        """Stop, unless somebody waits or wants the rest."""
        if not self._waiting and not self.kept:
            self.stop()

    def stop(self) -> None:
        """Let the model go; what it has said stays."""
        if self.finished is None:
            self._task.cancel()
            self._end(Finished(StopReason.CANCELLED))

    def wake(self) -> None:
        """Let those who wait look again whether they still should."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _read(self, events: AsyncGenerator[Event, None]) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    self._take(event)
        finally:
            # Whatever went wrong, nobody waits for ever.
            self._end(Finished(StopReason.FAILED))

    def _take(self, event: Event) -> None:
        match event:
            case Piece():
                self._time(time.monotonic())
                self.stretches[event.candidate].add(event)
                self.wake()
            case RankedWords():
                self.stretch.ranked = event
                self.wake()
            case Finished():
                self._end(event)
            case _:
                pass

    def _time(self, now: float) -> None:
        if self._last_piece is not None:
            self.pace = max(self.pace, now - self._last_piece)
        self._last_piece = now

    def _end(self, last: Finished) -> None:
        if self.finished is not None:
            return
        self.finished = last
        if last.reason not in _UNFINISHED:
            for stretch, reason in zip_longest(self.stretches, last.reasons[: len(self.stretches)]):
                stretch.ended = reason or last.reason
        self.wake()
