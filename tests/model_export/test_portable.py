"""Random models of architectures without a fused graph, traced, and served by the code that serves."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.manifest import Graph
from lsp_writer.inference.model import Logits, TokenIds
from lsp_writer.inference.onnx_model import OnnxModel
from model_export import portable, quantize
from model_export.graph import GRAPH_FILE, WEIGHTS_FILE
from model_export.progress import quiet
from model_export.recipes import Recipe

pytestmark = pytest.mark.model

VOCABULARY = 320
CONTEXT = 256
#: transformers' name for each, and what makes one of them tiny. GPT-Neo's second layer sees eight tokens.
ARCHITECTURES: dict[str, dict[str, Any]] = {
    "gpt2": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": CONTEXT},
    "gpt_neo": {
        "hidden_size": 64,
        "num_layers": 2,
        "num_heads": 4,
        "attention_types": [[["global", "local"], 1]],
        "window_size": 8,
        "max_position_embeddings": CONTEXT,
    },
    "gpt_neox": {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": CONTEXT,
    },
    "opt": {
        "hidden_size": 64,
        "ffn_dim": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "word_embed_proj_dim": 64,
        "max_position_embeddings": CONTEXT,
        "init_std": 0.2,
    },
    "bloom": {"hidden_size": 64, "n_layer": 2, "n_head": 4, "seq_length": CONTEXT},
    "gpt_bigcode": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": CONTEXT},
    "falcon": {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": CONTEXT},
}
TEXT = np.random.default_rng(0).integers(1, VOCABULARY, (2, 48))


@pytest.fixture(scope="module", params=ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def checkpoint(architecture: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp(architecture), architecture, ARCHITECTURES[architecture])


@pytest.fixture(scope="module")
def exported(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Graph]:
    folder = tmp_path_factory.mktemp("graph")
    return folder, portable.build(checkpoint, folder, CONTEXT)


def save_checkpoint(folder: Path, architecture: str, sizes: dict[str, Any]) -> Path:
    with quiet():
        import torch
        from transformers import AutoConfig, AutoModelForCausalLM

        torch.manual_seed(0)
        ends = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
        config = AutoConfig.for_model(
            architecture, **{"vocab_size": VOCABULARY, "initializer_range": 0.2, **ends, **sizes}
        )
        AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    return folder


def served(folder: Path, graph: Graph, text: TokenIds, step: int, keep: int | None = None) -> Logits:
    """The logits of [rows, n] tokens, read `step` at a time; of the last `keep` of each step, or of all."""
    model = OnnxModel(folder, graph)
    cache = model.new_cache(text.shape[1], len(text))
    stretches = [text[:, start : start + step] for start in range(0, text.shape[1], step)]
    return np.concatenate([model.forward(ids, cache, keep or ids.shape[1]).copy() for ids in stretches], axis=1)


def reference(checkpoint: Path, text: TokenIds) -> Logits:
    import torch
    from transformers import AutoModelForCausalLM

    with torch.inference_mode():
        logits: Logits = AutoModelForCausalLM.from_pretrained(checkpoint)(torch.from_numpy(text)).logits.numpy()
    return logits


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_graph_is_described(architecture: str, exported: tuple[Path, Graph]) -> None:
    folder, graph = exported
    assert (graph.vocabulary_size, graph.context_tokens) == (VOCABULARY, CONTEXT)
    assert (graph.kv.contract, graph.kv.layers, graph.kv.head_size, graph.kv.dtype) == ("growing", 2, 16, "float32")
    assert graph.kv.heads == (1 if architecture in ("falcon", "gpt_bigcode") else 4)
    assert graph.positions == (architecture != "bloom")
    assert not graph.branches
    assert {path.name for path in folder.iterdir()} == {GRAPH_FILE, WEIGHTS_FILE}


@pytest.mark.parametrize("step", [48, 7, 1], ids=["whole", "in chunks", "token by token"])
def test_the_graph_computes_what_transformers_does(checkpoint: Path, exported: tuple[Path, Graph], step: int) -> None:
    np.testing.assert_allclose(served(*exported, TEXT, step), reference(checkpoint, TEXT), rtol=0, atol=1e-4)


def test_only_the_logits_that_are_wanted_are_computed(exported: tuple[Path, Graph]) -> None:
    every = served(*exported, TEXT, 48)
    for keep in (1, 5):
        np.testing.assert_allclose(served(*exported, TEXT, 48, keep), every[:, -keep:], rtol=0, atol=1e-5)


def test_exporting_twice_gives_the_same_bytes(checkpoint: Path, exported: tuple[Path, Graph], tmp_path: Path) -> None:
    portable.build(checkpoint, tmp_path, CONTEXT)
    assert digests(tmp_path) == digests(exported[0])


def test_every_matrix_can_be_quantised(exported: tuple[Path, Graph], tmp_path: Path) -> None:
    import onnx

    folder, graph = exported
    quantize.quantize(Recipe("int8", 8, 64), folder / GRAPH_FILE, tmp_path)
    nodes = onnx.load(tmp_path / GRAPH_FILE, load_external_data=False).graph
    weights = {tensor.name for tensor in nodes.initializer}
    left = [node.name for node in nodes.node if node.op_type in ("MatMul", "Gemm") and weights & set(node.input)]
    assert left == []
    before, after = (served(where, graph, TEXT, 7) for where in (folder, tmp_path))
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.995


def write_graph(path: Path, caches: list[tuple[int | str, ...]], others: tuple[str, ...] = ()) -> None:
    """Inputs and outputs alone: layers with keys of these shapes, and what else there is."""
    from onnx import TensorProto, helper, save

    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "n"]) for name in ("input_ids", *others)]
    inputs += [
        helper.make_tensor_value_info(f"past_key_values.{layer}.{part}", TensorProto.FLOAT, shape)
        for layer, shape in enumerate(caches)
        for part in ("key", "value")
    ]
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "n", VOCABULARY])
    save(helper.make_model(helper.make_graph([], "graph", inputs, [logits])), path)


KNOWN = ("batch", 4, "past", 16)


@pytest.mark.parametrize(
    ("caches", "others", "named"),
    [
        ([("batch x heads", 16, "past"), ("batch x heads", 16, "past")], (), "batch x heads"),
        ([KNOWN, ("batch", 4, "past", 32)], (), "batch"),
        ([KNOWN], ("token_type_ids",), "token_type_ids"),
    ],
    ids=["another layout", "layers that differ", "another input"],
)
def test_a_graph_that_the_server_cannot_run_is_refused(
    tmp_path: Path, caches: list[tuple[int | str, ...]], others: tuple[str, ...], named: str
) -> None:
    write_graph(tmp_path / GRAPH_FILE, caches, others)
    with pytest.raises(ExportFailed, match=f"{named}.*Choose a model of another architecture"):
        portable.describe(tmp_path / GRAPH_FILE, CONTEXT)


def test_what_can_be_traced_is_known_by_its_name() -> None:
    assert all(portable.supports(architecture) for architecture in ARCHITECTURES)
    assert not portable.supports("mamba")
    assert not portable.supports("no-such-architecture")
