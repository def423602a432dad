"""Which models are refused before anything is downloaded, and which graph the others get."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lsp_writer.errors import ExportFailed
from model_export.architecture import judge

pytestmark = pytest.mark.model

SMALL = {
    "vocab_size": 100,
    "hidden_size": 64,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 1024,
}


def config(model_type: str, name: str, **others: Any) -> dict[str, Any]:
    return {"model_type": model_type, "architectures": [name], **SMALL, **others}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (config("mamba", "MambaForCausalLM", state_size=8), "keeps a running state"),
        (config("rwkv", "RwkvForCausalLM"), "keeps a running state"),
        (config("recurrent_gemma", "RecurrentGemmaForCausalLM", head_dim=16), "keeps a running state"),
        (config("lfm2", "Lfm2ForCausalLM", layer_types=["conv", "full_attention"]), "keeps a running state"),
        (config("granitemoehybrid", "GraniteMoeHybridForCausalLM"), "keeps a running state"),
        (config("bert", "BertForMaskedLM"), "BertForMaskedLM is no causal language model"),
        (config("t5", "T5ForConditionalGeneration", is_encoder_decoder=True), "reads with an encoder"),
        (config("gemma3", "Gemma3ForConditionalGeneration", vision_config={}), "Gemma3ForConditionalGeneration"),
        (config("llava", "LlavaForConditionalGeneration", vision_config={"a": 1}), "pictures or sound"),
        ({"_class_name": "UNet2DConditionModel"}, "a diffusion model"),
        ({}, "not a language model"),
        (config("strange", "StrangeForCausalLM"), "StrangeForCausalLM is no causal language model"),
        (config("llama", "LlamaForCausalLM", max_position_embeddings=128), "reads 128 tokens at most, and 256"),
    ],
    ids=lambda value: value.get("model_type", "none") if isinstance(value, dict) else "",
)
def test_what_cannot_be_served_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ExportFailed, match=re.escape(message)) as refused:
        judge(given, "auto", "cpu")
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("given", "graph"),
    [
        (config("llama", "LlamaForCausalLM"), "fused"),
        (config("qwen3", "Qwen3ForCausalLM", head_dim=16), "fused"),
        (config("phi3", "Phi3ForCausalLM", pad_token_id=0), "fused"),
        (config("gpt2", "GPT2LMHeadModel", n_positions=1024), "portable"),
        (config("bloom", "BloomForCausalLM"), "portable"),
    ],
    ids=lambda value: value["model_type"] if isinstance(value, dict) else "",
)
def test_the_graph_that_a_model_gets(given: dict[str, Any], graph: str) -> None:
    assert judge(given, "auto", "cpu").graph == graph


def test_what_is_known_before_the_download() -> None:
    found = judge(config("llama", "LlamaForCausalLM", tie_word_embeddings=True), "auto", "cpu")
    attention, rest = 64 * (64 + 32 + 32 + 64), 3 * 64 * 64 + 2 * 64
    assert found.parameters == 100 * 64 + 2 * (attention + rest) + 64
    assert (found.name, found.context_tokens) == ("LlamaForCausalLM", 1024)


@pytest.mark.parametrize(
    ("given", "graph", "target", "message"),
    [
        (config("gpt2", "GPT2LMHeadModel"), "fused", "cpu", "Leave out --graph fused."),
        (config("gpt2", "GPT2LMHeadModel"), "auto", "cuda", "Leave out --target cuda."),
        (config("ernie4_5", "Ernie4_5ForCausalLM", head_dim=16), "portable", "cpu", "Leave out --graph portable."),
    ],
)
def test_a_graph_that_there_is_not(given: dict[str, Any], graph: Any, target: Any, message: str) -> None:
    with pytest.raises(ExportFailed, match=re.escape(message)):
        judge(given, graph, target)
