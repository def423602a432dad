"""Jobs that share one model: who goes first, who gives way, who stops."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing

import msgspec

from lsp_writer.errors import ModelUnavailable
from lsp_writer.generation import (
    Finished,
    Generate,
    JobKey,
    Kind,
    ModelState,
    Piece,
    Request,
    Sampling,
    Segment,
    StopReason,
    Stops,
)
from lsp_writer.inference.local import Loaded, LocalModel
from tests.local_model import serving
from tests.scripted_model import ScriptedModel

BOOK = "abcdefghijklmnopqrstuvwxyz" * 8


def request(prompt: str, tokens: int = 20) -> Generate:
    return Generate(prompt=(Segment(prompt),), stops=Stops(max_new_tokens=tokens, at_loop=False))


class Gate:
    """Lets the model make so many forward passes, or any number, and while it is closed holds the next one."""

    def __init__(self, passes: int = -1) -> None:
        self.open = threading.Event()
        #: A pass is being held, or was.
        self.reached = threading.Event()
        self.open.set()
        self._passes = passes

    def let(self, passes: int) -> None:
        """Let it make so many more, the one that is held among them."""
        self.reached.clear()
        self._passes = passes - 1
        self.open.set()

    def __call__(self) -> None:
        if self._passes == 0:
            self.open.clear()
        self._passes -= 1
        if not self.open.is_set():
            self.reached.set()
        assert self.open.wait(60)


async def collect(local: LocalModel, key: JobKey, wanted: Request) -> tuple[str, StopReason]:
    text = ""
    async with aclosing(local.stream(key, wanted)) as events:
        async for event in events:
            if isinstance(event, Piece):
                text += event.text
            elif isinstance(event, Finished):
                return text, event.reason
    raise AssertionError("no last event")


def typing(document: str = "a") -> JobKey:
    return JobKey(document, Kind.TYPING)


async def test_equal_requests_share_one_job() -> None:
    gate = Gate()
    async with serving(ScriptedModel(BOOK, before_pass=gate)) as local:
        gate.open.clear()
        both = [asyncio.create_task(collect(local, typing(), request("abc"))) for _ in range(2)]
        await asyncio.to_thread(gate.reached.wait, 60)
        await asyncio.sleep(0)
        gate.open.set()
        first, second = await asyncio.gather(*both)
        assert first == second == ("defghijklmnopqrstuvw", StopReason.MAX_TOKENS)
        assert local.scheduler.submitted[Kind.TYPING] == 1


async def test_of_a_burst_of_fifty_only_the_last_runs_on() -> None:
    gate = Gate()
    model = ScriptedModel(BOOK, before_pass=gate)
    async with serving(model) as local:
        gate.open.clear()
        tasks = []
        for number in range(50):
            tasks.append(asyncio.create_task(collect(local, typing(), request("abc" + "d" * number))))
            await asyncio.sleep(0)
        assert len(local.scheduler._jobs) == 1, "one at work, none queued"
        gate.open.set()
        results = await asyncio.gather(*tasks)
        assert [reason for _, reason in results[:-1]] == [StopReason.SUPERSEDED] * 49
        assert results[-1][1] == StopReason.MAX_TOKENS
        # The last job reads its prompt and decodes; of the others at most the one under way made a pass.
        assert len(model.passes) <= 1 + 20 + 1


async def test_giving_up_stops_the_decoding_within_one_step() -> None:
    gate = Gate(passes=4)
    model = ScriptedModel(BOOK, before_pass=gate)
    async with serving(model) as local:
        async with aclosing(local.stream(typing(), request("abc", 200))) as events:
            async for event in events:
                if isinstance(event, Piece):
                    break
            await asyncio.to_thread(gate.reached.wait, 60)
            passes = len(model.passes)
        gate.open.set()
        await collect(local, typing("other"), request("xyz", 1))
        assert len(model.passes) - passes <= 2, "the pass under way, and the other job's own"


async def test_a_shared_job_goes_on_while_one_reader_is_left() -> None:
    gate = Gate()
    async with serving(ScriptedModel(BOOK, before_pass=gate)) as local:
        gate.open.clear()
        staying = asyncio.create_task(collect(local, typing(), request("abc")))
        leaving = asyncio.create_task(collect(local, typing(), request("abc")))
        await asyncio.to_thread(gate.reached.wait, 60)
        leaving.cancel()
        await asyncio.sleep(0)
        gate.open.set()
        assert (await staying)[1] == StopReason.MAX_TOKENS


async def test_typing_overtakes_a_rewrite_which_then_goes_on() -> None:
    gate = Gate(passes=1)
    async with serving(ScriptedModel(BOOK, before_pass=gate)) as local:
        rewrite = asyncio.create_task(collect(local, JobKey("a", Kind.REVISION), request("abc", 150)))
        await asyncio.to_thread(gate.reached.wait, 60)
        ghost = asyncio.create_task(collect(local, typing(), request("klm", 5)))
        await asyncio.sleep(0.05)
        gate.let(20)
        await asyncio.to_thread(gate.reached.wait, 60)
        text, _ = await ghost
        assert text == "nopqr", "within so many passes"
        assert not rewrite.done()
        gate.open.set()
        text, _ = await rewrite
        assert text == (BOOK + BOOK)[3:153]


async def test_a_rewrite_ends_under_a_constant_stream_of_typing() -> None:
    keys = 0

    def press() -> None:
        """A key during every pass, so that the model never has a moment for itself."""
        nonlocal keys
        if keys < 5000:
            keys += 1
            local.scheduler.submit(typing(), request(BOOK[keys % 26 : keys % 26 + 3]), lambda: None)

    async with serving(ScriptedModel(BOOK, before_pass=press)) as local:
        rewrite = await collect(local, JobKey("a", Kind.REVISION), request("abc", 20))
        assert rewrite == ((BOOK + BOOK)[3:23], StopReason.MAX_TOKENS)
        assert 20 < keys < 5000


async def test_ghost_text_waits_for_no_more_than_one_step_of_a_rewrite() -> None:
    gate = Gate()
    model = ScriptedModel(BOOK, before_pass=gate)
    # Of two rows, so that its passes can be told from the others.
    wanted = msgspec.structs.replace(request("abc", 150), candidates=2, sampling=Sampling(temperature=1.0))
    async with serving(model) as local:
        gate.open.clear()
        rewrite = asyncio.create_task(collect(local, JobKey("a", Kind.REVISION), wanted))
        await asyncio.to_thread(gate.reached.wait, 60)
        ghosts = [asyncio.create_task(collect(local, typing(str(n)), request("klm" * 30, 28))) for n in range(4)]
        await asyncio.sleep(0.05)
        gate.open.set()
        await asyncio.gather(*ghosts)
        rewrite.cancel()
        rows = [batch for batch, _ in model.passes[1:]]
        last = max(number for number, batch in enumerate(rows) if batch == 1)
        assert 1 <= rows[:last].count(2) <= len(ghosts)


async def test_documents_type_at_once_without_mixing_their_texts() -> None:
    async with serving(ScriptedModel(BOOK)) as local:
        texts = await asyncio.gather(
            *(collect(local, typing(str(number)), request(BOOK[number : number + 3], 10)) for number in range(20))
        )
        for number, (text, _) in enumerate(texts):
            assert text == BOOK[number + 3 : number + 13]


async def test_a_job_that_breaks_fails_alone() -> None:
    model = ScriptedModel(BOOK)
    async with serving(model) as local:

        def fail() -> None:
            raise RuntimeError("broken pass")

        model._before_pass = fail
        assert (await collect(local, typing(), request("abc")))[1] == StopReason.FAILED
        model._before_pass = None
        assert (await collect(local, typing(), request("abc")))[1] == StopReason.MAX_TOKENS


async def test_what_the_writer_should_know_of_a_failure_comes_with_it() -> None:
    model = ScriptedModel(BOOK)
    async with serving(model) as local:

        def fail() -> None:
            raise ModelUnavailable("There is not enough memory. Close other programs.")

        model._before_pass = fail
        async with aclosing(local.stream(typing(), request("abc"))) as events:
            last = [event async for event in events][-1]
        assert last == Finished(StopReason.FAILED, "There is not enough memory. Close other programs.")


async def test_before_the_model_is_ready_the_answer_is_honest_and_empty() -> None:
    loading = threading.Event()

    def load() -> Loaded:
        loading.wait(10)
        raise ModelUnavailable("There is no model. Make one.")

    local = LocalModel(load)
    local.start()
    assert local.status.state == ModelState.LOADING
    assert await collect(local, typing(), request("abc")) == ("", StopReason.NOT_READY)
    loading.set()
    status = await local.ready()
    assert (status.state, status.message) == (ModelState.FAILED, "There is no model. Make one.")
    assert await collect(local, typing(), request("abc")) == ("", StopReason.NOT_READY)
    local.close()


async def test_closing_ends_what_runs() -> None:
    gate = Gate()
    async with serving(ScriptedModel(BOOK, before_pass=gate)) as local:
        gate.open.clear()
        running = asyncio.create_task(collect(local, typing(), request("abc")))
        await asyncio.to_thread(gate.reached.wait, 60)
        closing = asyncio.create_task(asyncio.to_thread(local.close))
        assert (await running)[1] == StopReason.CANCELLED
        gate.open.set()
        await closing
        assert local.status.state == ModelState.CLOSED
