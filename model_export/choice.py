"""Choosing a precision: the fastest recipe whose model predicts prose as its source does."""

from __future__ import annotations

import contextlib
import math
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from rich.table import Table

from lsp_writer.errors import DeviceUnavailable, ExportFailed, ModelUnavailable, OutOfMemory
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
# What a larger model must be for its speed to be kept: less may be chance, and another model the next time.
_CLEARLY_FASTER = 1.1


@dataclass(frozen=True)
class Chosen:
    """`candidates` are the recipes tried; one was kept, and its graph is in `folder`."""

    folder: Path
    precision: Precision
    candidates: tuple[Candidate, ...]
    verification: Verification
    probe: Probe


class _Tried(NamedTuple):
    folder: Path
    precision: Precision
    candidate: Candidate
    verification: Verification
    probe: Probe
    #: Whether it predicts the prose as well as its source.
    good: bool

    @property
    def speed(self) -> float:
        return self.candidate.decode_tokens_per_second


def choose(recipes: Sequence[Recipe], full: Path, graph: Graph, reference: Reference, steps: Steps) -> Chosen:
    """Try the `recipes` on the `graph` in the folder `full`, until one is good enough; and then those that may be
    faster, of which the fastest is kept.

    Raises ExportFailed if none is good enough, OutOfMemory if there is no memory to find one.
    """
    difference = _graph_difference(full, graph, reference, steps)
    candidates: list[Candidate] = []
    best: _Tried | None = None
    for recipe in recipes:
        if best is not None and not (recipe.may_be_faster and best.speed):
            continue
        give_back()
        folder = Path(tempfile.mkdtemp(prefix="candidate-", dir=full.parent))
        with steps.step(f"Making {recipe.name}"):
            quantize(recipe, full / graph.file, folder)
        give_back()
        tried = None
        try:
            tried = _try(recipe, folder, graph, reference, difference, steps=steps)
        except OutOfMemory:  # a safer recipe needs more still
            if best is None:
                raise
        except (ModelUnavailable, *ORT_ERRORS):  # no kernel for it; a safer recipe may have one
            pass
        if tried is not None:
            candidates.append(tried.candidate)
        # Neither its model nor an exception that held it is left: Windows removes no file that is still mapped.
        if tried is None or not tried.good or (best is not None and tried.speed < _CLEARLY_FASTER * best.speed):
            shutil.rmtree(folder)
            continue
        if best is not None:
            shutil.rmtree(best.folder)
        best = tried
    if best is None:
        raise _none_is_good(candidates, reference, auto=len({recipe.precision for recipe in recipes}) > 1)
    marked = tuple(msgspec.structs.replace(one, kept=one is best.candidate) for one in candidates)
    return Chosen(
        folder=best.folder,
        precision=best.precision,
        candidates=marked,
        verification=best.verification,
        probe=best.probe,
    )


def _graph_difference(full: Path, graph: Graph, reference: Reference, steps: Steps) -> float:
    with steps.step("Comparing the graph with the source"):
        try:
            model, _ = opened(full, graph)
            return verify.graph_difference(model, reference.compared, reference.sample, graph.kv.dtype)
        except OutOfMemory:
            raise
        except (ModelUnavailable, *ORT_ERRORS) as error:
            reason = " ".join(str(error).split())[:_LONGEST_REASON]
            raise ExportFailed(
                f"ONNX Runtime cannot run this model's graph ({reason}). Try --graph portable, or choose another model."
            ) from error


def _try(
    recipe: Recipe, folder: Path, graph: Graph, reference: Reference, difference: float, *, steps: Steps
) -> _Tried | None:
    """What was measured of the graph in `folder`; None if its answers are not numbers."""
    model, in_place = opened(folder, graph)
    measured = _measure(recipe, model, reference, difference, steps)
    if not math.isfinite(measured.decode_perplexity):
        return None
    worst = max(measured.prefill_perplexity, measured.decode_perplexity)
    return _Tried(
        folder,
        recipe.precision,
        _candidate(recipe, folder, measured, _speed(model, graph) if in_place else 0.0),
        measured,
        verify.make_probe(model, reference.probe_ids),
        verify.is_good(worst, measured.reference_perplexity),
    )


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
    return Candidate(
        precision=recipe.name,
        size=sum(path.stat().st_size for path in folder.iterdir()),
        perplexity=measured.decode_perplexity,
        agreement=measured.decode_agreement,
        decode_tokens_per_second=round(speed, 1),
        kept=False,
    )


def opened(folder: Path, graph: Graph) -> tuple[OnnxModel, bool]:
    """The model, on a card if it is for one and there is one here; and whether that is what it is for. A processor has
    the same kernels, but takes hours for what a card does in minutes, and its speed says nothing of the card's."""
    if graph.kv.dtype == "float16":
        with contextlib.suppress(DeviceUnavailable, OutOfMemory):
            return OnnxModel(folder, graph, "cuda"), True
    return OnnxModel(folder, graph), graph.kv.dtype == "float32"


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


def _none_is_good(candidates: Sequence[Candidate], reference: Reference, *, auto: bool) -> ExportFailed:
    if not candidates:
        return ExportFailed(
            "No graph of this model could be run. "
            + ("Choose another model, or another --graph." if auto else "Leave the precision to --precision auto.")
        )
    best = min(candidates, key=lambda candidate: candidate.perplexity)
    return ExportFailed(
        f"The exported model is worse than its source (perplexity {best.perplexity:.2f} in {best.precision}, against "
        f"{reference.answers.perplexity:.2f}, and more than {verify.MAX_LOSS:.0%} is too much), so it was not "
        "installed. "
        + (
            "Choose another model, or another --graph."
            if auto
            else "Leave the precision to --precision auto, which tries safer ones."
        )
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
            f"{one.decode_tokens_per_second:.0f}" if one.decode_tokens_per_second else "not measured",
            "kept" if one.kept else "",
        )
    return shown
