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
        # A story may begin so.
        ("I have two days. I will not sleep.", "I have two days. I will not sleep."),
        ("Of course, she knew. Nobody asked.", "Of course, she knew. Nobody asked."),
    ],
)
def test_only_prose_is_left_of_an_answer(answer: str, expected: str) -> None:
    assert cleaned(answer) == expected


def test_quotation_marks_around_a_speech_are_the_speech_s_own() -> None:
    assert cleaned("“I won’t sleep.”", "“I shall not sleep now.”") == "“I won’t sleep.”"


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
    ],
)
def test_a_list_is_its_items(answer: str) -> None:
    assert [item.rstrip(": ") for item in items(answer)] == ["Anna Mehl", "Jonas Reet"]
