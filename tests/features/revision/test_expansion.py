"""A passage made longer: the writer's sentences stay, and what comes between them is of the place."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import pytest

from lsp_writer.errors import RevisionRejected
from lsp_writer.generation import Event, Finished, Generate, JobKey, Piece, Request, StopReason
from tests.features.revision.commissions import carried_out
from tests.scripted_text_model import ScriptedTextModel

PASSAGE = "Mara opened the letter and read it twice. She did not cry. She folded it in three."


async def test_every_sentence_stays_and_one_is_added() -> None:
    revised, _ = await carried_out(f"|{PASSAGE}|", "expand", {"Mara": " dust lay on the old clock."}, alternatives=5)
    for alternative in revised.alternatives:
        left = alternative.text
        for sentence in ("Mara opened the letter and read it twice.", "She did not cry.", "She folded it in three."):
            assert sentence in left
            left = left.partition(sentence)[2] or left
        assert "dust lay on the old clock." in alternative.text


@pytest.mark.parametrize(
    "added",
    [
        " he came in and sat down.",
        " a man stood there in silence.",
        " “go,” said the wind in the dark.",
        " was there anything to be seen?",
        " flowers and flowers and flowers grew there.",
        " the letter was opened and she did not cry.",
        " a clock struck 12 in the hall.",
        " the air was **so** cold that it hurt.",
        " and so on and on it went",
        "",
    ],
)
async def test_what_people_do_or_say_is_left_to_the_writer(added: str) -> None:
    """The model let a brother die between two sentences."""
    with pytest.raises(RevisionRejected):
        await carried_out(f"|{PASSAGE}|", "expand", {"Mara": added}, model=_Only(added))


async def test_no_sentence_comes_twice() -> None:
    """“The silence was oppressive.” stood five times in one story: four words were too few to be noticed."""
    story = "\n\n".join(f"Tom came home {when}. He had walked all night." for when in ("late", "early", "alone") * 3)
    _, text = await carried_out(f"|{story}|", "expand", model=_Adding(" clocks ticked on."))
    added = re.findall(r"[^.\n]+ clocks ticked on\.", text)
    assert len(added) > 2
    assert len(set(added)) == len(added)


async def test_nothing_is_put_into_a_speech() -> None:
    passage = "“The ice is going out. Two days, maybe three.” Lena went on mending the net."
    revised, _ = await carried_out(f"|{passage}|", "expand", {"ice": " snow lay on the frozen ground."}, alternatives=5)
    assert revised.alternatives
    for alternative in revised.alternatives:
        assert "“The ice is going out. Two days, maybe three.”" in alternative.text


async def test_the_same_seed_gives_the_same_text() -> None:
    replies = {"Mara": " dust lay on the old clock."}
    first = await carried_out(f"|{PASSAGE}|", "expand", replies, seed=3)
    assert first == await carried_out(f"|{PASSAGE}|", "expand", replies, seed=3)


class _Only(ScriptedTextModel):
    """Adds one thing to a text that it is to continue, and gives no answer to an instruction."""

    def __init__(self, added: str) -> None:
        super().__init__({"Expand": "", "longer version": "", "Mara": added})


class _Adding(ScriptedTextModel):
    """Goes on in one of these ways, in turn, behind whatever it is shown."""

    def __init__(self, *texts: str) -> None:
        super().__init__()
        self._texts = texts

    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        if isinstance(request, Generate):
            for candidate in range(request.candidates):
                yield Piece(self._texts[candidate % len(self._texts)], -0.1, candidate)
            yield Finished(StopReason.DONE)
            return
        async for event in super().stream(key, request):
            yield event
