"""Choosing a precision: the fastest recipe whose model predicts prose as its source does."""

from __future__ import annotations

import math
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.table import Table

from lsp_writer.errors import ExportFailed, ModelUnavailable
from lsp_writer.inference.manifest import Candidate, Graph, Probe, Verification
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.onnx_session import ORT_ERRORS
from model_export import verify
from model_export.memory import give_back
from model_export.progress import Steps
from model_export.quantize import quantize
from model_export.recipes import Precision, Recipe
from model_export.reference import Reference

# Speed is that of so many tokens, one at a time, after so many others.
_AFTER, _TIMED = 256, 48
_LONGEST_REASON = 200


@dataclass(frozen=True)
class Chosen:
    """`candidates` are the recipes tried; the last one was kept, and its graph is in `folder`."""

    folder: Path
    precision: Precision
    candidates: tuple[Candidate, ...]
    verification: Verification
    probe: Probe


def choose(recipes: Sequence[Recipe], full: Path, graph: Graph, reference: Reference, steps: Steps) -> Chosen:
    """Try the `recipes` on the `graph` in the folder `full`, until one is good enough.

    Raises ExportFailed if none is.
    """
    difference = _graph_difference(full, graph, reference, steps)
    candidates: list[Candidate] = []
    for recipe in recipes:
        give_back()
        folder = Path(tempfile.mkdtemp(prefix="candidate-", dir=full.parent))
        with steps.step(f"Making {recipe.name}"):
            quantize(recipe, full / graph.file, folder)
        give_back()
        try:
            model = OnnxModel(folder, graph)
            measured = _measure(recipe, model, reference, difference, steps)
            if math.isfinite(measured.decode_perplexity):
                candidates.append(_candidate(recipe, folder, measured, _speed(model, graph)))
                if candidates[-1].kept:
                    probe = verify.make_probe(model, reference.probe_ids)
                    return Chosen(folder, recipe.precision, tuple(candidates), measured, probe)
            del model
        except (ModelUnavailable, *ORT_ERRORS):  # no kernel for it; a safer recipe may have one
            pass
        shutil.rmtree(folder)
    raise _none_is_good(candidates, reference)


def _graph_difference(full: Path, graph: Graph, reference: Reference, steps: Steps) -> float:
    with steps.step("Comparing the graph with the source"):
        try:
            model = OnnxModel(full, graph)
            return verify.graph_difference(model, reference.compared, reference.sample, graph.kv.dtype)
        except (ModelUnavailable, *ORT_ERRORS) as error:
            reason = " ".join(str(error).split())[:_LONGEST_REASON]
            raise ExportFailed(
                f"ONNX Runtime cannot run this model's graph ({reason}). Try --graph portable, or choose another model."
            ) from error


def _measure(recipe: Recipe, model: OnnxModel, reference: Reference, difference: float, steps: Steps) -> Verification:
    """Of several tokens at a time and, unless that is bad enough to look no further, of one at a time."""
    stretches, given = reference.stretches, reference.given
    with steps.step(f"Measuring {recipe.name}, several tokens at a time", reference.tokens) as advance:
        prefill = verify.served_answers(model, stretches, verify.PREFILL_CHUNK, advance, given)
    if not verify.is_good(prefill.perplexity, reference.answers.perplexity):
        return verify.describe(reference.answers, prefill, prefill, difference)
    with steps.step(f"Measuring {recipe.name}, one token at a time", reference.tokens) as advance:
        decode = verify.served_answers(model, stretches, 1, advance, given)
    return verify.describe(reference.answers, prefill, decode, difference)


def _candidate(recipe: Recipe, folder: Path, measured: Verification, speed: float) -> Candidate:
    worst = max(measured.prefill_perplexity, measured.decode_perplexity)
    return Candidate(
        precision=recipe.name,
        size=sum(path.stat().st_size for path in folder.iterdir()),
        perplexity=measured.decode_perplexity,
        agreement=measured.decode_agreement,
        decode_tokens_per_second=round(speed, 1),
        kept=verify.is_good(worst, measured.reference_perplexity),
    )


def _speed(model: OnnxModel, graph: Graph) -> float:
    """Tokens a second. What the tokens are makes no difference."""
    after = min(_AFTER, graph.context_tokens - _TIMED)
    cache = model.new_cache(after + _TIMED)
    model.forward(np.ones((1, after), np.int64), cache)
    seconds = []
    for _ in range(_TIMED):
        started = time.perf_counter()
        model.forward(np.ones((1, 1), np.int64), cache)
        seconds.append(time.perf_counter() - started)
    return 1 / statistics.median(seconds)


def _none_is_good(candidates: Sequence[Candidate], reference: Reference) -> ExportFailed:
    if not candidates:
        return ExportFailed("No graph of this model could be run. Leave the precision to --precision auto.")
    best = min(candidates, key=lambda candidate: candidate.perplexity)
    return ExportFailed(
        f"The exported model is worse than its source (perplexity {best.perplexity:.2f} in {best.precision}, against "
        f"{reference.answers.perplexity:.2f}, and more than {verify.MAX_LOSS:.0%} is too much), so it was not "
        "installed. Leave the precision to --precision auto, which tries safer ones."
    )


def table(candidates: Sequence[Candidate], reference_perplexity: float) -> Table:
    """What was tried, for the writer to see."""
    shown = Table("precision", "size", "perplexity", "same first choice", "tokens a second", "")
    for one in candidates:
        loss = one.perplexity / reference_perplexity - 1
        shown.add_row(
            one.precision,
            f"{one.size / 1e6:,.0f} MB",
            f"{one.perplexity:.2f} ({loss:+.1%})",
            f"{one.agreement:.1%}",
            f"{one.decode_tokens_per_second:.0f}",
            "kept" if one.kept else "",
        )
    return shown
