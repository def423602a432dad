"""The contracts and number types that a graph may have give the same answers, on the same tiny random weights."""

from __future__ import annotations

import numpy as np
import pytest

from lsp_writer.inference.branches import Branches
from lsp_writer.inference.model import LanguageModel, TokenIds
from lsp_writer.inference.onnx_cache import GrowingCache
from lsp_writer.inference.onnx_model import OnnxModel


def tokens(count: int, seed: int = 0, rows: int = 1) -> TokenIds:
    return np.random.default_rng(seed).integers(3, 250, (rows, count))


def greedy(model: LanguageModel, prompt: TokenIds, count: int) -> list[int]:
    """The most probable tokens, read one by one after a cached prompt."""
    cache = model.new_cache(prompt.shape[1] + count)
    token, decoded = int(model.forward(prompt, cache)[0, -1].argmax()), []
    for _ in range(count):
        decoded.append(token)
        token = int(model.forward(np.array([[token]]), cache)[0, -1].argmax())
    return decoded


@pytest.mark.parametrize("other", ["tiny_copying", "tiny_recording", "tiny_growing"])
def test_every_contract_computes_the_same(tiny: OnnxModel, other: str, request: pytest.FixtureRequest) -> None:
    model: OnnxModel = request.getfixturevalue(other)
    text = tokens(40)
    answer, expected = (each.forward(text, each.new_cache(40), 40) for each in (model, tiny))
    np.testing.assert_allclose(answer, expected, rtol=0, atol=1e-4)
    assert greedy(model, tokens(12), 30) == greedy(tiny, tokens(12), 30)


def test_caches_that_grow_hold_no_more_than_was_read(tiny_growing: OnnxModel) -> None:
    """Room is not memory there: a cache made for 10 ** 12 tokens costs nothing until they are read."""
    cache = tiny_growing.new_cache(10**12)
    assert isinstance(cache, GrowingCache)
    tiny_growing.forward(tokens(10), cache)
    fork = tiny_growing.fork(cache, 1, 5)
    assert isinstance(fork, GrowingCache)
    assert fork.values is cache.values, "nothing is copied for a cache with more room"


def test_16_bit_graphs_answer_in_32_bits_on_the_cpu(tiny: OnnxModel, tiny_half: OnnxModel) -> None:
    text, ends = tokens(20), tokens(3, seed=9, rows=2)
    answers = []
    for model in (tiny_half, tiny):
        cache = model.new_cache(30)
        first = model.forward(text, cache, 20)
        fork = model.fork(cache, 2, 4)
        assert isinstance(fork, Branches)
        answers.append((first, model.forward(ends, fork, 3)))
    for answer, expected in zip(*answers, strict=True):
        assert answer.dtype == np.float32
        np.testing.assert_allclose(answer, expected, rtol=0, atol=0.5)


def test_memory_is_not_planned_for_every_length_that_a_cache_has_had(tiny_growing: OnnxModel, tiny: OnnxModel) -> None:
    """Every new length took 13 KB for good, and there are as many lengths as pasts times passes."""
    planned = [model._session.get_session_options().enable_mem_pattern for model in (tiny_growing, tiny)]
    assert planned == [False, True]
