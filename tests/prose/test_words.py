"""Words: counting, and what token healing backs over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.words import count_words, half_typed, is_inside_word, reading_seconds, word_spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Don't stop.", ["Don't", "stop"]),
        ("the boys’ well-kept *coats*", ["the", "boys", "well-kept", "coats"]),
        ("'Tis _his_ 2nd", ["Tis", "his", "2nd"]),
        ("naïve café—no", ["naïve", "café", "no"]),
        ("下雨 rain", ["下", "雨", "rain"]),
        ("🙂 … —", []),
        ("cafe\u0301 हिन्दी می\u200cخواهم", ["cafe\u0301", "हिन्दी", "می\u200cخواهم"]),
        ("👩\u200d🚀", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [text[span.start : span.end] for span in word_spans(text)] == words
    assert count_words(text) == len(words)


def test_reading_time() -> None:
    assert reading_seconds(0) == 0
    assert reading_seconds(260) == 60


@pytest.mark.parametrize(
    ("before", "typed"),
    [
        ("the old ", " "),
        ("the old hou", " hou"),
        ("end.\n\nTh", "\n\nTh"),
        ("end.\n\n", "\n\n"),
        ("hou", "hou"),
        ("", ""),
        ("end.", ""),
        ("she didn’", " didn’"),
        ("a well-kn", "kn"),
        ("“Th", "Th"),
        ("said 'Th", "Th"),
        ("*ver", "ver"),
        ("他走", ""),
        ("在Lon", "Lon"),
        ("他走 ", " "),
        ("안녕하", "안녕하"),
        ("au cafe\u0301", " cafe\u0301"),
        ("वह हिन्दी", " हिन्दी"),
        ("שָׁלוֹ", "שָׁלוֹ"),
        ("a" * 48, "a" * 48),
        ("a" * 49, ""),
    ],
)
def test_half_typed(before: str, typed: str) -> None:
    assert half_typed(before) == typed


@given(st.text(alphabet="ab ’'-\n。走🙂.", max_size=80))
def test_the_prompt_and_what_is_typed_make_the_text(before: str) -> None:
    typed = half_typed(before)
    assert before.endswith(typed)
    assert len(typed) <= 48
    assert not before.removesuffix(typed).endswith((" ", "\n")) or not typed


@pytest.mark.parametrize(
    ("marked", "inside"),
    [
        ("hou$0se", True),
        ("the old $0house", False),
        ("The end$0.", False),
        ("cafe$0\u0301", True),
        ("then$0't", True),
        ("the$0’re", True),
        ("the boys$0’ ", False),
        ("he said$0’", False),
        ("👩$0\u200d🚀", True),
        ("房$0子里没有人。", False),
        ("$0e", False),
    ],
)
def test_where_a_caret_parts_a_word(marked: str, inside: bool) -> None:
    """Ghost text came between a letter and its accent, and in the middle of “then’t”."""
    before, _, after = marked.partition("$0")
    assert is_inside_word(before, after) == inside
