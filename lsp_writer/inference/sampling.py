"""Choosing the next token: small pure functions over one row of logits, composed by `sampler`.

Every filter takes log-probabilities [vocabulary] and returns them with what it rules out at minus infinity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from lsp_writer.generation import Sampling
from lsp_writer.inference.vocabulary import Vocabulary

Floats = npt.NDArray[np.floating[Any]]
Filter = Callable[[Floats], Floats]
#: Takes log-probabilities [vocabulary] and the tokens so far, returns the chosen token id.
Sampler = Callable[[Floats, Sequence[int]], int]

# A longer stretch that is said again, or a higher penalty, would make no difference.
_LONGEST_REPEATED = 50
_WORST_PENALTY = 1e6
# How much less probable than the best a token is, in natural logarithms, that matters to hardly any choice.
_UNLIKELY = -8.0


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
        wanted = p * np.exp(log_probabilities).sum()
        # Sorting all of a vocabulary takes a third of the time of a decode step; these few are nearly always enough.
        ids = np.flatnonzero(log_probabilities > log_probabilities.max() + _UNLIKELY)
        if np.exp(log_probabilities[ids]).sum() < wanted:
            ids = np.arange(log_probabilities.size)
        order = ids[np.argsort(-log_probabilities[ids])]
        mass = np.cumsum(np.exp(log_probabilities[order]))
        return only(log_probabilities, order[: int(np.searchsorted(mass, wanted)) + 1])

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


def penalise_repeating(
    logits: Floats, seen: Sequence[int], breaks: AbstractSet[int], *, multiplier: float, base: float, allowed: int
) -> Floats:
    """Logits with `multiplier * base ** (length - allowed)` taken off each token with which the last `length` tokens of
    `seen`, at least `allowed` of them, were followed before. Neither the tokens in `breaks`, nor what stands before
    them, count as said again.

    After p-e-w, "DRY", text-generation-webui pull request 5677 (2024).
    """
    lengths = _repeated(seen, breaks)
    ids = [token for token, length in lengths.items() if length >= allowed]
    if not ids:
        return logits
    penalised = logits.copy()
    penalised[ids] -= [min(multiplier * base ** (lengths[token] - allowed), _WORST_PENALTY) for token in ids]
    return penalised


def _repeated(seen: Sequence[int], breaks: AbstractSet[int]) -> dict[int, int]:
    """The tokens that have followed the end of `seen` before, and how much of that end stood before them at most."""
    lengths: dict[int, int] = {}
    if not seen or seen[-1] in breaks:
        return lengths
    last, size = seen[-1], len(seen)
    for place in (place for place in range(size - 1) if seen[place] == last):
        following = seen[place + 1]
        if following in breaks:
            continue
        length = 1
        while length < min(_LONGEST_REPEATED, place + 1) and (token := seen[place - length]) == seen[-1 - length]:
            if token in breaks:
                break
            length += 1
        lengths[following] = max(lengths.get(following, 0), length)
    return lengths


def exclude_top(threshold: float, needed: AbstractSet[int]) -> Filter:
    """Rule out all tokens of at least the probability `threshold` but the least probable of them, unless one of those
    that go is `needed`: a line or the text could never end.

    After p-e-w, "Exclude Top Choices (XTC)", text-generation-webui pull request 6335 (2024).
    """

    def keep(log_probabilities: Floats) -> Floats:
        likely = np.flatnonzero(log_probabilities >= np.log(threshold))
        if likely.size < 2:
            return log_probabilities
        excluded = likely[likely != likely[log_probabilities[likely].argmin()]]
        if not needed.isdisjoint(excluded.tolist()):
            return log_probabilities
        rest = log_probabilities.copy()
        rest[excluded] = -np.inf
        return rest

    return keep


def rule_out(logits: Floats, ids: npt.NDArray[np.int64]) -> Floats:
    """The logits without `ids`, or as they are where nothing else is left."""
    masked = logits.copy()
    masked[ids] = -np.inf
    return masked if np.isfinite(masked).any() else logits


def discourage(logits: Floats, ids: npt.NDArray[np.int64], penalty: float) -> Floats:
    """The logits with `penalty` taken off each of `ids`."""
    lowered = logits.copy()
    lowered[ids] -= penalty
    return lowered


def sampler(sampling: Sampling, seed: int, vocabulary: Vocabulary, end_ids: AbstractSet[int] = frozenset()) -> Sampler:
    """The sampler that `sampling` describes, but for its phrases, which are matters of text. Equal seeds make equal
    choices from equal logits."""
    penalties = _penalties(sampling, vocabulary)
    filters = _filters(sampling)
    random = np.random.default_rng(seed)
    exclude: Filter | None = None
    if sampling.xtc_probability > 0:
        exclude = exclude_top(sampling.xtc_threshold, vocabulary.line_breaks | end_ids)

    def choose(logits: Floats, seen: Sequence[int]) -> int:
        for penalise in penalties if seen else ():
            logits = penalise(logits, seen)
        if sampling.temperature == 0:
            return int(logits.argmax())
        log_probabilities = log_softmax(logits / sampling.temperature)
        for keep in filters:
            log_probabilities = keep(log_probabilities)
        log_probabilities = log_softmax(log_probabilities)
        if exclude and random.random() < sampling.xtc_probability:
            log_probabilities = log_softmax(exclude(log_probabilities))
        cumulative = np.exp(log_probabilities.astype(np.float64)).cumsum()
        return int(np.searchsorted(cumulative, random.random() * cumulative[-1], side="right"))

    return choose


def _penalties(sampling: Sampling, vocabulary: Vocabulary) -> list[Callable[[Floats, Sequence[int]], Floats]]:
    found: list[Callable[[Floats, Sequence[int]], Floats]] = []
    if sampling.repetition_penalty != 1:
        found.append(partial(penalise_repetition, penalty=sampling.repetition_penalty))
    if sampling.dry_multiplier > 0:
        found.append(
            partial(
                penalise_repeating,
                breaks=vocabulary.breaks,
                multiplier=sampling.dry_multiplier,
                base=sampling.dry_base,
                allowed=sampling.dry_allowed_length,
            )
        )
    return found


def _filters(sampling: Sampling) -> list[Filter]:
    filters: list[Filter] = []
    if sampling.top_k > 0:
        filters.append(top_k(sampling.top_k))
    if sampling.top_p < 1:
        filters.append(top_p(sampling.top_p))
    if sampling.min_p > 0:
        filters.append(min_p(sampling.min_p))
    return filters
