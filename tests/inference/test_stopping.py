"""Where generated text ends, fed piece by piece."""

import pytest

from lsp_writer.generation import StopReason, Stops
from lsp_writer.inference.stopping import Ending, Repetition, is_loop

SENTENCE = r"[.!?]”?(?=\s)"


def check_ends(stops: Stops, generated: str, expected: str, reason: StopReason | None) -> None:
    """Whatever the pieces, the text given out is the same and never taken back."""
    for size in (1, 2, 3, 7, len(generated)):
        ending = Ending(stops)
        given = ""
        for start in range(0, len(generated), size):
            given += ending.feed(generated[start : start + size])
            if ending.reason:
                break
        assert ending.reason == reason
        if reason is None:
            given += ending.flush(StopReason.MAX_TOKENS)
        assert given == expected


@pytest.mark.parametrize(
    ("generated", "expected"),
    [
        (" was dark. She", " was dark."),
        (" said, “Go.” She", " said, “Go.”"),
        (" cost 3.50 in all. He", " cost 3.50 in all."),
    ],
)
def test_the_end_pattern(generated: str, expected: str) -> None:
    check_ends(Stops(max_new_tokens=99, end_pattern=SENTENCE), generated, expected, StopReason.PATTERN)


def test_the_paragraph_ends_at_a_line_break_after_text_and_not_before() -> None:
    stops = Stops(max_new_tokens=99, at_paragraph_end=True)
    check_ends(stops, "\n\nShe left\nHe stayed", "\n\nShe left", StopReason.PARAGRAPH_END)


def test_text_that_repeats_what_stands_after_the_caret_is_never_shown() -> None:
    stops = Stops(max_new_tokens=99, before="was dark and cold.")
    check_ends(stops, "old house was dark and cold.", "old house ", StopReason.SUFFIX)


@pytest.mark.parametrize("after", ["he", "the", "e road"])
def test_a_short_word_after_the_caret_is_found_by_chance_and_stops_nothing(after: str) -> None:
    """With “he” after the caret, “above the road” was cut to “above t”."""
    check_ends(Stops(max_new_tokens=99, before=after), "above the road he knew", "above the road he knew", None)


def test_a_mark_after_the_caret_stops_before_it() -> None:
    check_ends(Stops(max_new_tokens=99, before="."), "above the road. He", "above the road", StopReason.SUFFIX)


def test_what_only_begins_like_the_text_after_the_caret_is_kept() -> None:
    stops = Stops(max_new_tokens=99, before="was dark and cold.")
    check_ends(stops, "old house was da", "old house was da", None)


@pytest.mark.parametrize(
    ("tokens", "looping"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], False),
        ([9, 1, 2, 1, 2, 1, 2], True),
        ([5, 5, 5], False),
        ([5] * 6, True),
        (list(range(25)) + list(range(20)), True),
        (list(range(25)) + list(range(19)), False),
    ],
)
def test_a_loop_is_a_few_tokens_thrice_or_a_long_stretch_twice(tokens: list[int], looping: bool) -> None:
    assert is_loop(tokens) is looping


SENTENCE_OF_15 = "Before the rain she had carried all of the chairs into the old boat house"


@pytest.mark.parametrize(
    ("text", "repeating"),
    [
        (f"{SENTENCE_OF_15}. Then, before the rain, she had carried all of the chairs into the old boat house.", True),
        (f"{SENTENCE_OF_15}. BEFORE THE RAIN SHE HAD CARRIED ALL OF THE CHAIRS INTO THE OLD BOAT shed", True),
        (f"{SENTENCE_OF_15}. Before the rain she had carried all of the chairs into the new boat house.", False),
        ("He looked at the door and then at the wall. " * 2, False),
        ("".join(f"He looked at the door and then at the {it}. " for it in ("wall", "lamp", "clock")), True),
        ("".join(f"He saw the door, and then the {it}. " for it in ("wall", "lamp", "clock")), False),
    ],
    ids=["other marks", "capitals", "a new word", "a refrain", "the third time", "seven words"],
)
def test_a_stretch_of_words_is_not_said_again_whatever_marks_it_has(text: str, repeating: bool) -> None:
    """A model said its sentence over and over, with a comma more each time, until it was cut off."""
    for size in (1, 3, len(text)):
        repetition = Repetition()
        for start in range(0, len(text), size):
            repetition.feed(text[start : start + size])
        assert repetition.found is repeating
