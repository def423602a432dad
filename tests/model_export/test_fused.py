"""Every architecture that is said to have a fused graph, tiny and random, on both targets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lsp_writer.inference.onnx_model import OnnxModel
from model_export import graph, verify
from model_export.architecture import FUSED
from model_export.loaded import load
from model_export.located import Fetched
from model_export.recipes import Target
from tests.model_export import tiny_checkpoints

pytestmark = pytest.mark.model

TEXT = np.random.default_rng(0).integers(2, tiny_checkpoints.VOCABULARY, 150)


def test_all_are_tried() -> None:
    assert set(tiny_checkpoints.FUSED) == FUSED


@pytest.mark.parametrize("target", ["cpu", "cuda"])
@pytest.mark.parametrize("name", sorted(FUSED))
def test_it_computes_what_transformers_does(name: str, target: Target, tmp_path: Path) -> None:
    """Half of those that the builder knows by name and nobody had tried were refused, after their whole export."""
    kind, settings = tiny_checkpoints.FUSED[name]
    checkpoint = tiny_checkpoints.save(tmp_path / "checkpoint", kind, **settings)
    folder = tmp_path / "graph"
    folder.mkdir()
    described = graph.build(checkpoint, folder, target, 1024)
    reference = load(Fetched(checkpoint, "", "")).logits(TEXT)
    model = OnnxModel(folder, described, records=target == "cuda")
    verify.graph_difference(model, TEXT, reference, described.kv.dtype)
    # One token at a time, which for a card are played back from fixed places.
    cache = model.new_cache(len(TEXT))
    model.forward(TEXT[None, :140], cache)
    single = [model.forward(TEXT[None, place : place + 1], cache)[0, -1] for place in range(140, len(TEXT))]
    assert np.abs(np.stack(single) - reference[140:]).max() <= verify.MAX_GRAPH_DIFFERENCE[described.kv.dtype]
