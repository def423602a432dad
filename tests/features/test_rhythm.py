"""A writer's keys and a machine's answers, and what follows from them: how long to wait, and when to answer."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.rhythm import Rhythm

#: Where a sentence's keys lie about the usual interval: letters are quick, and spaces and new words slower.
UNEVEN = (0.8, 0.9, 1.0, 1.0, 1.1, 0.9, 1.2, 1.6)


def rhythm(intervals: Iterable[float], answers: Iterable[float] = ()) -> Rhythm:
    writer = Rhythm()
    for at in itertools.accumulate(intervals, initial=100.0):
        writer.key(at)
    for took in answers:
        writer.answered(took)
    return writer


def typing(usual: float, keys: int = 64) -> list[float]:
    return [usual * share for share, _ in zip(itertools.cycle(UNEVEN), range(keys), strict=False)]


def check_rhythm(writer: Rhythm, *, delay: float, patience: float) -> None:
    """Within a tenth."""
    assert writer.delay() == pytest.approx(delay, rel=0.1)
    assert writer.patience() == pytest.approx(patience, rel=0.1)


def test_before_anything_is_known_a_steady_typist_is_assumed_and_asked_for_at_once() -> None:
    check_rhythm(rhythm([0.9]), delay=0.0, patience=0.12)


@pytest.mark.parametrize(
    ("usual", "patience"),
    [
        pytest.param(0.15, 0.09, id="steady"),
        pytest.param(0.06, 0.04, id="very quick: no earlier than an answer can be made"),
        pytest.param(0.4, 0.24, id="slow"),
        pytest.param(0.9, 0.4, id="hunt and peck: a suggestion does not hang back for ever"),
    ],
)
def test_a_machine_that_keeps_up_is_asked_at_every_key(usual: float, patience: float) -> None:
    check_rhythm(rhythm(typing(usual), [0.05] * 8), delay=0.0, patience=patience)


@pytest.mark.parametrize(
    ("usual", "answers", "delay"),
    [
        pytest.param(0.15, 0.25, 0.18, id="steady"),
        pytest.param(0.06, 0.25, 0.072, id="very quick"),
        pytest.param(0.9, 1.2, 0.6, id="hunt and peck: the pause waited for has an end"),
    ],
)
def test_a_slower_machine_is_asked_only_when_the_writer_pauses(usual: float, answers: float, delay: float) -> None:
    writer = rhythm(typing(usual), [answers] * 8)
    chosen = writer.delay()
    assert chosen == pytest.approx(delay, rel=0.1)
    waited = [interval for interval in typing(usual) if interval > chosen]
    assert usual > 0.6 or len(waited) < len(typing(usual)) / 4, "most keys do not trouble the model"


def test_the_writers_word_goes_before_what_was_learnt() -> None:
    writer = rhythm(typing(0.15), [0.25] * 8)
    assert [writer.delay(milliseconds) for milliseconds in (0, 75, 2000)] == [0.0, 0.075, 2.0]
    assert writer.delay(None) == writer.delay() > 0


def test_after_a_key_on_its_own_no_other_is_expected_soon() -> None:
    check_rhythm(Rhythm(), delay=0.0, patience=0.4)
    check_rhythm(rhythm([]), delay=0.0, patience=0.4)
    check_rhythm(rhythm([*typing(0.15), 5.0]), delay=0.0, patience=0.4)


def test_pauses_for_thought_are_no_part_of_it() -> None:
    words = [interval for _ in range(8) for interval in (60.0, 4.0, *typing(0.15, 6))]
    check_rhythm(rhythm(words, [0.25] * 8), delay=0.165, patience=0.09)


def test_keys_that_were_held_up_and_came_at_once_are_no_part_of_it() -> None:
    """While the server was busy, keys waited in its pipe, and the writer seemed to type a thousand letters a second."""
    held_up = [interval for _ in range(8) for interval in (*typing(0.15, 6), 0.5, 0.001, 0.001, 0.001)]
    assert rhythm(held_up).patience() == pytest.approx(0.09, rel=0.1)


def test_a_few_slow_answers_change_nothing_and_a_slower_machine_is_noticed_within_a_sentence() -> None:
    writer = rhythm(typing(0.15), [0.05] * 8)
    for _ in range(4):
        writer.answered(3.0)
    assert writer.delay() == 0.0
    for _ in range(4):
        writer.outrun()
    assert writer.delay() > 0.0


def test_the_first_answers_may_be_late() -> None:
    """In a document just opened, the model had a page to read before it could answer, was taken for slow by the fifth
    key, and the first suggestion came a pause later than it could have."""
    writer = rhythm(typing(0.15))
    for _ in range(7):
        writer.outrun()
        assert writer.delay() == 0.0


def test_a_machine_that_was_busy_for_a_while_is_believed_again_after_three_pauses() -> None:
    writer = rhythm(typing(0.15))
    for _ in range(8):
        writer.outrun()
    assert writer.delay() > 0.0
    for _ in range(3):
        writer.answered(0.06)
    assert writer.delay() == 0.0


def test_a_machine_that_is_too_slow_is_tried_again_every_eighth_time() -> None:
    writer = rhythm(typing(0.15), [0.3] * 8)
    delays = [writer.delay() for _ in range(16)]
    assert [place for place, delay in enumerate(delays, 1) if delay == 0.0] == [8, 16]


def test_a_change_of_pace_is_followed_within_a_sentence() -> None:
    check_rhythm(rhythm([*typing(0.4), *typing(0.1, 33)]), delay=0.0, patience=0.06)


@given(st.lists(st.floats(0, 1e6)), st.lists(st.floats(0, 1e3)), st.one_of(st.none(), st.integers(0, 2000)))
def test_whatever_happens_both_stay_in_bounds(intervals: list[float], answers: list[float], fixed: int | None) -> None:
    writer = rhythm(intervals, answers)
    assert 0.04 <= writer.patience() <= 0.4
    assert 0.0 <= writer.delay() <= 0.6
    assert 0.0 <= writer.delay(fixed) <= 2.0
