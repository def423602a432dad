"""What was fetched is what transformers loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model_export import hub as hubs
from tests.model_export.checkpoints import fetch, find

pytestmark = pytest.mark.model


def test_a_model_of_several_shards_is_the_same_on_this_side_of_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from tokenizers import Tokenizer, models
    from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

    made = tmp_path / "made"
    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2, vocab_size=64
    )
    model = LlamaForCausalLM(config)
    model.save_pretrained(made, max_shard_size="20KB")
    Tokenizer(models.BPE()).save(str(made / "tokenizer.json"))
    assert len(list(made.glob("*.safetensors"))) > 1

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with hubs.serve({"org/tiny": hubs.files_of(made)}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        located = find("org/tiny", tmp_path / "cache")
        fetched = fetch(located)
    assert located.config["num_hidden_layers"] == 2
    loaded = AutoModelForCausalLM.from_pretrained(fetched.folder, local_files_only=True)
    token_ids = torch.arange(10)[None]
    assert torch.equal(loaded(token_ids).logits, model(token_ids).logits)
