"""The model that rests when nobody asks, and comes back."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

import pytest

from lsp_writer.errors import ModelUnavailable
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
    Segment,
    StopReason,
    Stops,
)
from lsp_writer.inference.engine import Engine
from lsp_writer.inference.local import Loaded, LocalModel
from tests.local_model import serving
from tests.scripted_model import ByteTokenizer, ScriptedModel

BOOK = "abcdefghijklmnopqrstuvwxyz"
REQUEST = Generate(prompt=(Segment("abc"),), stops=Stops(max_new_tokens=3))
CAPABILITIES = Capabilities(name="scripted", device="cpu", chat=True, context_tokens=8192)


class Loading:
    """Loads scripted models, counts them, and tells which of them are still held."""

    def __init__(self) -> None:
        self.times = 0
        self._models: list[weakref.ref[ScriptedModel]] = []
        self.before: Callable[[], None] = lambda: None

    def __call__(self) -> Loaded:
        self.before()
        self.times += 1
        model = ScriptedModel(BOOK)
        self._models.append(weakref.ref(model))
        return Loaded(Engine(model, ByteTokenizer()), CAPABILITIES)

    def held(self) -> int:
        gc.collect()
        return sum(model() is not None for model in self._models)


@asynccontextmanager
async def rested(loading: Loading) -> AsyncIterator[tuple[LocalModel, list[ModelStatus]]]:
    """A model that has served once and rests now, and what it has told since."""
    local, told = LocalModel(loading, idle_seconds=0.01), list[ModelStatus]()
    local.watch(told.append)
    local.start()
    await local.ready()
    assert await answer(local) == "def"
    await resting(local)
    told.clear()
    loading.times = 0
    try:
        yield local, told
    finally:
        await asyncio.to_thread(local.close)


async def events(local: LocalModel, request: Generate = REQUEST) -> list[Event]:
    async with aclosing(local.stream(JobKey("a", Kind.TYPING), request)) as stream:
        return [event async for event in stream]


async def answer(local: LocalModel, prompt: str = "abc") -> str:
    request = Generate(prompt=(Segment(prompt),), stops=REQUEST.stops)
    return "".join(event.text for event in await events(local, request) if isinstance(event, Piece))


async def resting(local: LocalModel) -> None:
    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def tell(_: ModelStatus) -> None:
        loop.call_soon_threadsafe(changed.set)

    local.watch(tell)
    async with asyncio.timeout(10):
        while local.status.state != ModelState.RESTING:
            await changed.wait()
            changed.clear()


async def test_a_resting_model_holds_no_memory_and_says_what_it_can_do() -> None:
    loading = Loading()
    async with rested(loading) as (local, _):
        assert loading.held() == 0
        assert local.status == ModelStatus(ModelState.RESTING, capabilities=CAPABILITIES)
        assert local.status.answers


async def test_who_asks_a_resting_model_waits_and_gets_the_answer() -> None:
    loading = Loading()
    async with rested(loading) as (local, told):
        assert await answer(local, "efg") == "hij"
        assert told[0].state == ModelState.READY
        assert loading.times == 1


async def test_it_rests_again_and_again() -> None:
    loading = Loading()
    async with rested(loading) as (local, _):
        for prompt, expected in (("efg", "hij"), ("nop", "qrs")):
            assert await answer(local, prompt) == expected
            await resting(local)
        assert (loading.times, loading.held()) == (2, 0)


async def test_the_same_question_again_needs_no_model() -> None:
    loading = Loading()
    async with rested(loading) as (local, _):
        assert await answer(local) == "def"
        assert loading.times == 0


async def test_giving_up_while_it_loads_spoils_nothing_for_the_next() -> None:
    loading, go_on, asked = Loading(), threading.Event(), threading.Event()
    async with rested(loading) as (local, _):

        def wait() -> None:
            asked.set()
            go_on.wait(10)

        loading.before = wait
        leaving = asyncio.create_task(answer(local, "efg"))
        await asyncio.to_thread(asked.wait, 60)
        staying = asyncio.create_task(answer(local, "nop"))
        leaving.cancel()
        await asyncio.sleep(0)
        go_on.set()
        assert await staying == "qrs"
        with pytest.raises(asyncio.CancelledError):
            await leaving


async def test_a_model_that_does_not_come_back_says_why_to_all_who_wait() -> None:
    loading = Loading()
    async with rested(loading) as (local, told):

        def fail() -> None:
            raise ModelUnavailable("There is no model. Make one.")

        loading.before = fail
        request = Generate(prompt=(Segment("efg"),), stops=REQUEST.stops)
        assert await events(local, request) == [Finished(StopReason.FAILED, "There is no model. Make one.")]
        assert told == [ModelStatus(ModelState.FAILED, "There is no model. Make one.")]
        assert await events(local, request) == [Finished(StopReason.NOT_READY)]


async def test_closing_a_resting_model_loads_nothing() -> None:
    loading = Loading()
    async with rested(loading) as (local, told):
        await asyncio.to_thread(local.close)
        assert [status.state for status in told] == [ModelState.CLOSED]
        assert loading.times == 0


async def test_without_an_idle_time_it_never_rests() -> None:
    loading = Loading()
    local = LocalModel(loading)
    local.start()
    await local.ready()
    assert await answer(local) == "def"
    await asyncio.to_thread(time.sleep, 0.05)
    assert local.status.state == ModelState.READY
    await asyncio.to_thread(local.close)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere priority belongs to the process")
async def test_the_model_gives_way_to_the_thread_that_answers_the_editor() -> None:
    """While the model worked ahead, suggestions that were at hand came late."""
    seen: list[int] = []
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def look() -> None:
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    async with (
        serving(ScriptedModel(BOOK, before_pass=look)) as local,
        aclosing(local.stream(JobKey("a", Kind.TYPING), REQUEST)) as events,
    ):
        async for _ in events:
            pass
    assert min(seen) > mine


async def test_a_sandbox_that_grants_no_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model was "loading" for ever: its thread had ended before it began."""

    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "nice", refuse, raising=False)
    async with serving(ScriptedModel(BOOK)) as model:
        assert model.status.state == ModelState.READY
