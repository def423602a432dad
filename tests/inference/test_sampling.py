"""Samplers on typed-in distributions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.generation import Sampling
from lsp_writer.inference.sampling import log_softmax, log_sum, min_p, penalise_repetition, sampler, top_k, top_p

PROBABILITIES = np.array([0.5, 0.3, 0.15, 0.05])
LOGITS = np.log(PROBABILITIES)


def kept(log_probabilities: np.ndarray) -> list[int]:
    return np.flatnonzero(np.isfinite(log_probabilities)).tolist()


def check_choices(sampling: Sampling, expected: set[int]) -> None:
    choose = sampler(sampling, sampling.seed)
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


@pytest.mark.parametrize(("p", "expected"), [(0.7, [0]), (0.5, [0, 1]), (0.2, [0, 1, 2])])
def test_min_p_is_relative_to_the_best(p: float, expected: list[int]) -> None:
    assert kept(min_p(p)(LOGITS)) == expected


def test_the_repetition_penalty_makes_seen_tokens_less_likely_whatever_their_sign() -> None:
    logits = np.array([2.0, -2.0, 1.0])
    assert penalise_repetition(logits, [0, 1, 1], 2.0).tolist() == [1.0, -4.0, 1.0]


def test_no_temperature_is_the_best_token() -> None:
    check_choices(Sampling(), {0})


def test_filters_compose() -> None:
    check_choices(Sampling(temperature=1.0, top_k=3, min_p=0.5), {0, 1})
    check_choices(Sampling(temperature=1.0), {0, 1, 2, 3})


def test_sampling_follows_the_distribution() -> None:
    choose = sampler(Sampling(temperature=1.0), seed=7)
    counts = np.bincount([choose(LOGITS, []) for _ in range(20_000)], minlength=4) / 20_000
    assert counts == pytest.approx(PROBABILITIES, abs=0.02)


@given(st.integers(0, 2**31))
def test_equal_seeds_make_equal_choices(seed: int) -> None:
    sampling = Sampling(temperature=1.3, top_p=0.9)
    first, second = sampler(sampling, seed), sampler(sampling, seed)
    assert [first(LOGITS, []) for _ in range(20)] == [second(LOGITS, []) for _ in range(20)]
