"""Slips put right, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from lsp_writer.errors import RevisionRejected
from lsp_writer.generation import Event, Finished, JobKey, Request, Score, Scores, StopReason, TokenScore
from tests.features.revision.commissions import carried_out
from tests.scripted_text_model import ScriptedTextModel


class Expects(ScriptedTextModel):
    """Finds a text certain that begins with what it expects, and copies nothing out."""

    def __init__(self, *expected: str) -> None:
        super().__init__()
        self.expected = expected

    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        if isinstance(request, Score) and request.text.startswith(self.expected):
            yield Scores((TokenScore(0, len(request.text), 0.0, "", 0.0),))
            yield Finished(StopReason.DONE)
            return
        async for event in super().stream(key, request):
            yield event


async def check_copy_edit(passage: str, expected: str, copy: str = "") -> None:
    """`copy` is what the model makes of the passage when it copies it out."""
    _, text = await carried_out(f"Before.\n\n|{passage}|\n\nAfter.", "copy-edit", {passage[:5]: copy})
    assert text == f"Before.\n\n{expected}\n\nAfter."


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("Mara put it behind the the clock.", "Mara put it behind the clock."),
        ("Mara waited , then she left.", "Mara waited, then she left."),
        ("Mara waited,then she left.", "Mara waited, then she left."),
        ("Mara waited  and left.", "Mara waited and left."),
        ("Mara turned round . She left .", "Mara turned round. She left."),
        ("“Go” , said Mara. The voice was low.She left.", "“Go”, said Mara. The voice was low. She left."),
        # Even who makes a slip twice has made a slip.
        ("Mara recieved a letter. Later she recieved two.", "Mara received a letter. Later she received two."),
        ("Mara left on monday, and a monday is grey.", "Mara left on Monday, and a Monday is grey."),
        ("Mara hoped to recieve the begining of a letter.", "Mara hoped to receive the beginning of a letter."),
        (
            "Sie hatte die die Tür, und sie wartete  lange darauf.",
            "Sie hatte die die Tür, und sie wartete lange darauf.",
        ),
    ],
)
async def test_what_a_rule_can_tell(passage: str, expected: str) -> None:
    await check_copy_edit(passage, expected)


@pytest.mark.parametrize(
    ("passage", "expected", "corrected"),
    [
        (
            "Mara waited there. she was cold.",
            "She was",
            "Mara waited there. She was cold.",
        ),
        (
            "Mara went to the health dept. of the town on  foot.",
            "of the town",
            "Mara went to the health dept. of the town on foot.",
        ),
    ],
)
async def test_where_a_sentence_begins_the_model_tells(passage: str, expected: str, corrected: str) -> None:
    """“The health dept. of the town” became “the health dept. Of the town”."""
    _, text = await carried_out(f"|{passage}|", "copy-edit", model=Expects(expected))
    assert text == corrected


COINED = "Mara hung a small glowbell on the door, and the glimmerkin came in."


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        (COINED, ("cowbell", "lowball", "glimmering")),
        ("The vampyre waited for Mara, and nobody had told the vampyre that she was not at home.", ("vampire",)),
        ("He sang of the *tristesse* of the sea, and Mara wanted *the the* wine.", ("trestles", "tristes")),
        ("Mara learned her magick from an aunt.", ()),
    ],
)
async def test_a_word_of_the_writers_own_stays(passage: str, expected: tuple[str, ...]) -> None:
    """The “glowbell” became a “cowbell”, and a word in italics lost the whole paragraph its corrections."""
    _, text = await carried_out(f"|Mara waited  there. {passage}|", "copy-edit", model=Expects(*expected))
    assert text == f"Mara waited there. {passage}"


async def test_nor_does_the_model_take_it_when_it_copies_the_passage_out() -> None:
    """Copied out, the “glimmerkin” was glimmering."""
    await check_copy_edit(
        f"{COINED} Mara look at it.",
        f"{COINED} Mara looks at it.",
        "Mara hung a small glowball on the door, and the glimmering came in. Mara looks at it.",
    )


async def test_a_misspelt_word_is_corrected_where_the_model_is_sure() -> None:
    model = Expects("doorway")
    _, text = await carried_out("|Mara waited in the dorway for him.|", "copy-edit", model=model)
    assert text == "Mara waited in the doorway for him."


async def test_a_language_that_is_none_of_ours_keeps_its_words() -> None:
    """“Maria aprì la finestra” became “Maria air la finestra”, for Italian went through the rules of English."""
    await check_copy_edit(
        "Maria aprì la finestra , poi  guardò la pioggia che cadeva sul cortile vuoto. il gatto dormiva.",
        "Maria aprì la finestra, poi guardò la pioggia che cadeva sul cortile vuoto. il gatto dormiva.",
        "Maria apri la finestra, poi guarda la pioggia che cadeva sul cortile vuoto. il gatto dormiva.",
    )


@pytest.mark.parametrize(
    "copy",
    [
        "Mara waited at the old door and left the house slowly.",
        "Mara waited at the door, and left the house slowly.",
        "Mara waited at the door. And left the house slowly.",
        "As an AI, I cannot correct this.",
        "",
    ],
)
async def test_of_what_the_model_changes_only_corrections_are_taken(copy: str) -> None:
    """The model joined sentences and put commas where the writer wanted none."""
    await check_copy_edit(
        "Mara waited at the door and lefft the house slowly.",
        "Mara waited at the door and left the house slowly.",
        copy,
    )


async def test_a_word_that_the_model_corrects() -> None:
    await check_copy_edit(
        "Mara look at the chart and then at the water.",
        "Mara looks at the chart and then at the water.",
        "Mara looks at the chart and then at the water.",
    )


@pytest.mark.parametrize(
    "passage",
    [
        "Mara waited at the door.",
        "“I ain't never going there,” said Mara.",
        # A rule made each of these worse.
        "Mara gave her her coat at the door.",
        "What you do do matters to Mara.",
        "What he was was tired, said Mara.",
        "Mara flew to Bora Bora in the spring.",
        "“Wait wait wait,” said Mara.",
        "Mara waited . . . and then she left.",
        "Mara wrote to Prof. von Braun about it.",
        "Mara was at home.  She slept.  It rained.",
        "Mara sagte usw. und bzw. der Mann ging langsam nach Hause.",
    ],
)
async def test_where_nothing_is_wrong_the_writer_is_told_so(passage: str) -> None:
    with pytest.raises(RevisionRejected, match="nothing to correct"):
        await carried_out(f"|{passage}|", "copy-edit", model=ScriptedTextModel({"Mara": passage}))
