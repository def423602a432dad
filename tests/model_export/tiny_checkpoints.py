"""Checkpoints of a few hundred kilobytes that transformers itself saved: random weights, and a tokenizer trained on the
prose that exports are verified with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model_export.progress import quiet
from model_export.verify import prose

VOCABULARY = 500
_END, _BEGINNING = "<|endoftext|>", "<bos>"
_SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 1024,
}
_WIDE = {**_SIZES, "hidden_size": 256}
# The window of Gemma 2's makers, which is longer than anything the server reads. With one that text is longer than, the
# builder's graph is another model, and its export is refused.
_GEMMA = {**_SIZES, "head_dim": 64, "sliding_window": 4096, "query_pre_attn_scalar": 64}
#: Configurations by model type. Random weights of the usual range would make all tokens equally likely.
ARCHITECTURES: dict[str, dict[str, Any]] = {
    "gpt2": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 512, "vocab_size": VOCABULARY},
    "llama": _SIZES,
    "qwen2": {**_SIZES, "tie_word_embeddings": True},
    # Six layers that look back 64 tokens, then one that sees all.
    "gemma3_text": {
        **_SIZES,
        "num_hidden_layers": 7,
        "head_dim": 32,
        "sliding_window": 64,
        "query_pre_attn_scalar": 32,
    },
}
#: Those that there are fused graphs of, by class.
FUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "Ernie4_5ForCausalLM": ("ernie4_5", {**_SIZES, "head_dim": 32}),
    "Gemma2ForCausalLM": ("gemma2", _GEMMA),
    "Gemma3ForCausalLM": ("gemma3_text", _GEMMA),
    "GemmaForCausalLM": ("gemma", {**_SIZES, "head_dim": 32}),
    "GraniteForCausalLM": ("granite", _SIZES),
    "LlamaForCausalLM": ("llama", _SIZES),
    "MistralForCausalLM": ("mistral", {**_SIZES, "sliding_window": 64}),
    "Phi3ForCausalLM": ("phi3", {**_WIDE, "original_max_position_embeddings": 1024, "sliding_window": None}),
    "PhiForCausalLM": ("phi", {**_WIDE, "num_key_value_heads": 4, "partial_rotary_factor": 0.5}),
    "Qwen2ForCausalLM": ("qwen2", _SIZES),
    "Qwen3ForCausalLM": ("qwen3", {**_SIZES, "head_dim": 32}),
    "SmolLM3ForCausalLM": ("smollm3", _SIZES),
}
#: Those whose prompts all begin with a token of their own.
BEGINNING = frozenset({"gemma3_text"})


def save(folder: Path, model_type: str, **others: Any) -> Path:
    """As `save_pretrained` does, in `folder`; `others` go before the configuration above."""
    with quiet():
        import torch
        from transformers import AutoConfig, AutoModelForCausalLM

        torch.manual_seed(0)
        ends = {"bos_token_id": 1, "eos_token_id": 0, "pad_token_id": 0}
        settings = ends | ARCHITECTURES.get(model_type, {}) | others
        config = AutoConfig.for_model(model_type, initializer_range=0.2, **settings)
        AutoModelForCausalLM.from_config(config).save_pretrained(folder)
        _save_tokenizer(folder, begins=model_type in BEGINNING)
    return folder


def save_adapter(folder: Path, checkpoint: Path) -> Path:
    """A LoRA adapter with random weights for the model at `checkpoint`."""
    with quiet():
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModelForCausalLM

        torch.manual_seed(1)
        adapter = LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
        get_peft_model(AutoModelForCausalLM.from_pretrained(checkpoint), adapter).save_pretrained(str(folder))
    return folder


def _save_tokenizer(folder: Path, *, begins: bool) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[_END, _BEGINNING], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([prose()], trainer)
    if begins:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{_BEGINNING} $A", special_tokens=[(_BEGINNING, 1)]
        )
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=_END, bos_token=_BEGINNING if begins else _END)
    fast.save_pretrained(folder)
