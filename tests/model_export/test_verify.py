"""The measures on distributions typed in by hand, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.model import Cache, Logits, TokenIds
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.opening import answers_probe
from model_export.verify import (
    WINDOW,
    Answers,
    describe,
    graph_difference,
    is_good,
    make_probe,
    reference_answers,
    served_answers,
    windows,
)


def ignore(_: float) -> None:
    """Nobody watches the progress."""


def answers(probability: float, top: int = 0) -> Answers:
    return Answers(np.full(4, np.log(probability)), np.full(4, top))


def test_a_model_that_knows_nothing_is_as_perplexed_as_its_vocabulary_is_large() -> None:
    measured = reference_answers(lambda ids: np.zeros((len(ids), 50), np.float32), [np.arange(10)], ignore)
    assert measured.perplexity == pytest.approx(50)
    assert len(measured.top_ids) == 9  # the first token is given, not predicted


def test_a_model_that_knows_the_text_is_not_perplexed() -> None:
    text = np.array([3, 1, 4, 1, 5])

    def knows(ids: TokenIds) -> Logits:
        logits = np.zeros((len(ids), 10), np.float32)
        logits[np.arange(len(ids) - 1), ids[1:]] = 100
        return logits

    measured = reference_answers(knows, [text], ignore)
    assert measured.perplexity == pytest.approx(1)
    assert measured.top_ids.tolist() == [1, 4, 1, 5]


def test_a_served_model_answers_the_same_however_it_reads(tiny: OnnxModel) -> None:
    stretches = windows(np.random.default_rng(0).integers(0, 256, WINDOW + 40).tolist())

    def at_once(ids: TokenIds) -> Logits:
        logits: Logits = tiny.forward(ids[None], tiny.new_cache(len(ids)), len(ids))[0]
        return logits

    whole = reference_answers(at_once, stretches, ignore)
    for step in (1, 7, 64):
        served = served_answers(tiny, stretches, step, ignore)
        assert served.perplexity == pytest.approx(whole.perplexity, rel=1e-4)
        assert served.agreement(whole) == 1


@pytest.mark.parametrize(
    ("count", "lengths"), [(3, [3]), (WINDOW, [WINDOW]), (WINDOW + 1, [WINDOW]), (700, [512, 188])]
)
def test_windows_leave_no_token_alone(count: int, lengths: list[int]) -> None:
    assert [len(window) for window in windows(range(count))] == lengths


@pytest.mark.parametrize(
    ("beginning", "context_tokens", "lengths"),
    [((7,), 2048, [512, 190]), ((7, 8), 2048, [512, 192]), ((), 300, [300, 300, 100])],
)
def test_windows_begin_as_prompts_do_and_fit_the_model(
    beginning: tuple[int, ...], context_tokens: int, lengths: list[int]
) -> None:
    text = list(range(1000, 1700))
    stretches = windows(text, beginning, context_tokens)
    assert [len(stretch) for stretch in stretches] == lengths
    assert all(tuple(stretch[: len(beginning)]) == beginning for stretch in stretches)
    assert [token for stretch in stretches for token in stretch[len(beginning) :]] == text


@pytest.mark.parametrize("beginning", [(3,), (3, 4, 5)])
def test_what_every_prompt_begins_with_is_read_and_not_scored(tiny: OnnxModel, beginning: tuple[int, ...]) -> None:
    text = np.random.default_rng(0).integers(0, 256, 600).tolist()
    stretches = windows(text, beginning)
    given = len(beginning)
    for step in (1, 2, 64):
        served = served_answers(tiny, stretches, step, ignore, given)
        assert len(served.top_ids) == len(text)
        whole = reference_answers(
            lambda ids: tiny.forward(ids[None], tiny.new_cache(len(ids)), len(ids))[0], stretches, ignore, given
        )
        assert served.perplexity == pytest.approx(whole.perplexity, rel=1e-4)


def test_figures_are_kept() -> None:
    figures = describe(answers(0.5), answers(0.499), answers(0.498, top=1), 0.00012)
    assert figures.tokens == 4
    assert (figures.reference_perplexity, figures.prefill_perplexity, figures.decode_perplexity) == (2, 2.004, 2.008)
    assert (figures.prefill_agreement, figures.decode_agreement) == (1, 0)
    assert figures.graph_logit_difference == 0.0001


@pytest.mark.parametrize(
    ("perplexity", "good"), [(2.0, True), (1.5, True), (2.019, True), (2.021, False), (float("nan"), False)]
)
def test_a_model_more_than_a_hundredth_worse_is_not_good(perplexity: float, good: bool) -> None:
    assert is_good(perplexity, 2.0) == good


def test_a_graph_that_computes_something_else_is_refused(tiny: OnnxModel) -> None:
    text = np.arange(20)
    right = tiny.forward(text[None], tiny.new_cache(20), 20)[0]
    assert graph_difference(tiny, text, right) == 0
    for wrong in (right + 1, right * np.nan):
        with pytest.raises(ExportFailed, match="does not compute what the model does"):
            graph_difference(tiny, text, wrong)


def test_a_probe_knows_its_model_from_another(tiny: OnnxModel) -> None:
    probe = make_probe(tiny, range(5, 15))
    assert answers_probe(tiny, probe)
    assert not answers_probe(Shifted(tiny), probe)


class Shifted:
    """A model whose device mixes up its answers."""

    def __init__(self, model: OnnxModel) -> None:
        self._model = model
        self.vocabulary_size = model.vocabulary_size
        self.context_tokens = model.context_tokens
        self.new_cache = model.new_cache
        self.fork = model.fork
        self.interrupt = model.interrupt

    def forward(self, token_ids: TokenIds, cache: Cache, logits_to_keep: int = 1) -> Logits:
        rolled: Logits = np.roll(self._model.forward(token_ids, cache, logits_to_keep), 1, axis=-1)
        return rolled
