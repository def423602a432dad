"""How much of a long manuscript the model is given to read, by its device and its speed."""

from __future__ import annotations

import msgspec
import pytest

from lsp_writer.features.continuation import Continuation
from lsp_writer.generation import Generate, Work
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.settings import Settings
from tests.scripted_text_model import READY, ScriptedTextModel

STORY = "The lamp was lit, and the sea went on under it. " * 400


class TimedModel(ScriptedTextModel):
    """Reads at `speed` tokens a second."""

    speed = 0.0

    @property
    def work(self) -> Work:
        return Work(reading_speed=self.speed)


def on(device: str) -> TimedModel:
    assert READY.capabilities is not None
    capabilities = msgspec.structs.replace(READY.capabilities, device=device)
    model = TimedModel(becomes=msgspec.structs.replace(READY, capabilities=capabilities))
    model.start()
    return model


async def check_reach(model: TimedModel, *speeds: float, between: tuple[int, int]) -> None:
    """After requests at each of `speeds`, the prompt of the last has a number of characters `between` the two."""
    continuation = Continuation(model)
    text = STORY
    for version, speed in enumerate(speeds):
        model.speed, text = speed, text + "x "
        await continuation.suggest(Manuscript("a", version, Rope.of(text), False), len(text), Settings(), invoked=False)
    asked = [request for _, request in model.asked if isinstance(request, Generate)][-1]
    low, high = between
    assert low <= sum(len(segment.text) for segment in asked.prompt) <= high


@pytest.mark.parametrize("speed", [0.0, 250.0, 700.0])
async def test_a_usual_processor(speed: float) -> None:
    await check_reach(on("cpu"), speed, between=(700, 1600))


async def test_a_slow_processor_reads_less_once_that_is_known() -> None:
    await check_reach(on("cpu"), 0.0, 90.0, between=(300, 800))


async def test_a_speed_that_wavers_changes_nothing() -> None:
    """Each change would have all of it read again."""
    await check_reach(on("cpu"), 150.0, 250.0, between=(300, 800))
    await check_reach(on("cpu"), 350.0, 250.0, between=(700, 1600))


async def test_a_graphics_card() -> None:
    await check_reach(on("cuda"), 0.0, between=(2200, 4800))
