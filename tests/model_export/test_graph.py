"""A random Llama through the graph builder and the quantiser, served by the code that serves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lsp_writer.inference.manifest import Graph
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.opening import OpenedModel
from model_export import graph, portable, quantize, verify
from model_export.progress import quiet
from model_export.recipes import Recipe
from tests.model_export import tiny_checkpoints

VOCABULARY = 320
CONTEXT = 512


@pytest.fixture(scope="module", params=["tied", "untied"])
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As transformers saves it, with one embedding for both ends or with two."""
    folder: Path = tmp_path_factory.mktemp("checkpoint")
    with quiet():
        import torch
        from tokenizers import Tokenizer
        from tokenizers.models import WordLevel
        from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

        torch.manual_seed(0)
        config = LlamaConfig(
            vocab_size=VOCABULARY,
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=CONTEXT,
            tie_word_embeddings=request.param == "tied",
            initializer_range=0.2,
        )
        LlamaForCausalLM(config).save_pretrained(folder)
        words = Tokenizer(WordLevel({str(i): i for i in range(VOCABULARY)}, unk_token="0"))
        PreTrainedTokenizerFast(tokenizer_object=words).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def exported(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Graph]:
    folder = tmp_path_factory.mktemp("graph")
    return folder, graph.build(checkpoint, folder, "cpu", CONTEXT)


TEXT = np.random.default_rng(0).integers(0, VOCABULARY, 100)


@pytest.mark.model
def test_the_graph_computes_what_transformers_does(checkpoint: Path, exported: tuple[Path, Graph]) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    with torch.inference_mode():
        expected = AutoModelForCausalLM.from_pretrained(checkpoint)(torch.from_numpy(TEXT)[None]).logits[0].numpy()
    folder, description = exported
    assert (description.vocabulary_size, description.context_tokens) == (VOCABULARY, CONTEXT)
    assert (description.kv.layers, description.kv.heads, description.kv.head_size) == (2, 2, 16)
    assert description.branches
    assert verify.graph_difference(OnnxModel(folder, description), TEXT, expected) < 1e-4


@pytest.mark.model
def test_eight_bits_change_little_and_take_little_room(exported: tuple[Path, Graph], tmp_path: Path) -> None:
    folder, description = exported
    quantize.quantize(Recipe("int8", 8, 64), folder / graph.GRAPH_FILE, tmp_path)
    logits = []
    for where in (folder, tmp_path):
        model = OnnxModel(where, description)
        logits.append(model.forward(TEXT[None], model.new_cache(len(TEXT)), len(TEXT)))
    assert np.corrcoef(logits[0].ravel(), logits[1].ravel())[0, 1] > 0.995
    room = [sum(path.stat().st_size for path in where.glob("*.data")) for where in (folder, tmp_path)]
    assert room[1] < room[0] / 2


@pytest.mark.model
def test_the_default_model_was_verified(default_model: OpenedModel) -> None:
    figures = default_model.manifest.verification
    for served in (figures.prefill_perplexity, figures.decode_perplexity):
        assert 0.95 < served / figures.reference_perplexity <= 1.01
    assert min(figures.prefill_agreement, figures.decode_agreement) > 0.9
    assert figures.tokens > 3000


@pytest.mark.model
@pytest.mark.parametrize(("model_type", "layers"), [("llama", 1), ("gpt2", 1), ("gemma3_text", 3)])
def test_the_sensitive_matrices_keep_8_bits(tmp_path: Path, model_type: str, layers: int) -> None:
    """GPT-2's way out of the feed-forward part has another name than everybody else's, and got 4."""
    import onnx

    (tmp_path / "graph").mkdir()
    (tmp_path / "small").mkdir()
    source = tiny_checkpoints.save(tmp_path / "source", model_type)
    if model_type == "gpt2":
        portable.build(source, tmp_path / "graph", CONTEXT)
    else:
        graph.build(source, tmp_path / "graph", "cpu", CONTEXT)
    quantize.quantize(Recipe("int4", 4, 32), tmp_path / "graph" / graph.GRAPH_FILE, tmp_path / "small")
    nodes = onnx.load(tmp_path / "small" / graph.GRAPH_FILE, load_external_data=False).graph.node
    bits = {node.name: onnx.helper.get_node_attr_value(node, "bits") for node in nodes if node.op_type == "MatMulNBits"}
    ends = [name for name, size in bits.items() if size == 8]
    assert len(ends) == 1 + 2 * layers, bits  # of two layers the first, of seven the first, fourth and last
    assert {size for name, size in bits.items() if name not in ends} == {4}
