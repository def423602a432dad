"""Choosing the next token: small pure functions over one row of logits, composed by `sampler`.

Every filter takes log-probabilities [vocabulary] and returns them with what it rules out at minus infinity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lsp_writer.generation import Sampling

Floats = npt.NDArray[np.floating[Any]]
Filter = Callable[[Floats], Floats]
#: Takes log-probabilities [vocabulary] and the tokens so far, returns the chosen token id.
Sampler = Callable[[Floats, Sequence[int]], int]


def log_softmax(logits: Floats) -> Floats:
    """Log-probabilities along the last axis; a row of minus infinities stays one."""
    top = logits.max(axis=-1, keepdims=True)
    shifted = logits - np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def log_sum(log_probabilities: Floats) -> float:
    """The log-probability that any of some tokens comes; minus infinity of none."""
    top = float(log_probabilities.max(initial=-np.inf))
    return top if top == -np.inf else top + float(np.log(np.exp(log_probabilities - top).sum()))


def only(logits: Floats, ids: npt.NDArray[np.int64]) -> Floats:
    """The logits with everything but `ids` ruled out."""
    masked = np.full_like(logits, -np.inf)
    masked[ids] = logits[ids]
    return masked


def top_k(k: int) -> Filter:
    """Keep the `k` most probable tokens."""

    def keep(log_probabilities: Floats) -> Floats:
        if k >= log_probabilities.size:
            return log_probabilities
        least = np.partition(log_probabilities, -k)[-k]
        return np.where(log_probabilities >= least, log_probabilities, -np.inf)

    return keep


def top_p(p: float) -> Filter:
    """Keep the smallest set of tokens whose probabilities sum to at least `p`."""

    def keep(log_probabilities: Floats) -> Floats:
        order = np.argsort(-log_probabilities)
        mass = np.cumsum(np.exp(log_probabilities[order]))
        kept = order[: int(np.searchsorted(mass, p * mass[-1])) + 1]
        return only(log_probabilities, kept)

    return keep


def min_p(p: float) -> Filter:
    """Keep tokens at least `p` times as probable as the most probable one."""

    def keep(log_probabilities: Floats) -> Floats:
        least = log_probabilities.max() + np.log(p)
        return np.where(log_probabilities >= least, log_probabilities, -np.inf)

    return keep


def penalise_repetition(logits: Floats, seen: Sequence[int], penalty: float) -> Floats:
    """Logits of tokens in `seen` divided by `penalty` where positive and multiplied where negative.

    After Keskar et al., "CTRL" (2019), §4.1.
    """
    ids = np.unique(np.asarray(seen, dtype=np.int64))
    penalised = logits.copy()
    penalised[ids] = np.where(logits[ids] > 0, logits[ids] / penalty, logits[ids] * penalty)
    return penalised


def sampler(sampling: Sampling, seed: int) -> Sampler:
    """The sampler that `sampling` describes. Equal seeds make equal choices from equal logits."""
    filters: list[Filter] = []
    if sampling.top_k > 0:
        filters.append(top_k(sampling.top_k))
    if sampling.top_p < 1:
        filters.append(top_p(sampling.top_p))
    if sampling.min_p > 0:
        filters.append(min_p(sampling.min_p))
    random = np.random.default_rng(seed)

    def choose(logits: Floats, seen: Sequence[int]) -> int:
        if sampling.repetition_penalty != 1 and seen:
            logits = penalise_repetition(logits, seen, sampling.repetition_penalty)
        if sampling.temperature == 0:
            return int(logits.argmax())
        log_probabilities = log_softmax(logits / sampling.temperature)
        for keep in filters:
            log_probabilities = keep(log_probabilities)
        probabilities = np.exp(log_softmax(log_probabilities).astype(np.float64))
        cumulative = probabilities.cumsum()
        return int(np.searchsorted(cumulative, random.random() * cumulative[-1], side="right"))

    return choose
