"""Samplers on typed-in distributions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.generation import Sampling
from lsp_writer.inference.sampling import (
    discourage,
    exclude_top,
    log_softmax,
    log_sum,
    min_p,
    penalise_repeating,
    penalise_repetition,
    rule_out,
    sampler,
    top_k,
    top_p,
)
from lsp_writer.inference.vocabulary import Vocabulary

PROBABILITIES = np.array([0.5, 0.3, 0.15, 0.05])
LOGITS = np.log(PROBABILITIES)
LETTERS = Vocabulary([b"a", b"b", b"c", b"d"])


def kept(log_probabilities: np.ndarray) -> list[int]:
    return np.flatnonzero(np.isfinite(log_probabilities)).tolist()


def check_choices(sampling: Sampling, expected: set[int]) -> None:
    choose = sampler(sampling, sampling.seed, LETTERS)
    assert {choose(LOGITS, []) for _ in range(2000)} == expected


def test_log_softmax_sums_to_one_and_keeps_what_is_ruled_out() -> None:
    result = log_softmax(np.array([[1.0, 2.0, -np.inf], [0.0, 0.0, 0.0]]))
    assert np.exp(result).sum(axis=-1) == pytest.approx([1, 1])
    assert result[0, 2] == -np.inf


def test_log_sum_is_the_chance_of_any() -> None:
    assert log_sum(LOGITS[1:]) == pytest.approx(np.log(0.5))
    assert log_sum(LOGITS[:0]) == -np.inf
    assert log_sum(np.array([-2000.0, -2000.0])) == pytest.approx(-2000 + np.log(2))


@pytest.mark.parametrize(("k", "expected"), [(1, [0]), (2, [0, 1]), (9, [0, 1, 2, 3])])
def test_top_k(k: int, expected: list[int]) -> None:
    assert kept(top_k(k)(LOGITS)) == expected


@pytest.mark.parametrize(("p", "expected"), [(0.4, [0]), (0.5, [0]), (0.6, [0, 1]), (0.95, [0, 1, 2])])
def test_top_p_keeps_the_token_that_reaches_p(p: float, expected: list[int]) -> None:
    assert kept(top_p(p)(LOGITS)) == expected


def test_top_p_keeps_very_improbable_tokens_too_where_it_takes_them() -> None:
    """One likely token, and ten thousand that have half of the probability among them."""
    log_probabilities = log_softmax(np.array([np.log(10_000), *[0.0] * 10_000]))
    assert len(kept(top_p(0.4)(log_probabilities))) == 1
    assert len(kept(top_p(0.75)(log_probabilities))) == pytest.approx(5001, abs=1)


@pytest.mark.parametrize(("p", "expected"), [(0.7, [0]), (0.5, [0, 1]), (0.2, [0, 1, 2])])
def test_min_p_is_relative_to_the_best(p: float, expected: list[int]) -> None:
    assert kept(min_p(p)(LOGITS)) == expected


def test_the_repetition_penalty_makes_seen_tokens_less_likely_whatever_their_sign() -> None:
    logits = np.array([2.0, -2.0, 1.0])
    assert penalise_repetition(logits, [0, 1, 1], 2.0).tolist() == [1.0, -4.0, 1.0]


@pytest.mark.parametrize(
    ("said", "penalties"),
    [
        ("abcdab", {"c": 1.0}),
        ("abcdabc", {"d": 2.0}),
        ("abcabdab", {"c": 1.0, "d": 1.0}),
        ("xabcyabdxab", {"c": 2.0, "d": 1.0}),
        ("abcdeb", {}),
        ("ab.cab", {}),
        ("ab.cdab.c", {}),
        ("abca.", {}),
        ("a", {}),
        ("aaaa", {"a": 2.0}),
    ],
    ids=[
        "two tokens again",
        "three",
        "two ways to go on",
        "the longest counts",
        "one is allowed",
        "a mark may always come",
        "what stands before a mark does not count",
        "nothing after a mark",
        "one token",
        "a token and no end",
    ],
)
def test_what_would_go_on_repeating_is_the_less_likely_the_longer_it_has(
    said: str, penalties: dict[str, float]
) -> None:
    logits = np.zeros(128, np.float32)
    penalised = penalise_repeating(
        logits, [ord(letter) for letter in said], {ord(".")}, multiplier=1.0, base=2.0, allowed=2
    )
    assert {chr(token): -penalised[token] for token in np.flatnonzero(penalised)} == penalties
    assert not logits.any(), "the model's own are not written to"


def test_no_repetition_is_too_long_for_a_penalty() -> None:
    penalised = penalise_repeating(np.zeros(2, np.float32), [1] * 500, set(), multiplier=1.0, base=9.0, allowed=2)
    assert np.isfinite(penalised).all()
    assert penalised[1] < -1000


@pytest.mark.parametrize(
    ("threshold", "expected"), [(0.1, [2, 3]), (0.2, [1, 2, 3]), (0.4, [0, 1, 2, 3]), (0.9, [0, 1, 2, 3])]
)
def test_of_the_obvious_tokens_the_least_probable_stays(threshold: float, expected: list[int]) -> None:
    assert kept(exclude_top(threshold, set())(LOGITS)) == expected


def test_the_obvious_end_of_a_line_is_not_ruled_out() -> None:
    assert kept(exclude_top(0.1, {0})(LOGITS)) == [0, 1, 2, 3]
    assert kept(exclude_top(0.1, {2})(LOGITS)) == [2, 3], "it was not to go"


def test_the_obvious_is_ruled_out_as_often_as_asked() -> None:
    choose = sampler(Sampling(temperature=1.0, xtc_probability=0.5, xtc_threshold=0.1), 7, LETTERS)
    counts = np.bincount([choose(LOGITS, []) for _ in range(5_000)], minlength=4) / 5_000
    without = np.array([0, 0, 0.15, 0.05]) / 0.2
    assert counts == pytest.approx((PROBABILITIES + without) / 2, abs=0.02)


def test_what_is_ruled_out_is_never_chosen_unless_nothing_else_is_left() -> None:
    assert kept(rule_out(LOGITS, np.array([0, 2]))) == [1, 3]
    assert kept(rule_out(LOGITS, np.array([0, 1, 2, 3]))) == [0, 1, 2, 3]


def test_what_is_discouraged_is_less_likely() -> None:
    lowered = discourage(LOGITS, np.array([0, 0]), 1.0)
    assert (lowered - LOGITS).tolist() == [-1.0, 0, 0, 0], "once, however often it is named"


def test_repeating_is_avoided_without_a_temperature_too() -> None:
    choose = sampler(Sampling(dry_multiplier=1.0, dry_allowed_length=1), 0, LETTERS)
    assert choose(LOGITS, [1, 0, 1]) == 1, "after the second token came the first, which is the likeliest"
    assert choose(LOGITS, [1]) == 0


def test_no_temperature_is_the_best_token() -> None:
    check_choices(Sampling(), {0})


def test_filters_compose() -> None:
    check_choices(Sampling(temperature=1.0, top_k=3, min_p=0.5), {0, 1})
    check_choices(Sampling(temperature=1.0), {0, 1, 2, 3})


def test_sampling_follows_the_distribution() -> None:
    choose = sampler(Sampling(temperature=1.0), 7, LETTERS)
    counts = np.bincount([choose(LOGITS, []) for _ in range(5_000)], minlength=4) / 5_000
    assert counts == pytest.approx(PROBABILITIES, abs=0.02)


@given(st.integers(0, 2**31))
def test_equal_seeds_make_equal_choices(seed: int) -> None:
    sampling = Sampling(temperature=1.3, top_p=0.9, xtc_probability=0.5, dry_multiplier=0.8)
    first, second = sampler(sampling, seed, LETTERS), sampler(sampling, seed, LETTERS)
    assert [first(LOGITS, []) for _ in range(20)] == [second(LOGITS, []) for _ in range(20)]
