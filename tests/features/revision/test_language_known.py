"""Nothing is written in a language that the model does not know."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from lsp_writer.errors import RevisionRejected
from lsp_writer.generation import Event, Finished, JobKey, Request, Score, Scores, StopReason, TokenScore
from tests.features.revision.commissions import PLAIN, carried_out
from tests.scripted_text_model import ScriptedTextModel

GERMAN = "Hanne las den Brief im Stehen, noch mit dem Mantel über dem Arm. Dann las sie ihn ein zweites Mal."
ENGLISH = "Mara opened the letter at the kitchen table and read it twice. She folded it in three."


class Reads(ScriptedTextModel):
    """Finds every character as improbable as it is told."""

    def __init__(self, nats: float, reply: str) -> None:
        super().__init__({"": reply})
        self.nats = nats

    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        if isinstance(request, Score) and not request.prompt:
            length = len(request.text)
            yield Scores((TokenScore(0, length, -self.nats * length, "", 0.0),))
            yield Finished(StopReason.DONE)
            return
        async for event in super().stream(key, request):
            yield event


async def test_a_model_that_cannot_read_a_passage_is_not_asked_to_write_in_it() -> None:
    """“Die Luft kötzen auf den Eigentum” was put between two German sentences."""
    with pytest.raises(RevisionRejected, match=r"does not know the language.*docs/models\.md"):
        await carried_out(f"|{GERMAN}|", "expand", model=Reads(1.7, " staub lag auf der alten Uhr im Flur."))


async def test_one_that_can_is() -> None:
    _, text = await carried_out(f"|{GERMAN}|", "expand", model=Reads(1.0, " Staub lag auf der alten Uhr im Flur."))
    assert "Staub lag auf der alten Uhr" in text


async def test_what_writes_nothing_works_in_any_language() -> None:
    passage = "Hanne war wirklich sehr müde und ging plötzlich langsam nach Hause."
    _, text = await carried_out(f"|{passage}|", "condense", model=Reads(1.7, ""))
    assert text == "Hanne war müde und ging nach Hause."


async def test_english_is_taken_for_known() -> None:
    new = "At the table in the dark kitchen Mara opened the letter. Twice she read it. She folded it up in three."
    _, text = await carried_out(f"|{ENGLISH}|", PLAIN, model=Reads(9.0, new))
    assert text == new
