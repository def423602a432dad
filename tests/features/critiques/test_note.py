"""The model's note on a paragraph: when it is made, what may be shown, and that nobody waits for it."""

from __future__ import annotations

import asyncio
import logging

import msgspec
import pytest

from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.note import Notes, checked, prompt_for, wordings
from lsp_writer.features.critiques.review import Review, review
from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.generation import Kind, ModelState, ModelStatus
from lsp_writer.prose.language import LANGUAGES
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.settings import CritiqueSettings
from tests.scripted_text_model import READY, ScriptedTextModel

PARAGRAPH = (
    "The boats were counted by the harbour master every evening, and every evening one of them was missing. Ruth saw "
    "the empty berth from the office window. She had stopped asking whose it was."
)
OTHER = (
    "Anna walked slowly to the window, and she saw that the garden had changed. She could hear the gate. The gravel "
    "glittered, the glass glittered, and something like a voice was carried by the wind."
)
GERMAN = (
    "Die Boote wurden jeden Abend vom Hafenmeister gezählt, und jeden Abend fehlte eines davon. Ruth sah den leeren "
    "Liegeplatz durch das Fenster. Sie fragte längst nicht mehr, wem er gehörte und was geschehen war."
)
SAID = " Ruth, who only looks on, for nothing is at stake for her. Let the empty berth cost her something."
NOTE = f"What works least here is{SAID}"
QUOTING = "The line “one of them was missing” comes too early."
OTHER_SAID = " the verb glittered, which comes twice in one sentence. Cut one of the two."
OTHER_NOTE = f"What works least here is{OTHER_SAID}"

assert READY.capabilities is not None
MEASURED = msgspec.structs.replace(
    READY, capabilities=msgspec.structs.replace(READY.capabilities, note_languages=("en",))
)


def scripted(*, seconds_a_word: float = 0.0, becomes: ModelStatus = MEASURED) -> ScriptedTextModel:
    model = ScriptedTextModel({PARAGRAPH: SAID, OTHER: OTHER_SAID}, seconds_a_word=seconds_a_word, becomes=becomes)
    model.start()
    return model


async def test_a_note() -> None:
    model = scripted()
    assert await Notes(model).on(PARAGRAPH, 5) == NOTE
    assert [kind for kind, _ in model.asked] == [Kind.CRITIQUE]  # ghost text goes before


@pytest.mark.parametrize(
    "status",
    [
        READY,  # never measured, or measured and not good enough
        ModelStatus(ModelState.LOADING, capabilities=MEASURED.capabilities),
        ModelStatus(ModelState.FAILED),
    ],
)
async def test_a_model_that_was_not_measured_is_not_asked(status: ModelStatus) -> None:
    model = scripted(becomes=status)
    assert await Notes(model).on(PARAGRAPH, 5) == ""
    assert model.asked == []


@pytest.mark.parametrize(
    "paragraph",
    [
        GERMAN,
        "She had stopped asking whose it was.",
        PARAGRAPH * 6,
    ],
    ids=["another language", "too short", "too long"],
)
async def test_a_paragraph_that_no_note_is_made_of(paragraph: str) -> None:
    model = scripted()
    assert await Notes(model).on(paragraph, 5) == ""
    assert model.asked == []


async def test_what_is_not_ready_in_time_is_there_the_next_time() -> None:
    model = scripted(seconds_a_word=0.001)
    notes = Notes(model)
    assert await notes.on(PARAGRAPH, 0) == ""
    assert notes.making
    assert await notes.on(PARAGRAPH, 0) == ""
    await notes.on(PARAGRAPH, 5)
    assert await notes.on(PARAGRAPH, 0) == NOTE
    assert len(model.asked) == 1


async def test_the_pointer_leaves_before_the_note_is_ready() -> None:
    model = scripted(seconds_a_word=0.001)
    notes = Notes(model)
    hover = asyncio.create_task(notes.on(PARAGRAPH, 5))
    await asyncio.sleep(0)  # it is waiting now
    hover.cancel()
    await notes.on(PARAGRAPH, 5)
    assert await notes.on(PARAGRAPH, 0) == NOTE
    assert len(model.asked) == 1


async def test_a_newer_paragraph_ends_the_note_on_an_older_one() -> None:
    model = scripted(seconds_a_word=3600)
    notes = Notes(model)
    assert await notes.on(PARAGRAPH, 0.01) == ""
    assert model.running == 1
    model.seconds_a_word = 0
    assert await notes.on(OTHER, 5) == OTHER_NOTE
    assert model.running == 0
    model.replies = {}
    assert await notes.on(OTHER, 0) == OTHER_NOTE


async def test_a_note_that_was_dropped_is_not_made_again() -> None:
    model = scripted()
    model.replies = {PARAGRAPH: " nothing. It is a beautiful paragraph, and it needs nothing more at all."}
    notes = Notes(model)
    assert await notes.on(PARAGRAPH, 5) == await notes.on(PARAGRAPH, 5) == ""
    assert len(model.asked) == 1


async def test_an_unfinished_answer_is_made_again() -> None:
    """The model was let go of in the middle of a note."""
    model = scripted()
    model.turn(msgspec.structs.replace(MEASURED, state=ModelState.CLOSED))
    notes = Notes(model)
    assert await notes.on(PARAGRAPH, 5) == ""
    model.turn(MEASURED)
    assert await notes.on(PARAGRAPH, 5) == NOTE


async def test_only_so_many_notes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsp_writer.features.critiques.note._REMEMBERED", 1)
    model = scripted()
    notes = Notes(model)
    for paragraph in (PARAGRAPH, OTHER, PARAGRAPH):
        await notes.on(paragraph, 5)
    assert len(model.asked) == 3


async def test_no_text_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await Notes(scripted()).on(PARAGRAPH, 5)
    assert "harbour" not in caplog.text
    assert "berth" not in caplog.text


async def review_with(notes: Notes, model: ScriptedTextModel, **settings: object) -> Review:
    manuscript = Manuscript("file:///story.md", 1, Rope.of(PARAGRAPH))
    found = await review(
        Critic(),
        model,
        manuscript,
        0,
        Wishes(CritiqueSettings(**settings)),  # type: ignore[arg-type]  # names of settings
        notes=notes,
        note_seconds=0.01,
    )
    assert found is not None
    return found


async def test_the_rules_do_not_wait_for_a_note() -> None:
    model = scripted(seconds_a_word=3600)
    notes = Notes(model)
    for scores in (1, 1):  # the model is busy the second time, and is not asked for what would come too late
        found = await review_with(notes, model, also=("predictable",))
        assert [finding.kind for finding in found.findings] == ["passive"]
        assert found.note == ""
        assert [kind for kind, _ in model.asked] == [Kind.CRITIQUE] * (scores + 1)
    notes.stop()


async def test_a_note_comes_with_the_findings() -> None:
    model = scripted()
    notes = Notes(model)
    await review_with(notes, model)
    await notes.on(PARAGRAPH, 5)
    assert (await review_with(notes, model)).note == NOTE


async def test_notes_switched_off() -> None:
    model = scripted()
    assert (await review_with(Notes(model), model, note=False)).note == ""
    assert model.asked == []


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (NOTE, NOTE),
        (f"  {NOTE} And a third sentence that nobody reads.\n\nMore.", NOTE),
        (NOTE.partition(" cost")[0], NOTE.partition(" Let")[0]),
        (QUOTING, QUOTING),
        ("Nothing finished, and on it goes without an", ""),
        ("Too vague.", ""),
        ("", ""),
        ("Certainly! Ruth only looks on, and nothing is at stake for her.", ""),
        ("The paragraph is well-written and effective, but Ruth only looks on here.", ""),
        ("Margaret only looks on, and nothing is at stake for Margaret here.", ""),
        ("The 300 boats come too suddenly; let the reader count them with her.", ""),
        ("Try “Every night another boat had gone, and Ruth no longer asked” in its place.", ""),
        ("The boats were counted by the harbour master every evening, and Ruth saw the empty berth.", ""),
        ("Nothing here lets the reader measure her doubt.", "Nothing here lets the reader measure her doubt."),
        ("It is too slow. Try: The boats were counted by the harbour master every night.", ""),
        ("It is too slow and it is too slow and it is too slow and it is too slow.", ""),
        ("Ruth ne fait que regarder, et rien n’est en jeu pour elle dans ce paragraphe.", ""),
        ("The harbour master is dull, and " * 7 + "so is the rest of it.", ""),
    ],
)
def test_what_of_an_answer_is_shown(answer: str, shown: str) -> None:
    assert checked(answer, PARAGRAPH, "en") == shown


def test_praise_in_the_words_of_the_paragraph_is_none() -> None:
    """A note was dropped that found “It was really quite beautiful.” too vague."""
    paragraph = "He saw the village below him, with its lights just coming on. It was really quite beautiful."
    note = "The sentence “It was really quite beautiful.” names no single thing that he sees."
    assert checked(note, paragraph, "en") == note
    assert checked(note, PARAGRAPH, "en") == ""


@pytest.mark.slow  # it reads dictionaries
@pytest.mark.parametrize(
    ("language", "paragraph", "note"),
    [
        (
            "de",
            "Die Boote wurden jeden Abend gezählt, und jeden Abend fehlte eines. Ruth sah den leeren Liegeplatz.",
            "Ruth sieht nur zu, und für sie steht nichts auf dem Spiel. Gib dem leeren Platz einen Preis.",
        ),
        (
            "fr",
            "On comptait les bateaux chaque soir, et chaque soir il en manquait un. Ruth voyait la place vide.",
            "Ruth ne fait que regarder, et rien n’est en jeu pour elle. Donnez un prix à cette place vide.",
        ),
        (
            "es",
            "Contaban los barcos cada noche, y cada noche faltaba uno. Ruth veía el sitio vacío desde la ventana.",
            "Ruth solo mira, y para ella no hay nada en juego. Haz que el sitio vacío le cueste algo.",
        ),
        (
            "zh",
            "港务长每天晚上都数一遍船，每天晚上都少一条。她从办公室的窗口看见空着的泊位，已经不再问那是谁的了。",
            "她只是旁观，没有什么利害关系。可以让空泊位使她付出代价。",
        ),
    ],
)
def test_a_note_in_the_language_of_the_text(language: str, paragraph: str, note: str) -> None:
    assert checked(note, paragraph, language) == note
    assert checked(NOTE, paragraph, language) == ""
    *_, asked, begun = prompt_for(paragraph, language)
    assert asked.text.endswith(wordings()[language].question)
    assert (begun.role, begun.text) == ("assistant", wordings()[language].opening)


def test_every_language_of_ours_has_its_question() -> None:
    assert set(wordings()) == set(LANGUAGES)
