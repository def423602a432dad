"""Who uses the model, and when. One thread advances jobs step by step.

Typing goes before critiques, critiques before rewrites, idle reading last; a job that is overtaken waits between two
steps. Within a kind jobs run one after another, because they share a slot of the cache. Under one key the newest
request wins; an equal request joins the job that is there.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

from lsp_writer.errors import WriterError
from lsp_writer.generation import Event, Finished, JobKey, Kind, Request, StopReason
from lsp_writer.inference.engine import Engine, Step

_logger = logging.getLogger(__name__)

#: Called after every new event, on whichever thread made it. Must return at once and call nothing of the scheduler.
Listener = Callable[[], None]


class Job:
    """One request at work. `events` only grows; the last one is `Finished`."""

    def __init__(self, key: JobKey, request: Request, number: int) -> None:
        self.key = key
        self.request = request
        self.number = number
        self.events: list[Event] = []
        self.listeners: list[Listener] = []
        self.cancelled = threading.Event()
        self._steps: Iterator[Step] | None = None

    @property
    def finished(self) -> bool:
        return bool(self.events) and isinstance(self.events[-1], Finished)

    def tell(self, event: Event) -> None:
        self.events.append(event)
        for listener in self.listeners:
            listener()

    def advance(self, engine: Engine) -> Step:
        """Run one step. Inference thread only."""
        try:
            if self._steps is None:
                self._steps = engine.run(self.key.kind, self.request, self.cancelled)
            return next(self._steps, Finished(StopReason.CANCELLED))
        except WriterError as error:
            return Finished(StopReason.FAILED, str(error))
        except Exception:
            # A defect ends its own job; the thread lives on for the others.
            _logger.exception("A %s job failed", self.key.kind.name.lower())
        return Finished(StopReason.FAILED)


class Scheduler:
    """Owns the jobs. `run` is the inference thread's; every other method may be called from any thread."""

    def __init__(self) -> None:
        self.submitted = 0
        self._changed = threading.Condition()
        self._jobs: dict[JobKey, Job] = {}
        # The last job of each kind that ran to its end: who asks the same again gets the same answer.
        self._last: dict[Kind, Job] = {}
        self._running: Job | None = None
        self._engine: Engine | None = None
        self._closed = False

    def submit(self, key: JobKey, request: Request, listener: Listener) -> Job:
        """The job for `request`: the one at work, or just finished, if it is equal, else a new one in its place.

        Call `release` with the same listener when done with it.
        """
        with self._changed:
            job = self._jobs.get(key, self._last.get(key.kind))
            if job is None or job.key != key or job.request != request:
                job = self._replace(key, request)
            job.listeners.append(listener)
            listener()
            return job

    def release(self, job: Job, listener: Listener) -> None:
        """`listener` wants no more of `job`; when nobody does, the job stops within one step."""
        with self._changed:
            job.listeners.remove(listener)
            if not job.listeners:
                self._stop(job, StopReason.CANCELLED)

    def close(self) -> None:
        """Stop every job and let `run` return."""
        with self._changed:
            self._closed = True
            for job in tuple(self._jobs.values()):
                self._stop(job, StopReason.CANCELLED)
            self._changed.notify_all()

    def run(self, engine: Engine) -> None:
        """Advance jobs until `close`. Waits without using the processor when there are none."""
        self._engine = engine
        while job := self._next():
            event = job.advance(engine)
            with self._changed:
                self._running = None
                if event is not None and not job.finished:
                    job.tell(event)
                if job.finished and self._jobs.get(job.key) is job:
                    del self._jobs[job.key]
                    if _answers(job):
                        self._last[job.key.kind] = job

    def _replace(self, key: JobKey, request: Request) -> Job:
        if key in self._jobs:
            self._stop(self._jobs[key], StopReason.SUPERSEDED)
        if key.kind == Kind.TYPING:
            # Reading ahead writes to the same slot of the cache. What it has read stays there, and counts.
            for idle in [job for job in self._jobs.values() if job.key.kind == Kind.IDLE]:
                self._stop(idle, StopReason.SUPERSEDED)
        self.submitted += 1
        job = Job(key, request, self.submitted)
        if self._closed:
            job.tell(Finished(StopReason.CANCELLED))
        else:
            self._jobs[key] = job
            self._changed.notify_all()
        return job

    def _stop(self, job: Job, reason: StopReason) -> None:
        if job.finished:
            return
        job.cancelled.set()
        job.tell(Finished(reason))
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        if self._running is job and self._engine is not None:
            self._engine.interrupt()

    def _next(self) -> Job | None:
        with self._changed:
            while not self._jobs and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            self._running = min(self._jobs.values(), key=lambda job: (job.key.kind, job.number))
            return self._running


def _answers(job: Job) -> bool:
    """Whether the job has an answer to give again. Reading ahead has none: its work is what it leaves in the cache."""
    last = job.events[-1]
    fruitless = {StopReason.CANCELLED, StopReason.FAILED, StopReason.TIME}
    return job.key.kind != Kind.IDLE and isinstance(last, Finished) and last.reason not in fruitless
