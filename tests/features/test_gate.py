"""What of a continuation is shown, and the reason when nothing is."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.calibration import PRIOR, Calibration
from lsp_writer.features.gate import Shown, Withheld, doubted, gate, least_sure, place_of
from lsp_writer.generation import Piece
from lsp_writer.prose.words import half_typed

#: Believes the model, so that the figures below are what the gate reckons with.
TRUSTING = Calibration(learnt=tuple(wanted - prior for wanted, prior in zip((0, 1, 0, 0, 0, 0), PRIOR, strict=True)))


def pieces_of(said: str) -> tuple[str, list[Piece]]:
    """The text of `said`, in which each piece carries its probability in per cent: ` house/80 stood/50`."""
    pieces = [
        Piece(text, math.log(int(chance) / 100))
        for text, chance in re.findall(r"(.+?)/(\d+)(?=\D|\Z)", said, re.DOTALL)
    ]
    return "".join(piece.text for piece in pieces), pieces


def verdict(
    passage: str, said: str, half_word: str = "", *, joint: str = "", invoked: bool = False
) -> Shown | Withheld:
    text, pieces = pieces_of(said)
    return gate(text + joint, pieces, place_of(passage, half_word), TRUSTING, invoked=invoked)


def check_shown(said: str, expected: str, *, half_word: str = "", joint: str = "", invoked: bool = False) -> None:
    answer = verdict(f"The old {half_word}", said, half_word, joint=joint, invoked=invoked)
    assert isinstance(answer, Shown), answer
    assert answer.text == expected


def check_withheld(said: str, reason: str, *, half_word: str = "", invoked: bool = False) -> None:
    answer = verdict(f"The old {half_word}", said, half_word, invoked=invoked)
    assert isinstance(answer, Withheld), answer
    assert answer.reason == reason


def test_a_sentence_of_which_every_word_is_likely_is_shown_whole() -> None:
    check_shown("house/90 stood/80 empty/90./90", "house stood empty.")


def test_it_stops_where_the_stretch_gets_unlikely() -> None:
    check_shown("house/90 stood/80 empty/5 still/99./90", "house stood")
    check_shown("house/90 stood/40 empty/40 all/40 day/40 long/40", "house stood empty")


def test_an_unlikely_first_word_is_not_shown_however_sure_the_rest() -> None:
    check_withheld("house/29 stood/99 empty./99", "not sure enough of the next word (29%)")
    check_shown("house/31", "house")


def test_what_more_text_cannot_change_is_settled() -> None:
    """After the last letter of a word the model was heard to the end of its sentence, and then nothing was shown."""
    unlikely, too_little = verdict("The old ", "house/29"), verdict("The old hous", "e/90 stood/1", "hous")
    assert isinstance(unlikely, Withheld)
    assert isinstance(too_little, Withheld)
    assert unlikely.settled
    assert too_little.settled
    assert verdict("The old hous", "e/90", "hous") == Withheld("there is too little left to type")


def test_the_tokens_of_one_word_count_together() -> None:
    check_withheld("hou/50sehold/50", "not sure enough of the next word (25%)")
    check_shown("se/90hold/50", "sehold", half_word="hou")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("house/90 stood/80 empty/80,/90 and/80 dogs/50 barked/5", "house stood empty"),
        ("house/90,/90 and/80 the/80 dogs/80 kept/80 away/80", "house, and the dogs kept away"),
        ("house/90 in/80 the/80", "house"),
        ("house/90 of/80 the/80 heir/1", "house"),
        ("of/90 the/80 heir/1", "of the"),
    ],
    ids=["a clause", "too short a clause", "cut off", "leaning words", "nothing but leaning words"],
)
def test_it_ends_at_a_clause_and_not_in_the_air(said: str, expected: str) -> None:
    check_shown(said, expected)


def test_what_joins_the_text_after_the_caret_is_not_cut_back() -> None:
    check_shown("house/90 in/80 the/80", "house in the ", joint=" ")
    check_shown("house/90 in/80 the/2", "house ", joint=" ")


@pytest.mark.parametrize(("said", "half_word"), [("e/99", "hous"), ("./99", "house"), ("a/99", "")])
def test_what_is_typed_as_quickly_as_accepted_is_not_shown(said: str, half_word: str) -> None:
    check_withheld(said, "there is too little left to type", half_word=half_word)


def test_who_asks_is_shown_what_there_is() -> None:
    check_shown("house/5 stood/5 empty/5./90", "house stood empty.", invoked=True)
    check_shown("house/5 stood/5 in/5 the/5", "house stood", invoked=True)
    check_shown("e/50", "e", half_word="hous", invoked=True)


def test_chinese_is_cut_by_the_character() -> None:
    check_shown("房/90子/80空/2着/90", "房子")


def test_the_first_word_alone_is_judged_as_it_will_be_with_the_rest() -> None:
    place = place_of("The old ", "")
    assert doubted(math.log(0.29), place, TRUSTING) == Withheld("not sure enough of the next word (29%)", settled=True)
    assert doubted(math.log(0.31), place, TRUSTING) is None


habits = st.builds(Calibration, learnt=st.tuples(*[st.floats(-0.9, 0.9)] * 6), suggestions=st.just(1), kept=st.just(0))


@given(habits, st.sampled_from(["", "The ol", "He left. Sh", "“He left. "]), st.floats(-12, 0))
def test_a_model_told_to_end_at_a_doubtful_word_ends_at_no_other(
    calibration: Calibration, passage: str, log_probability: float
) -> None:
    place = place_of(passage, half_typed(passage).lstrip())
    least = least_sure(place, calibration)
    if log_probability < least:
        assert doubted(log_probability, place, calibration)
    elif log_probability > least + 0.01:
        assert not doubted(log_probability, place, calibration) or least == -math.inf


@pytest.mark.parametrize(
    ("passage", "half_word", "opens_sentence", "spoken"),
    [
        ("", "", True, False),
        ("The ol", "ol", False, False),
        ("He left. Sh", "Sh", True, False),
        ("“He left.” ", "", True, False),
        ("He left.\n\nSh", "Sh", True, False),
        ("“He left. ", "", True, True),
        ('"No," he said, "not the', "the", False, True),
        ("“No,” he said, n", "n", False, False),
        ("“No,” he said.\n\nThe ", "", False, False),
    ],
)
def test_what_is_noticed_of_the_place(passage: str, half_word: str, opens_sentence: bool, spoken: bool) -> None:
    place = place_of(passage, half_word)
    assert (place.opens_sentence, place.spoken) == (opens_sentence, spoken)


def test_what_is_told_of_each_word_for_learning() -> None:
    answer = verdict("“He left. Th", "e/90 old/80 house/70", "Th")
    assert isinstance(answer, Shown)
    first, second, third = answer.words
    assert (first.half_typed, first.opens_sentence, first.spoken, first.later) == (True, True, True, False)
    assert (second.half_typed, second.opens_sentence, second.spoken, second.later) == (False, False, True, True)
    assert third.log_probability == pytest.approx(math.log(0.7))
    assert answer.chance == pytest.approx(0.9)
    assert answer.words_expected == pytest.approx(0.9 + 0.9 * 0.8 + 0.9 * 0.8 * 0.7)


said = st.lists(
    st.tuples(st.sampled_from([" the", " house", "s", ",", ".", " ”", "-", "\n\n", "房"]), st.integers(1, 99))
)


@given(said, st.sampled_from(["", "ho", "the"]), st.sampled_from(["", " "]), st.booleans())
def test_what_is_shown_is_a_beginning_in_whole_words(
    tokens: list[tuple[str, int]],
    half_word: str,
    joint: str,
    invoked: bool,
) -> None:
    pieces = [Piece(text, math.log(chance / 100)) for text, chance in tokens]
    text = "".join(piece.text for piece in pieces).rstrip()
    answer = gate(text + joint, pieces, place_of(half_word, half_word), TRUSTING, invoked=invoked)
    if isinstance(answer, Shown):
        body = answer.text.removesuffix(joint)
        assert text.startswith(body)
        assert not (
            body[-1:].isascii()
            and body[-1:].isalnum()
            and text[len(body) :][:1].isascii()
            and text[len(body) :][:1].isalnum()
        )
        assert 0 < answer.chance <= 1
        assert 0 < answer.words_expected <= len(answer.words)
