"""Who uses the model, and when. One thread advances jobs step by step.

Typing goes before critiques, critiques before rewrites, idle reading last; a job that is overtaken waits between two
steps, and gets one of them for every `PATIENCE` that went by. Within a kind jobs run one after another, because they
share a slot of the cache. Under one key the newest request wins; an equal request joins the job that is there.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from lsp_writer.errors import WriterError
from lsp_writer.generation import Event, Finished, JobKey, Kind, Request, StopReason, Work
from lsp_writer.inference.engine import Engine, Step

_logger = logging.getLogger(__name__)

#: Steps of others that a job of lower rank lets go by before it has one itself. A suggestion takes fewer, with the few
#: passes that read its prompt, so none of them waits for more than one such step, and nobody waits for ever.
PATIENCE = 32

_CANCELLED = Finished(StopReason.CANCELLED)

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
        #: Steps of other jobs since it came, or since its own last step.
        self.waited = 0
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
            return next(self._steps, _CANCELLED)
        except WriterError as error:
            return Finished(StopReason.FAILED, str(error))
        except Exception:
            # A defect ends its own job; the thread lives on for the others.
            _logger.exception("A %s job failed", self.key.kind.name.lower())
        return Finished(StopReason.FAILED)

    def let_go(self) -> None:
        """Forget what is left of its steps, which hold on to the engine. Inference thread only."""
        self._steps = None


class Scheduler:
    """Owns the jobs. `run` is the inference thread's; every other method may be called from any thread."""

    def __init__(self) -> None:
        #: How many jobs of each kind there have been.
        self.submitted: Counter[Kind] = Counter()
        self._changed = threading.Condition()
        self._jobs: dict[JobKey, Job] = {}
        # The last job of each kind that ran to its end: who asks the same again gets the same answer.
        self._last: dict[Kind, Job] = {}
        self._running: Job | None = None
        self._engine: Engine | None = None
        self._closed = False
        self._seconds = 0.0
        # When the step at work began.
        self._began: float | None = None

    @property
    def work(self) -> Work:
        """What the inference thread has done. Tokens are counted anew each time that the model is loaded."""
        with self._changed:
            running = 0.0 if self._began is None else time.perf_counter() - self._began
            if self._engine is None:
                return Work(seconds=self._seconds, running_seconds=running)
            return Work(
                seconds=self._seconds,
                running_seconds=running,
                prefilled_tokens=self._engine.prefilled_tokens,
                reading_speed=self._engine.reading_speed,
            )

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
                self._stop(job, _CANCELLED)

    def close(self, last: Finished = _CANCELLED) -> None:
        """Stop every job, with `last` as its last event, and let the inference thread go."""
        with self._changed:
            self._closed = True
            for job in tuple(self._jobs.values()):
                self._stop(job, last)
            self._changed.notify_all()

    def run(self, engine: Engine, idle_seconds: float | None = None) -> bool:
        """Advance jobs until `close` (false), or until there has been none for `idle_seconds` (true). Waits without
        using the processor."""
        self._engine = engine
        while job := self._next(idle_seconds):
            self._began = began = time.perf_counter()
            event = job.advance(engine)
            with self._changed:
                self._running = None
                self._seconds += time.perf_counter() - began
                self._began = None
                if event is not None and not job.finished:
                    job.tell(event)
                if job.finished:
                    job.let_go()
                if job.finished and self._jobs.get(job.key) is job:
                    del self._jobs[job.key]
                    if _answers(job):
                        self._last[job.key.kind] = job
        with self._changed:
            self._engine = None
            return not self._closed

    def wait(self) -> bool:
        """Until there is a job (true), or `close` was called (false)."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed)
            return not self._closed

    def _replace(self, key: JobKey, request: Request) -> Job:
        if key in self._jobs:
            self._stop(self._jobs[key], Finished(StopReason.SUPERSEDED))
        if key.kind == Kind.TYPING:
            # Reading ahead writes to the same slot of the cache. What it has read stays there, and counts.
            for idle in [job for job in self._jobs.values() if job.key.kind == Kind.IDLE]:
                self._stop(idle, Finished(StopReason.SUPERSEDED))
        self.submitted[key.kind] += 1
        job = Job(key, request, self.submitted.total())
        if self._closed:
            job.tell(_CANCELLED)
        else:
            self._jobs[key] = job
            self._changed.notify_all()
        return job

    def _stop(self, job: Job, last: Finished) -> None:
        if job.finished:
            return
        job.cancelled.set()
        job.tell(last)
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        if self._running is job and self._engine is not None:
            self._engine.interrupt()

    def _next(self, idle_seconds: float | None) -> Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed, idle_seconds)
            if self._closed or not self._jobs:
                return None
            self._running = _whose_turn(self._jobs.values())
            return self._running


def _whose_turn(jobs: Iterable[Job]) -> Job:
    """The most urgent job, or the one that has waited beyond all patience."""
    oldest: dict[Kind, Job] = {}
    for job in sorted(jobs, key=lambda job: job.number):
        oldest.setdefault(job.key.kind, job)
    # Reading ahead writes to the lanes of typing, so it never comes between two of its steps.
    waiting = [job for kind, job in oldest.items() if kind != Kind.IDLE and job.waited >= PATIENCE]
    chosen = max(waiting, key=lambda job: job.waited) if waiting else oldest[min(oldest)]
    for job in oldest.values():
        job.waited += 1
    chosen.waited = 0
    return chosen


def _answers(job: Job) -> bool:
    """Whether the job has an answer to give again. Reading ahead has none: its work is what it leaves in the cache."""
    last = job.events[-1]
    fruitless = {StopReason.CANCELLED, StopReason.FAILED, StopReason.TIME}
    return job.key.kind != Kind.IDLE and isinstance(last, Finished) and last.reason not in fruitless
