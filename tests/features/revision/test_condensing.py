"""A passage made shorter: what is left out, and what never is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.revision.commission import Commission
from lsp_writer.features.revision.condensing import condensed
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.reading import Reading
from lsp_writer.features.revision.work import Work
from lsp_writer.generation import JobKey, Kind
from tests.features.revision.commissions import carried_out
from tests.scripted_text_model import ScriptedTextModel


async def condensed_in(language: str, passage: str) -> str:
    """`passage`, in a language that its letters need not tell, after nothing and before “She left.”"""
    model = ScriptedTextModel()
    model.start()
    reading = Reading(passage=passage, before="", after="She left.", language=language)
    work = Work(
        model, JobKey("x", Kind.REVISION), Commission(entry=shipped().find("condense")), reading, lambda _: None
    )
    return (await condensed(work, passage, "She left."))[0][0]


async def check_condensed(passage: str, expected: str) -> None:
    _, text = await carried_out(f"Before.\n\n|{passage}|\n\nAfter.", "condense")
    assert text == f"Before.\n\n{expected}\n\nAfter."


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("It was really quite dark, and he was very tired of it.", "It was dark, and he was tired of it."),
        ("Suddenly the very large door opened. It was very cold.", "The large door opened. It was cold."),
        ("She carried the heavy lantern with red glass.", "She carried the heavy lantern."),
        (
            "He looked at me as though I had asked for it. The floor was strewn with straw.",
            "He looked at me. The floor was strewn with straw.",
        ),
        (
            "He sat down on a wall, which was covered in moss, and looked out over the bay.",
            "He sat down on a wall and looked out over the bay.",
        ),
        ("Sie war wirklich sehr müde und ging plötzlich langsam nach Hause.", "Sie war müde und ging nach Hause."),
        ("他突然非常慢慢地走到门口，轻轻地敲了敲门。", "他走到门口，敲了敲门。"),
    ],
)
async def test_what_only_fills_or_adds_is_left_out(passage: str, expected: str) -> None:
    await check_condensed(passage, expected)


async def test_a_sentence_that_tells_nothing_new_goes() -> None:
    again = "The letter was a letter that Mara had opened and read."
    await check_condensed(
        f"Mara opened the letter and read it twice. {again} She put her coat on.",
        "Mara opened the letter and read it twice. She put her coat on.",
    )


async def test_a_sentence_that_the_next_one_speaks_of_stays() -> None:
    """“There is a light on in the hall” went, and “I know I turned it off” stayed."""
    there = "There is a light in the long hall. I know that I turned it off."
    _, text = await carried_out(f"|I take the stairs and stop. {there} I put the shopping down.|", "condense")
    assert "There is a light" in text or "turned it off" not in text


@pytest.mark.parametrize(
    "kept",
    [
        "“It is very, very cold,” said Anton.",
        "He was not really sure.",
        "Nobody simply came.",
        "It was the very same day.",
    ],
)
async def test_speech_and_negations_are_left_alone(kept: str) -> None:
    """“He was not really sure” lost its “not” to a rewrite by the model."""
    dark = "It was really very dark, and quite cold, and rather late in the evening."
    _, text = await carried_out(f"|{kept} {dark}|", "condense")
    assert kept in text


WORDS = ["very", "Mara", "the", "letter", "which", "was", "not", "12", "really", "said", "read", "old"]


@given(st.lists(st.sampled_from([*WORDS, ",", ".", ". “No,” he said."]), min_size=4, max_size=40))
async def test_nothing_is_ever_written_that_was_not_there(pieces: list[str]) -> None:
    passage = re.sub(r" ([,.])", r"\1", " ".join(pieces))
    model = ScriptedTextModel()
    model.start()
    reading = Reading(passage=passage, before="", after="She left.")
    commission = Commission(entry=shipped().find("condense"))
    work = Work(model, JobKey("x", Kind.REVISION), commission, reading, lambda _: None)
    texts, _ = await condensed(work, passage, "She left.")
    for text in texts:
        left = iter(re.findall(r"\w+", passage.casefold()))
        assert all(word in left for word in re.findall(r"\w+", text.casefold())), "the same words, in the same order"
        assert "12" in text or "12" not in passage


@pytest.mark.parametrize(
    "kept",
    [
        "He moved quickly and quietly through the house.",
        "He would rather die than sell the house.",
        "He did not want to come in slowly.",
        "He ran so quickly that he fell.",
        "Quite a few of them came.",
        "The car was very.",
        "In the dark, something moved.",
        "After the war, everything changed.",
        "On tables, chairs, and floors, papers lay.",
        "To be, or not to be.",
        "Das Auto war langsam, und der Weg war weit.",
        "Er sah den Hund, die Katze und das Pferd.",
        "Il mangea un peu de pain à la table.",
        "他的年纪相当于我的父亲。",
    ],
)
async def test_what_only_looks_like_a_filler_stays(kept: str) -> None:
    """“He moved quickly and quietly” became “He moved and”."""
    assert await condensed_in(_language(kept), kept) == kept


def _language(text: str) -> str:
    return next(
        (code for code, mark in (("de", "Auto"), ("de", "Hund"), ("fr", "mangea"), ("zh", "他")) if mark in text), "en"
    )


@pytest.mark.parametrize(
    ("passage", "shorter"),
    [
        ("She had, in fact, forgotten the key.", "She had forgotten the key."),
        ("He was, of course, late for the train.", "He was late for the train."),
        ("She folded it, slowly, and put it in her bag.", "She folded it and put it in her bag."),
    ],
)
async def test_a_filler_between_commas_goes_with_both(passage: str, shorter: str) -> None:
    _, text = await carried_out(f"|{passage}|", "condense")
    assert text == shorter


@pytest.mark.parametrize(
    ("passage", "shorter"),
    [
        ("He waited… quietly, she left.", "He waited… she left."),
        ("He waited… Suddenly she left.", "He waited… She left."),
    ],
)
async def test_a_capital_comes_only_from_what_is_left_out(passage: str, shorter: str) -> None:
    """“He waited… quietly, she left” became “He waited… She left”: an ellipsis was taken for the end of a sentence."""
    _, text = await carried_out(f"|{passage}|", "condense")
    assert text == shorter


@pytest.mark.parametrize(
    "kept",
    [
        "Maria chiuse la porta, in silenzio come ogni sera, e andò a sedersi.",
        "Maria deed de deur dicht, in stilte zoals elke avond, en ging zitten.",
    ],
)
async def test_nothing_is_known_of_a_language_without_a_list(kept: str) -> None:
    """“Maria chiuse la porta, in silenzio come ogni sera” lost its silence to the English list, which has “in”."""
    assert await condensed_in("", kept) == kept


@pytest.mark.parametrize(
    "kept",
    [
        "这一切来得太突然了。",
        "他的死很突然，谁也没有料到。",
        "那是当然的事。",
        "雨来得突然，她没有带伞。",
        "突然间，灯灭了。",
        "这是理所当然的，他是个名副其实的船长。",
    ],
)
async def test_what_is_said_of_a_thing_is_no_filler(kept: str) -> None:
    """「来得太突然了」 became 「来得太了」, and 「他的死很突然」 became 「他的死很」."""
    assert await condensed_in("zh", kept) == kept


@pytest.mark.parametrize(
    ("passage", "shorter"),
    [
        ("他突然站了起来，终于开口了。", "他站了起来，开口了。"),
        ("她非常高兴，轻轻地关上门。", "她高兴，关上门。"),
    ],
)
async def test_what_only_fills_in_chinese_is_left_out(passage: str, shorter: str) -> None:
    assert await condensed_in("zh", passage) == shorter
