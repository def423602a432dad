"""The fused graph: packed projections and GroupQueryAttention, made by ONNX Runtime GenAI's builder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.manifest import Graph, KVLayout
from model_export.fusion import join_matrices
from model_export.logits_to_keep import LOGITS_TO_KEEP, add_logits_to_keep
from model_export.memory import give_back
from model_export.progress import quiet
from model_export.recipes import Target

GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.onnx.data"
_LONGEST_REASON = 200
# Where GroupQueryAttention takes what branches need.
_BRANCH_INPUTS = {9: "position_ids", 10: "attention_bias"}


def build(checkpoint: Path, folder: Path, target: Target, context_tokens: int) -> Graph:
    """Write the graph of the saved transformers model at `checkpoint`, which reads `context_tokens` at most, into
    `folder`: in 32-bit floats for a processor, in 16 for a graphics card, which has no kernel for branches.

    Raises ExportFailed if the builder cannot.
    """
    precision = "fp32" if target == "cpu" else "fp16"
    with quiet():
        from onnxruntime_genai.models.builder import check_extra_options, create_model

        source, cache = str(checkpoint), str(checkpoint / "cache")
        options: dict[str, Any] = {
            # Nothing may be looked up on a network; the default would even ask for a stored access token.
            "hf_token": "false",
            # For a card the norms of Qwen3 and Gemma 3 would go into attention, where the processor, which measures
            # the graph, has no kernel for them.
            "fuse_qk_norm_gqa": "false",
        }
        try:
            check_extra_options(source, source, str(folder), precision, target, cache, options)
            create_model(source, source, str(folder), precision, target, cache, **options)
        except OSError:
            raise
        except Exception as error:  # it raises whatever its parts raise
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_REASON]
            raise ExportFailed(
                f"No fused graph could be made of this model ({reason}). Try --graph portable, or choose another model."
            ) from error
    give_back()
    path = folder / GRAPH_FILE
    join_matrices(path)
    give_back()
    add_logits_to_keep(path)
    if target == "cpu":
        _add_branches(path)
    return describe(path, context_tokens)


def describe(path: Path, context_tokens: int) -> Graph:
    """What the server must know of the graph, read from its inputs and from what the builder wrote down beside it."""
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    types = {value.name: value.type.tensor_type for value in (*graph.input, *graph.output)}
    model = json.loads((path.parent / "genai_config.json").read_text(encoding="utf-8"))["model"]
    keys = types["past_key_values.0.key"]
    return Graph(
        file=path.name,
        logits_to_keep=LOGITS_TO_KEEP,
        vocabulary_size=types["logits"].shape.dim[2].dim_value,
        context_tokens=context_tokens,
        kv=KVLayout(
            contract="shared",
            layers=model["decoder"]["num_hidden_layers"],
            heads=model["decoder"]["num_key_value_heads"],
            head_size=model["decoder"]["head_size"],
            dtype="float16" if keys.elem_type == onnx.TensorProto.FLOAT16 else "float32",
        ),
        branches=set(_BRANCH_INPUTS.values()) <= set(types),
    )


def _add_branches(path: Path) -> None:
    """Let the caller say where each token stands and what it may look at, so that branches can share a prefix."""
    import onnx
    from onnx import TensorProto, helper

    model = onnx.load(path, load_external_data=False)
    graph = model.graph
    positions, bias = _BRANCH_INPUTS.values()
    graph.input.append(helper.make_tensor_value_info(positions, TensorProto.INT64, ["batch_size", "sequence_length"]))
    graph.input.append(
        helper.make_tensor_value_info(bias, TensorProto.FLOAT, [1, 1, "sequence_length", "total_sequence_length"])
    )
    for node in graph.node:
        if node.op_type == "GroupQueryAttention":
            inputs = dict(enumerate(node.input)) | _BRANCH_INPUTS
            node.ClearField("input")
            node.input.extend(inputs.get(place, "") for place in range(max(inputs) + 1))
    onnx.save(model, path)
