"""What a writer's choices change in what is shown to them."""

from __future__ import annotations

import math
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.calibration import Calibration, Evidence, Outcome


def word(probability: float, *, later: bool = False, half_typed: bool = False) -> Evidence:
    return Evidence(log_probability=math.log(probability), later=later, half_typed=half_typed)


def learnt(*outcomes: Outcome) -> Calibration:
    calibration = Calibration()
    for outcome in outcomes:
        calibration = calibration.after(outcome)
    return calibration


def kept(*words: Evidence) -> Outcome:
    return Outcome(words, kept=len(words), refused=False)


def refused(*words: Evidence) -> Outcome:
    return Outcome(words, kept=0, refused=True)


evidence = st.builds(
    Evidence,
    log_probability=st.floats(-1e6, 1e-6),
    later=st.booleans(),
    half_typed=st.booleans(),
    opens_sentence=st.booleans(),
    spoken=st.booleans(),
)
outcomes = st.lists(
    st.lists(evidence, min_size=1, max_size=6).flatmap(
        lambda words: st.builds(Outcome, st.just(tuple(words)), kept=st.integers(0, len(words)), refused=st.booleans())
    ),
    max_size=30,
)


def test_at_first_the_model_is_believed_a_little_less_than_it_believes_itself() -> None:
    assert 0.4 < Calibration().chance(word(0.5)) < 0.5
    assert Calibration().chance(word(0.9)) > 0.8


def test_what_is_kept_becomes_likelier_and_what_is_refused_less_likely() -> None:
    before = Calibration().chance(word(0.5))
    assert learnt(kept(word(0.5))).chance(word(0.5)) > before
    assert learnt(refused(word(0.5))).chance(word(0.5)) < before


def test_twenty_refusals_do_not_silence_it() -> None:
    assert learnt(*[refused(word(0.6))] * 20).chance(word(0.6)) > 0.35


def test_twenty_accepts_do_not_make_it_chatter() -> None:
    assert learnt(*[kept(word(0.5))] * 20).chance(word(0.2)) < 0.3


def test_the_last_hundred_count_and_not_those_of_last_year() -> None:
    changed_mind = learnt(*[refused(word(0.5))] * 500, *[kept(word(0.5))] * 100)
    assert changed_mind.chance(word(0.5)) > Calibration().chance(word(0.5))


def test_a_habit_is_learnt_where_it_shows() -> None:
    """Somebody takes the ends of words and no other suggestion."""
    writer = learnt(*[kept(word(0.5, half_typed=True)), refused(word(0.5))] * 50)
    assert writer.chance(word(0.5, half_typed=True)) > writer.chance(word(0.5)) + 0.1


def test_who_just_stops_has_refused_nothing() -> None:
    words = (word(0.6), word(0.3, later=True))
    stopped, went_on = Outcome(words, kept=1, refused=False), Outcome(words, kept=1, refused=True)
    assert learnt(stopped) == learnt(kept(word(0.6)))
    assert learnt(went_on).chance(words[1]) < learnt(stopped).chance(words[1])
    assert learnt(Outcome(words, kept=0, refused=False)) == Calibration()


def test_it_counts() -> None:
    calibration = learnt(kept(word(0.5)), refused(word(0.5)), kept(word(0.5), word(0.5, later=True)))
    assert (calibration.suggestions, calibration.kept) == (3, 2)


@given(outcomes)
def test_any_history_leaves_it_sound_and_the_same_history_the_same(history: list[Outcome]) -> None:
    calibration = learnt(*history)
    assert calibration.sound
    assert calibration == learnt(*history)
    assert 0 < calibration.chance(word(0.5)) < 1


@given(outcomes)
def test_no_history_silences_what_the_model_is_sure_of_or_shows_what_it_doubts(history: list[Outcome]) -> None:
    calibration = learnt(*history)
    for later, half_typed in product((True, False), repeat=2):
        assert calibration.chance(word(0.7, later=later, half_typed=half_typed)) > 0.3
        assert calibration.chance(word(0.1, later=later, half_typed=half_typed)) < 0.3


@given(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=2).map(sorted), outcomes)
def test_no_history_makes_the_likelier_word_the_less_likely(pair: list[float], history: list[Outcome]) -> None:
    low, high = (learnt(*history).chance(word(probability)) for probability in pair)
    assert low <= high + 1e-12
