"""What the engine relies on, on a tiny random graph and on the real default model.

A pass of one row takes other kernels than a pass of several, and 8-bit kernels differ by more than rounding: every
equality here compares passes of two rows or more.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lsp_writer.errors import ModelUnavailable
from lsp_writer.inference.branches import Branches
from lsp_writer.inference.model import Interrupted, LanguageModel, Logits, TokenIds
from lsp_writer.inference.onnx_cache import OnnxCache, SharedCache
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.opening import OpenedModel
from tests import tiny_model


@pytest.fixture(
    scope="module",
    params=[
        "tiny",
        "tiny_copying",
        "tiny_recording",
        "tiny_growing",
        pytest.param("default", marks=pytest.mark.model),
    ],
)
def model(request: pytest.FixtureRequest) -> OnnxModel:
    if request.param != "default":
        tiny: OnnxModel = request.getfixturevalue(request.param)
        return tiny
    opened: OpenedModel = request.getfixturevalue("default_model")
    return opened.model


def tokens(count: int, seed: int = 0, rows: int = 1) -> TokenIds:
    return np.random.default_rng(seed).integers(3, 250, (rows, count))


def fresh(model: LanguageModel, token_ids: TokenIds, logits_to_keep: int = 1) -> Logits:
    """The answer of a cache that has seen nothing else."""
    rows, count = token_ids.shape
    return model.forward(token_ids, model.new_cache(count, rows), logits_to_keep)


def check_same(answer: Logits, expected: Logits) -> None:
    np.testing.assert_allclose(answer, expected, rtol=0, atol=1e-4)


def check_alike(answer: Logits, expected: Logits) -> None:
    """Equal but for the order of sums: 8-bit activations make much of a rounding error, 32-bit ones do not."""
    for row, other in zip(answer.reshape(-1, answer.shape[-1]), expected.reshape(-1, answer.shape[-1]), strict=True):
        assert np.corrcoef(row, other)[0, 1] > 0.99
    if answer.shape[-1] == tiny_model.GRAPH.vocabulary_size:
        check_same(answer, expected)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=st.lists(st.integers(2, 40), min_size=1, max_size=4))
def test_reading_in_pieces_is_reading_at_once(model: OnnxModel, lengths: list[int]) -> None:
    text = tokens(sum(lengths))
    cache = model.new_cache(text.shape[1])
    for length in lengths:
        answer = model.forward(text[:, cache.length : cache.length + length], cache, length)
    check_same(answer, fresh(model, text, lengths[-1]))


def test_a_rewound_cache_is_a_fresh_one(model: OnnxModel) -> None:
    first, second = tokens(20, seed=1), tokens(20, seed=2)
    cache = model.new_cache(40)
    model.forward(first, cache)
    model.forward(second, cache)
    cache.length = 20
    check_same(model.forward(second[:, :7], cache), fresh(model, np.hstack([first, second[:, :7]])))


def test_what_a_buffer_held_before_does_not_matter(model: OnnxModel) -> None:
    cache = model.new_cache(30)
    spoil(cache)
    check_same(model.forward(tokens(12), cache), fresh(model, tokens(12)))


def spoil(cache: OnnxCache) -> None:
    if isinstance(cache, SharedCache):
        for buffer in cache.buffers.values():
            buffer.numpy()[:] = np.nan


def test_rows_do_not_see_each_other(model: OnnxModel) -> None:
    rows = tokens(16, rows=3)
    together = fresh(model, rows, 16)
    for row, answer in zip(rows, together, strict=True):
        check_same(answer[None], fresh(model, row[None], 16))


def test_the_last_positions_are_kept(model: OnnxModel) -> None:
    check_same(fresh(model, tokens(12), 3), fresh(model, tokens(12), 12)[:, -3:])


def test_a_fork_goes_on_where_its_cache_stood(model: OnnxModel) -> None:
    prefix, ends = tokens(20), tokens(2, seed=3, rows=2)
    cache = model.new_cache(20)
    model.forward(prefix, cache)
    fork = model.fork(cache, 2, 2)
    assert (fork.batch, fork.length, fork.capacity) == (2, 20, 22)

    twice = model.new_cache(22, 2)
    model.forward(np.repeat(prefix, 2, axis=0), twice)
    for column in (0, 1):
        next_tokens = ends[:, column : column + 1]
        check_same(model.forward(next_tokens, fork), model.forward(next_tokens, twice))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_each_row_of_a_fork_answers_as_its_own_text_would(model: OnnxModel, data: st.DataObject) -> None:
    cache, text = model.new_cache(100), tokens(12)
    model.forward(text, cache)
    rows = np.repeat(text, 3, axis=0)
    fork = model.fork(cache, 3, 20)
    for seed in range(3):
        more = tokens(data.draw(st.integers(1, 3)), seed, len(rows))
        answer = model.forward(more, fork)
        rows = np.hstack([rows, more])
        assert (fork.batch, fork.length) == rows.shape
        check_alike(answer, np.concatenate([fresh(model, row[None]) for row in rows]))
        chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=4))
        fork.select(chosen)
        rows = rows[chosen]


def test_a_fork_is_rewound_like_any_cache(model: OnnxModel) -> None:
    cache = model.new_cache(40)
    model.forward(tokens(10), cache)
    fork = model.fork(cache, 2, 10)
    model.forward(tokens(3, rows=2, seed=1), fork)
    fork.length = 11
    more = tokens(2, rows=2, seed=2)
    expected = np.hstack([np.repeat(tokens(10), 2, axis=0), tokens(3, rows=2, seed=1)[:, :1], more])
    check_alike(model.forward(more, fork, 2), fresh(model, expected, 2))


def test_writing_to_a_fork_leaves_its_cache_alone(model: OnnxModel) -> None:
    cache = model.new_cache(30)
    model.forward(tokens(10), cache)
    model.forward(tokens(1, rows=2, seed=4), model.fork(cache, 2, 5))
    more = tokens(5, seed=5)
    check_same(model.forward(more, cache), fresh(model, np.hstack([tokens(10), more])))


@pytest.mark.parametrize(("capacity", "kind"), [(20, Branches), (19, SharedCache)])
def test_a_fork_is_a_copy_only_where_its_rows_do_not_fit(tiny: OnnxModel, capacity: int, kind: type) -> None:
    cache = tiny.new_cache(capacity)
    tiny.forward(tokens(10), cache)
    fork = tiny.fork(cache, 2, 5)
    assert type(fork) is kind
    assert (fork.length, fork.capacity) == (10, 15)
    tiny.forward(tokens(5, rows=2), fork)
    with pytest.raises(ValueError, match="1 tokens do not fit: 15 of 15 are taken"):
        tiny.forward(tokens(1, rows=2), fork)


def test_a_fork_is_lost_when_its_cache_goes_on(tiny: OnnxModel) -> None:
    cache = tiny.new_cache(30)
    tiny.forward(tokens(10), cache)
    fork = tiny.fork(cache, 2, 5)
    tiny.forward(tokens(1), cache)
    with pytest.raises(ValueError, match="the trunk had 10 tokens and now has 11"):
        tiny.forward(tokens(1, rows=2), fork)


def test_several_rows_take_several_tokens_after_a_past(model: OnnxModel) -> None:
    rows, more = tokens(10, rows=2), tokens(3, seed=6, rows=2)
    whole, by_column = model.new_cache(13, 2), model.new_cache(13, 2)
    model.forward(rows, whole)
    model.forward(rows, by_column)
    columns = [model.forward(more[:, i : i + 1], by_column) for i in range(3)]
    check_same(model.forward(more, whole, 2), np.concatenate(columns[1:], axis=1))
    assert whole.length == 13


@pytest.mark.parametrize(
    ("rows", "count", "kept"),
    [(1, 11, 1), (2, 4, 1), (1, 4, 0), (1, 4, 5)],
    ids=["more than fits", "another number of rows", "no logits", "more logits than tokens"],
)
def test_a_pass_that_cannot_be_is_refused(model: OnnxModel, rows: int, count: int, kept: int) -> None:
    cache = model.new_cache(10)
    with pytest.raises(ValueError, match=r"\d"):
        model.forward(tokens(count, rows=rows), cache, kept)
    assert cache.length == 0


def test_an_interrupted_pass_ends_at_once_and_the_cache_is_as_before(
    model: OnnxModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = model.new_cache(1200)
    spoil(cache)
    model.forward(tokens(10), cache)
    run = cache.run

    def interrupt_and_run(options: object) -> None:
        model.interrupt()  # as it begins: another thread may come when a tiny pass is nearly done
        run(options)

    monkeypatch.setattr(cache, "run", interrupt_and_run)
    with pytest.raises(Interrupted):
        model.forward(tokens(1000), cache)
    monkeypatch.undo()
    assert cache.length == 10
    if isinstance(cache, SharedCache):
        last_layer = list(cache.buffers.values())[-1].numpy()
        assert np.isnan(last_layer[:, :, 10:]).all(), "the pass went on to the last layer"
    else:
        assert {value.shape()[2] for value in cache.values.values()} == {10}, "the pass went on to its end"
    more = tokens(5, seed=7)
    check_same(model.forward(more, cache), fresh(model, np.hstack([tokens(10), more])))


def test_an_interrupt_between_two_passes_is_forgotten(model: OnnxModel) -> None:
    model.interrupt()
    check_same(fresh(model, tokens(8)), fresh(model, tokens(8)))


def test_an_interrupt_that_comes_too_late_to_stop_a_pass_leaves_the_cache_as_before(
    model: OnnxModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = model.new_cache(30)
    model.forward(tokens(10), cache)
    run = cache.run

    def run_and_interrupt(options: object) -> None:
        run(options)
        model.interrupt()

    monkeypatch.setattr(cache, "run", run_and_interrupt)
    with pytest.raises(Interrupted):
        model.forward(tokens(6, seed=8), cache)
    monkeypatch.undo()
    assert cache.length == 10
    more = tokens(5, seed=7)
    check_same(model.forward(more, cache), fresh(model, np.hstack([tokens(10), more])))


def test_memory_that_is_not_there_is_said(tiny: OnnxModel) -> None:
    with pytest.raises(ModelUnavailable, match="not enough memory"):
        tiny.new_cache(10**12)


@pytest.mark.model
def test_the_default_model_knows_how_a_sentence_goes_on(default_model: OpenedModel) -> None:
    probe = default_model.manifest.probe
    logits = fresh(default_model.model, np.array([probe.token_ids]))[0, -1]
    assert logits.argmax() == probe.top_ids[0]
