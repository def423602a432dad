"""What is stripped from a model's answer."""

from __future__ import annotations

import pytest

from lsp_writer.features.revision.cleaning import cleaned, items


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Tom waited.", "Tom waited."),
        ("Here's a revised version of the passage:\n\nTom waited.", "Tom waited."),
        ("I'll keep the original passage. Here's the edited version:\nTom waited.", "Tom waited."),
        ("Sure!\n\nTom waited.", "Tom waited."),
        ("Hier ist der Absatz:\n\nTom wartete.", "Tom wartete."),
        ("Voici le texte : Tom attendait.", "Tom attendait."),
        ("Aquí tienes el pasaje:\n\nTom esperaba.", "Tom esperaba."),
        ("以下是改写后的段落：\n\n他等着。外面下雨。", "他等着。外面下雨。"),
        ("Tom waited.\n\nThe phrase “Tom waited” is an example of subjective storytelling.", "Tom waited."),
        ("Tom waited. The narrative does not tell what he felt.", "Tom waited."),
        ("Tom waited. He lit his", "Tom waited."),
        ("Tom\nwaited.", "Tom waited."),
        ('"Tom waited."', "Tom waited."),
        ("“Go,” said Tom. “Now.”", "“Go,” said Tom. “Now.”"),
        ("## Noir\n\nTom waited.", "Tom waited."),
        ("Here's what I can do for you", ""),
        ("", ""),
        ("Sure! Here is the revised text: Tom waited.", "Tom waited."),
        ("Here is what I made of it\n\nTom waited.", "Tom waited."),
        ("Here is the revised version.\n\nTom waited.", "Tom waited."),
        ("Here is the house.\n\nIt was old.", "Here is the house."),
        ("Here is the context: nobody came.",) * 2,
        ("I have kept the names:\nTom waited.", "Tom waited."),
        # A story may begin so.
        ("Here is the house. It was old. It had one rule: no light.",) * 2,
        ("I have one rule: Never lie to the sea.",) * 2,
        ("Of course, there was one rule: Never lie to the sea.",) * 2,
        ("Sure, here the road ended. Tom waited.",) * 2,
        ("I have two days. I will not sleep.", "I have two days. I will not sleep."),
        ("Of course, she knew. Nobody asked.", "Of course, she knew. Nobody asked."),
        # A speech ends in every language as it does there, and somebody may be cut short.
        ("Er öffnete die Tür. „Komm!“",) * 2,
        ("Er öffnete die Tür. »Komm!«",) * 2,
        ("Il ouvrit la porte. « Viens ! »",) * 2,
        ("He opened the door. “But I never—”",) * 2,
        ("He opened the door —", ""),
        # What talk has in common with a sentence stays where that stands.
        ("He nodded. Yes. The original passage ended with Yes.", "He nodded. Yes."),
    ],
)
def test_only_prose_is_left_of_an_answer(answer: str, expected: str) -> None:
    assert cleaned(answer) == expected


def test_quotation_marks_around_a_speech_are_the_speech_s_own() -> None:
    assert cleaned("“I won’t sleep.”", "“I shall not sleep now.”") == "“I won’t sleep.”"


def test_a_letter_keeps_whom_it_is_to() -> None:
    """“Querida Ana:” was taken for what a model says before its answer."""
    letter = "Querida Ana:\n\nHoy llegué tarde.\n\nTuyo,\nTomás"
    assert cleaned(letter, form="lines") == letter
    assert cleaned(f"The revised letter as a text:\n{letter}", form="lines") == letter


def test_who_tells_of_readers_may_go_on_doing_so() -> None:
    """The last line of a haiku was lost, for it told of the reader in the passage."""
    haiku = "The lamp is still on.\nRain turns one page, then the next,\nthe reader asleep."
    assert cleaned(haiku, form="lines", known="The reader had fallen asleep over the book.") == haiku


def test_a_passage_s_own_beginning_is_no_preamble() -> None:
    """A passage began with a letter’s first line, “I have one rule:”, and the rewrite lost it."""
    passage = "I have one rule:\nNever lie to the sea."
    assert cleaned("I have one rule:\nLie to no sea.", passage) == "I have one rule: Lie to no sea."


def test_a_poem_keeps_its_first_line() -> None:
    """A haiku that began with “Here is the ice going,” came without it."""
    haiku = "Here is the ice going,\nslow under the iron bridge.\nNobody looks up."
    assert cleaned(haiku, form="lines") == haiku


def test_lines_stay_apart() -> None:
    haiku = "A letter, salt-stained.\nThe hens are quiet tonight.\nRain behind the clock."
    assert cleaned(f"Here is a haiku:\n\n{haiku}\n\nI hope this helps!", form="lines") == haiku


@pytest.mark.parametrize(
    "answer",
    [
        "1. Anna Mehl\n2. Jonas Reet\n",
        "Here are some names:\n\n- Anna Mehl\n- Jonas Reet\n- Anna Mehl\n\nLet me know if you want more!",
        "* **Anna Mehl**\n* **Jonas Reet**",
        "a) Anna Mehl\nb) Jonas Reet",
        "1、Anna Mehl\n2、Jonas Reet",
        "1．Anna Mehl\n2．Jonas Reet",
    ],
)
def test_a_list_is_its_items(answer: str) -> None:
    assert items(answer) == ["Anna Mehl", "Jonas Reet"]


def test_an_item_keeps_its_emphasis_and_what_its_label_says() -> None:
    """“*The Lamp* was out.” came as “The Lamp* was out.”"""
    answer = "- *The Lamp* was out.\n- **The flood:** nobody comes.\n1.5 metres of snow fell."
    assert items(answer) == ["*The Lamp* was out.", "The flood: nobody comes."]
