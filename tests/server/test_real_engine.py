"""What a request costs, through the server, with the real engine and scheduler on a scripted model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from lsp_writer.generation import Kind
from lsp_writer.inference.local import LocalModel
from tests.local_model import local_model
from tests.scripted_model import ScriptedModel
from tests.server.editor import URI, AttachedEditor, attached

BOOK = "the boat was tied to the old harbour wall and nobody on the quay had seen it come in that night"
TYPED = BOOK[: BOOK.index(" wall")]


class Gate:
    """Lets a number of forward passes through and holds the next one until it is opened."""

    def __init__(self, passes: int) -> None:
        self.open = threading.Event()
        self._passes = passes

    def __call__(self) -> None:
        self._passes -= 1
        if self._passes < 0:
            assert self.open.wait(60)


class Model:
    """The scripted model and what runs it."""

    def __init__(self, passes_before_gate: int) -> None:
        self.gate = Gate(passes_before_gate)
        self.scripted = ScriptedModel(BOOK, before_pass=self.gate)
        self.local: LocalModel = local_model(self.scripted)


@asynccontextmanager
async def writing(model: Model, text: str) -> AsyncIterator[AttachedEditor]:
    async with attached(make_model=lambda _: model.local) as editor:
        editor.open(text)
        try:
            yield editor
        finally:
            model.gate.open.set()


@pytest.mark.parametrize("passes", [0, 1, 5])
async def test_a_cancelled_request_stops_the_decode_within_one_step(passes: int) -> None:
    model = Model(passes)
    async with writing(model, TYPED) as editor:
        request = asyncio.create_task(editor.ghost_text(len(TYPED)))
        await editor.until(
            lambda: len(model.scripted.passes) == passes and model.local.scheduler.submitted[Kind.TYPING]
        )
        (sent,) = editor.client.protocol._request_futures
        editor.cancel(sent)
        with pytest.raises(Exception, match="cancel"):
            await request
        model.gate.open.set()
    assert len(model.scripted.passes) <= passes + 1


def arrived(editor: AttachedEditor) -> bool:
    """Whether the server has heard of the last key."""
    document = editor.server.session.documents.find(URI)
    return document is not None and document.version == editor.version


async def test_a_burst_of_fifty_leaves_one_running_and_none_queued() -> None:
    model = Model(0)
    scheduler = model.local.scheduler
    async with writing(model, BOOK[:10]) as editor:
        requests = []
        for letter in BOOK[10:60]:
            editor.replace(len(editor.text), len(editor.text), letter)
            requests.append(asyncio.create_task(editor.ghost_text(len(editor.text))))
            await editor.until(lambda: arrived(editor))
            assert len(scheduler._jobs) <= 1
        assert await asyncio.gather(*requests[:-1]) == [[]] * 49, "answered while the model is still held"
        model.gate.open.set()
        (item,) = await requests[-1]
        range_ = item.range
        assert range_ is not None
        shown = str(item.insert_text)[range_.end.character - range_.start.character :]
        assert shown
        assert BOOK[60:].startswith(shown)
        assert scheduler.submitted[Kind.TYPING] < 50, (
            "letters that the model has not yet come to are no reason to begin anew"
        )


async def test_menu_and_ghost_text_for_one_caret_cost_one_job() -> None:
    model = Model(0)
    async with writing(model, TYPED[:-3]) as editor:
        caret = len(editor.text)
        both = asyncio.gather(editor.complete(caret), editor.ghost_text(caret))
        await editor.until(lambda: model.local.scheduler.submitted[Kind.TYPING])
        model.gate.open.set()
        menu, items = await both
        assert "harbour" in [item.label for item in menu.items]
        assert items
        assert model.local.scheduler.submitted[Kind.TYPING] == 1


async def test_fifty_requests_for_one_caret_cost_one_job() -> None:
    model = Model(0)
    async with writing(model, TYPED) as editor:
        answers = asyncio.gather(*(editor.ghost_text(len(TYPED)) for _ in range(50)))
        await editor.until(lambda: model.local.scheduler.submitted[Kind.TYPING])
        model.gate.open.set()
        assert all(await answers)
        assert model.local.scheduler.submitted[Kind.TYPING] == 1
