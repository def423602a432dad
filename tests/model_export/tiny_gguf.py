"""A GGUF file of some kilobytes: a Llama of two layers with random weights and a vocabulary of bytes."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from tokenizers.pre_tokenizers import ByteLevel

LAYERS, HIDDEN, INNER, HEADS, KV_HEADS = 2, 64, 96, 4, 2
SPECIAL = ("<|endoftext|>", "<|im_end|>")
LICENCE = "Apache-2.0"


def write(path: Path, kind: Kind = Kind.Q4_0, *, architecture: str = "llama", parts: int = 1) -> Path:
    """With matrices of `kind`, and norms in 32-bit floats."""
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name("Tiny")
    writer.add_license(LICENCE)
    writer.add_context_length(256)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    if parts > 1:
        writer.add_uint16("split.count", parts)
    tokens = [*sorted(ByteLevel.alphabet()), "th", "he", *SPECIAL]
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in SPECIAL else 1 for token in tokens])
    writer.add_token_merges(["t h", "h e"])  # a single one is not read as a list
    writer.add_bos_token_id(len(tokens) - 2)
    writer.add_eos_token_id(len(tokens) - 1)
    for name, shape in _matrices(len(tokens)).items():
        _add(writer, name, shape, kind)
    for name in ("output_norm", *(f"blk.{layer}.{norm}_norm" for layer in range(LAYERS) for norm in ("attn", "ffn"))):
        writer.add_tensor(f"{name}.weight", np.ones(HIDDEN, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _matrices(vocabulary: int) -> dict[str, tuple[int, int]]:
    kv = HIDDEN // HEADS * KV_HEADS
    layer = {
        "attn_q": (HIDDEN, HIDDEN),
        "attn_k": (kv, HIDDEN),
        "attn_v": (kv, HIDDEN),
        "attn_output": (HIDDEN, HIDDEN),
        "ffn_gate": (INNER, HIDDEN),
        "ffn_up": (INNER, HIDDEN),
        "ffn_down": (HIDDEN, INNER),
    }
    layers = {f"blk.{number}.{name}": shape for number in range(LAYERS) for name, shape in layer.items()}
    return {"token_embd": (vocabulary, HIDDEN)} | layers


def _add(writer: gguf.GGUFWriter, name: str, shape: tuple[int, int], kind: Kind) -> None:
    matrix = np.random.default_rng(len(name)).normal(scale=0.2, size=shape).astype(np.float32)
    try:
        writer.add_tensor(f"{name}.weight", gguf.quantize(matrix, kind), raw_dtype=kind)
    except NotImplementedError:  # a type that can only be named
        writer.add_tensor(f"{name}.weight", matrix, raw_dtype=kind)
