"""What is left of generated text."""

import pytest

from lsp_writer.features.trimming import trimmed
from lsp_writer.generation import StopReason


def check_trimmed(
    text: str, expected: str, *, before: str = "", after: str = "", ended: StopReason = StopReason.PATTERN
) -> None:
    assert trimmed(text, ended, before, after) == expected


def test_a_finished_sentence_is_left_alone() -> None:
    check_trimmed(" stood empty above the road.", " stood empty above the road.")


@pytest.mark.parametrize("ended", [StopReason.MAX_TOKENS, StopReason.TIME])
def test_a_word_that_may_be_cut_off_is_dropped(ended: StopReason) -> None:
    check_trimmed(" stood empty abo", " stood empty", ended=ended)
    check_trimmed(" stood empty,", " stood empty,", ended=ended)
    check_trimmed(" stood", " stood", ended=ended)


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        (" stood empty.", ".", " stood empty"),
        (" stood empty above", " above the road.", " stood empty"),
        (" stood empty", "y, she said", " stood empty "),
        (" stood empty", " and she said", " stood empty"),
    ],
    ids=["full stop", "word", "a letter is no word", "nothing shared"],
)
def test_the_overlap_with_the_text_after_the_caret_goes(text: str, after: str, expected: str) -> None:
    check_trimmed(text, expected, after=after)


@pytest.mark.parametrize("text", [" android.com/A/A", " -_1000000", " <div>", " the-world-is-a-world", " a/b"])
def test_what_is_no_prose_is_not_offered(text: str) -> None:
    """On an empty page “The ” was continued by “android.com/A/A”."""
    check_trimmed(text, "")
    check_trimmed(f" He left. {text.strip()} and", " He left.", ended=StopReason.LOOP)


@pytest.mark.parametrize(
    "text", [" well-to-do and half-past nine.", " 3.50 in all.", " the U.S. Navy.", " “No,” he said."]
)
def test_prose_with_marks_in_it_is_prose(text: str) -> None:
    check_trimmed(text, text)


def test_a_loop_is_cut_back_to_the_clause_before_it() -> None:
    """“acres of land, and a house, with a garden, and a garden, and a garden, and”"""
    looped = " acres of land, and a house, with a garden, and a garden, and a garden, and"
    check_trimmed(looped, " acres of land, and a house, with a garden", ended=StopReason.LOOP)


def test_a_sentence_that_was_just_said_is_not_said_again() -> None:
    before = "Nobody went there after dark. The dogs barked."
    check_trimmed(" Nobody went there after dark.", "", before=before)
    check_trimmed(" Nobody went there before dawn.", " Nobody went there before dawn.", before=before)
