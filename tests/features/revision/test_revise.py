"""Commissions with a model that answers what the test wrote down."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from lsp_writer.errors import InvalidRequest, ModelUnavailable, RevisionRejected
from lsp_writer.features.revision.commission import Commission, Progress
from lsp_writer.features.revision.reading import reading_of
from lsp_writer.features.revision.revise import revise
from lsp_writer.features.revision.target import Target
from lsp_writer.generation import Capabilities, Generate, ModelState, ModelStatus
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.names import names_in
from lsp_writer.prose.numbers import numbers_in
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from tests.features.revision.commissions import PLAIN, carried_out, variant
from tests.scripted_text_model import LOADING, ScriptedTextModel

PARAGRAPH = "Tom opened the office door. The room was empty. He sat down and waited for somebody to call."
NOIR = (
    "Tom opened the door on a dead office. The room was empty of friends. "
    "He sat down in the smoke and waited for a call."
)


async def test_the_words_of_a_heading_are_no_names() -> None:
    """“It lost Lamp”: a story was called “The Lamp Room”, and its lamp was taken for somebody."""
    told = "Tom pushed the office door open. Behind it the room was empty, and the light was out."
    passage = "Tom opened the office door. The room behind it was empty, and the lamp was out."
    _, text = await carried_out(f"# The Lamp Room\n\n|{passage}|", PLAIN, {"Tom": told})
    assert told in text


async def test_what_has_nobody_to_say_i_was_not_put_into_the_first_person() -> None:
    """“Anton said” had become “said Anton”, and that was offered as told in the first person."""
    passage = "“Stay,” said Anton. The ice was going out."
    with pytest.raises(RevisionRejected, match="not in the first person"):
        await carried_out(f"|{passage}|", "first-person", {"Anton": "“Stay,” Anton said. The ice was going out."})


async def test_a_paragraph_is_replaced_and_its_surroundings_stay() -> None:
    _, text = await carried_out(f"Before.\n\n|{PARAGRAPH}|\n\nAfter.", PLAIN, {"Tom": NOIR})
    assert text == f"Before.\n\n{NOIR}\n\nAfter."


async def test_the_model_is_told_the_instruction_the_examples_and_the_passage() -> None:
    model = ScriptedTextModel({"Tom": NOIR})
    await carried_out(f"|{PARAGRAPH}|", "noir", model=model)
    request = next(request for _, request in model.asked if isinstance(request, Generate))
    assert (request.prompt[0].role, request.prompt[-1].role) == ("system", "user")
    assert "noir" in request.prompt[-1].text
    assert PARAGRAPH in request.prompt[-1].text


async def test_the_first_words_are_shown_as_they_come() -> None:
    shown: list[Progress] = []
    await carried_out(f"|{PARAGRAPH}|", PLAIN, {"Tom": NOIR}, shown=shown)
    assert shown[0].text == NOIR.split(maxsplit=1)[0]
    assert shown[-1] == Progress(text=NOIR, finished=NOIR, read=len(PARAGRAPH))


async def test_a_scene_goes_paragraph_by_paragraph_and_says_what_is_finished() -> None:
    shown: list[Progress] = []
    scene = f"{PARAGRAPH}\n\n{PARAGRAPH}"
    await carried_out(
        f"# One\n\n{PARAGRAPH[:4]}|{PARAGRAPH[4:]}\n\n{PARAGRAPH}", variant(takes="scene"), {"Tom": NOIR}, shown=shown
    )
    assert Progress(text=NOIR, finished=NOIR, read=len(PARAGRAPH)) in shown
    assert shown[-1].read == len(scene)
    assert shown[-1].finished == f"{NOIR}\n\n{NOIR}"


async def test_headings_code_and_images_are_copied_and_never_shown_to_the_model() -> None:
    kept = "# Tom\n\n> {}\n\n```\nTom = 1\n```\n\n![Tom](tom.png)\n\n***\n\n{}"
    model = ScriptedTextModel({"Tom": NOIR})
    _, text = await carried_out(f"|{kept.format(PARAGRAPH, PARAGRAPH)}|", PLAIN, model=model)
    assert text == kept.format(NOIR, NOIR)
    told = "".join(s.text for _, request in model.asked if isinstance(request, Generate) for s in request.prompt)
    assert "tom.png" not in told
    assert "Tom = 1" not in told


HAIKU = "Tom in the office,\nan empty room behind him.\nHe waits for a call."
LETTER = "Dear friend,\n\nI opened the door and the room was empty. I sat and waited for a call.\n\nYours,\nTom"


@pytest.mark.parametrize(
    ("entry", "told", "markdown", "expected"),
    [
        ("haiku", HAIKU, True, HAIKU.replace("\n", "  \n")),
        ("haiku", HAIKU, False, HAIKU),
        ("letter", LETTER, True, LETTER.replace("Yours,\n", "Yours,  \n")),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
async def test_lines_that_replace_a_passage_stay_apart(
    entry: str, told: str, markdown: bool, expected: str, line_end: str
) -> None:
    """A haiku was one line in the preview, and had line breaks of its own in a file of Windows'."""
    shown: list[Progress] = []
    marked = f"Before.\n\n|{PARAGRAPH}|\n\nAfter.".replace("\n", line_end)
    _, text = await carried_out(marked, entry, {PARAGRAPH: told}, markdown=markdown, shown=shown)
    assert text == f"Before.\n\n{expected}\n\nAfter.".replace("\n", line_end)
    assert shown[-1].finished == expected.replace("\n", line_end), "nor is a stopped one any different"


async def test_what_fails_every_check_is_not_offered_and_the_reason_is_told() -> None:
    with pytest.raises(RevisionRejected, match=r"it was not prose.*docs/models\.md"):
        await carried_out(f"|{PARAGRAPH}|", PLAIN, {"Tom": ""})


async def test_a_text_that_tells_something_else_is_not_offered() -> None:
    """It had the people, the tense and the length, and none of what happened."""
    other = "Tom bought green apples at noon. They were sour. His dog ate one of them in the yard and slept all day."
    with pytest.raises(RevisionRejected, match="something else"):
        await carried_out(f"|{PARAGRAPH}|", variant(keeps=PLAIN.keeps.__class__(words=0.0)), {"Tom": other})


async def test_a_paragraph_for_which_nothing_would_do_stays_and_the_writer_is_told() -> None:
    revised, text = await carried_out(f"|{PARAGRAPH}\n\nShe left.|", PLAIN, {"Tom opened": NOIR})
    assert text == f"{NOIR}\n\nShe left."
    assert revised.note


@pytest.mark.parametrize("marked", ["|\n\n|", "|# A heading|", "|```\ncode\n```|", "|---\ntitle: x\n---|\n\nText."])
async def test_where_there_is_no_prose_the_writer_is_told(marked: str) -> None:
    before, passage, after = marked.split("|")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(before + passage + after))
    model = ScriptedTextModel()
    model.start()
    span = Span(len(before), len(before + passage))
    with pytest.raises(InvalidRequest, match="no prose"):
        await revise(model, manuscript, Target(span, span), Commission(entry=PLAIN), lambda _: None)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (LOADING, "still loading"),
        (ModelStatus(ModelState.FAILED, "There is no model. Make one."), "Make one"),
        (
            ModelStatus(
                ModelState.READY,
                capabilities=Capabilities(name="base", device="cpu", chat=False, context_tokens=512),
            ),
            "instruct model",
        ),
    ],
)
async def test_without_a_model_that_follows_instructions_the_writer_is_told(status: ModelStatus, message: str) -> None:
    model = ScriptedTextModel()
    model.turn(status)
    manuscript = Manuscript("file:///story.md", 1, Rope.of(PARAGRAPH))
    span = Span(0, 10)
    with pytest.raises(ModelUnavailable, match=message):
        await revise(model, manuscript, Target(span, span), Commission(entry=PLAIN), lambda _: None)


@pytest.mark.parametrize("megabytes", [150, 4000])
async def test_where_nothing_can_be_cut_a_large_model_tells_it_anew(megabytes: int) -> None:
    """“Condense” changed nothing where no word could be spared, and the model was never asked."""
    ready = ModelStatus(
        ModelState.READY,
        capabilities=Capabilities(name="x", device="cpu", chat=True, context_tokens=8192, megabytes=megabytes),
    )
    passage = "Tom waited."
    model = ScriptedTextModel({"Tom": "Tom sat and waited."}, becomes=ready)
    entry = variant(way="condense", model_writes=True)
    if megabytes == 150:
        with pytest.raises(RevisionRejected, match="changed nothing"):
            await carried_out(f"|{passage}|", entry, model=model)
        return
    _, text = await carried_out(f"|{passage}|", entry, model=model)
    assert text == "Tom sat and waited."


async def test_reading_a_long_story_does_not_hold_up_the_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typing stood still for a second whenever a rewrite of a scene began."""
    threads: list[int] = []

    def noted(made: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            threads.append(threading.get_ident())
            return made(*arguments)

        return call

    monkeypatch.setattr("lsp_writer.features.revision.revise.reading_of", noted(reading_of))
    for found in (names_in, numbers_in):
        monkeypatch.setattr(f"lsp_writer.features.revision.reading.{found.__name__}", noted(found))
    await carried_out(f"|{PARAGRAPH}|", PLAIN, {"Tom": NOIR})
    assert len(threads) == 3
    assert threading.get_ident() not in threads


async def test_a_book_that_is_respelled_leaves_time_for_the_writer() -> None:
    """No model is asked, and so nothing else was answered for half a minute."""
    loop = asyncio.get_running_loop()
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1
        loop.call_soon(turn)

    loop.call_soon(turn)
    book = "\n\n".join(f"The colour of house {number} was grey." for number in range(60))
    _, text = await carried_out(f"|{book}|", "american")
    assert text == book.replace("colour", "color").replace("grey", "gray")
    assert turns > 60


async def test_what_is_around_is_read_once_for_all_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of a whole book were looked for again for each of its sentences."""
    read: list[str] = []

    def names_in(text: str, _language: str) -> frozenset[str]:
        read.append(text)
        return frozenset()

    monkeypatch.setattr("lsp_writer.features.revision.reading.names_in", names_in)
    book = "\n\n".join(f"The colour of house {number} was grey." for number in range(20))
    await carried_out(f"|{book}|", "american")
    assert len(read) == 1
