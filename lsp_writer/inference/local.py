"""The in-process adapter: a `TextModel` whose engine runs on a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import sys
import threading
from collections.abc import AsyncGenerator, Callable

import msgspec

from lsp_writer.errors import WriterError
from lsp_writer.generation import (
    Capabilities,
    Event,
    Finished,
    JobKey,
    ModelState,
    ModelStatus,
    Request,
    StopReason,
    Work,
)
from lsp_writer.inference.engine import Engine
from lsp_writer.inference.memory import give_back_freed, unmap_large_blocks
from lsp_writer.inference.scheduler import Scheduler

_logger = logging.getLogger(__name__)

# A third of the share of a thread that does not give way, where there is not enough for both.
_NICENESS = 5


class Loaded(msgspec.Struct, frozen=True):
    """A model ready to run. `message` tells the writer of a fallback, and is empty otherwise."""

    engine: Engine
    capabilities: Capabilities
    message: str = ""


class LocalModel:
    """Loads on its own thread, then runs jobs there until it is closed.

    When there has been no job for `idle_seconds` (None: never) it lets the model go, and loads it again for the next.
    """

    def __init__(self, load: Callable[[], Loaded], idle_seconds: float | None = None) -> None:
        self.scheduler = Scheduler()
        self._load = load
        self._idle_seconds = idle_seconds
        self._status = ModelStatus(ModelState.LOADING)
        self._listeners: list[Callable[[ModelStatus], None]] = []
        self._thread = threading.Thread(target=self._work, name="inference", daemon=True)

    @property
    def status(self) -> ModelStatus:
        return self._status

    @property
    def work(self) -> Work:
        return self.scheduler.work

    def watch(self, listener: Callable[[ModelStatus], None]) -> None:
        self._listeners.append(listener)

    def start(self) -> None:
        self._thread.start()

    async def ready(self) -> ModelStatus:
        """Wait until the model is loaded or has failed to load."""
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        self.watch(lambda _: _call(loop, changed.set))
        while self._status.state == ModelState.LOADING:
            await changed.wait()
            changed.clear()
        return self._status

    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        if not self._status.answers:
            yield Finished(StopReason.NOT_READY)
            return
        loop = asyncio.get_running_loop()
        news = asyncio.Event()

        def listener() -> None:
            _call(loop, news.set)

        job = self.scheduler.submit(key, request, listener)
        try:
            seen = 0
            while True:
                await news.wait()
                news.clear()
                while seen < len(job.events):
                    event = job.events[seen]
                    seen += 1
                    yield event
                    if isinstance(event, Finished):
                        return
        finally:
            self.scheduler.release(job, listener)

    def close(self) -> None:
        self.scheduler.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)
        self._tell(ModelStatus(ModelState.CLOSED))

    def _work(self) -> None:
        _give_way()
        try:
            resting = self._serve()
            while resting:
                gc.collect()
                give_back_freed()
                self._tell(ModelStatus(ModelState.RESTING, capabilities=self._status.capabilities))
                resting = self.scheduler.wait() and self._serve()
        except WriterError as error:
            self._fail(ModelStatus.failed(error))
        except Exception:
            _logger.exception("The model failed to load")
            message = "The model failed to load. Run lsp-writer doctor to see why."
            self._fail(ModelStatus(ModelState.FAILED, message))

    def _serve(self) -> bool:
        """Load the model and run jobs, until there have been none for long (true) or it is closed (false)."""
        loaded = self._load()
        give_back_freed()
        unmap_large_blocks()
        self._tell(ModelStatus(ModelState.READY, loaded.message, loaded.capabilities))
        return self.scheduler.run(loaded.engine, self._idle_seconds)

    def _fail(self, status: ModelStatus) -> None:
        self._tell(status)
        self.scheduler.close(Finished(StopReason.FAILED, status.message))

    def _tell(self, status: ModelStatus) -> None:
        if self._status.state == ModelState.CLOSED:  # while it was loading
            return
        self._status = status
        for listener in tuple(self._listeners):
            listener(status)


def _call(loop: asyncio.AbstractEventLoop, callback: Callable[[], object]) -> None:
    """Have `loop` call back, unless it has closed meanwhile and nobody waits any more."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(callback)


def _give_way() -> None:
    """Let this thread, and those that it starts, give way to the one that answers the editor. While the model worked
    on what might be asked next, an answer from memory could take three times as long as otherwise."""
    if sys.platform == "linux":  # elsewhere priority belongs to the process
        with contextlib.suppress(OSError):  # a sandbox may refuse it
            os.nice(_NICENESS)  # of this thread; the writer may have made the whole server give way already
