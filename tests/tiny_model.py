"""A model folder of some hundred kilobytes: a graph of the exporter's shape (attention in place, logits to keep) with
random weights, so that what does not depend on the weights is tested in milliseconds."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import onnx
from onnx import helper, numpy_helper

from lsp_writer.inference.manifest import (
    MANIFEST_FILE,
    MANIFEST_VERSION,
    Graph,
    KVLayout,
    Manifest,
    ModelFile,
    Probe,
    Source,
    Verification,
    sha256_of,
)

GRAPH = Graph(
    file="model.onnx",
    logits_to_keep="logits_to_keep",
    vocabulary_size=256,
    context_tokens=2048,
    kv=KVLayout(contract="shared", layers=2, heads=2, head_size=16, dtype="float32"),
    branches=True,
)
#: The same without the inputs that branches need, as it would be for a GPU.
COPYING_GRAPH = msgspec.structs.replace(GRAPH, branches=False)
_QUERY_HEADS = 4
_HIDDEN = _QUERY_HEADS * GRAPH.kv.head_size
UNMEASURED = Verification(
    tokens=1,
    reference_perplexity=1.0,
    prefill_perplexity=1.0,
    decode_perplexity=1.0,
    prefill_agreement=1.0,
    decode_agreement=1.0,
    graph_logit_difference=0.0,
)


def write_folder(folder: Path, probe: Probe | None = None) -> Manifest:
    """A complete model folder; without `probe`, one that any answer satisfies."""
    write_graph(folder, GRAPH)
    return write_manifest(folder, probe or Probe(token_ids=(1, 2, 3), top_ids=(0,), top_logits=(0.0,), tolerance=1e9))


def write_graph(folder: Path, graph: Graph) -> None:
    onnx.save(_model(branches=graph.branches), folder / graph.file)


def write_manifest(folder: Path, probe: Probe) -> Manifest:
    """A manifest of the files in `folder`."""
    manifest = Manifest(
        version=MANIFEST_VERSION,
        name="tiny",
        source=Source(kind="gguf", id="random", revision="0", sha256="", licence="none"),
        files=tuple(
            ModelFile(name=path.name, size=path.stat().st_size, sha256=sha256_of(path))
            for path in sorted(folder.iterdir())
            if path.name != MANIFEST_FILE
        ),
        graph=GRAPH,
        tokenizer="tokenizer.json",
        chat_template="",
        beginning_of_text_ids=(),
        end_of_text_ids=(0,),
        precision="fp32",
        target="cpu",
        verification=UNMEASURED,
        probe=probe,
    )
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
    return manifest


def _model(*, branches: bool) -> onnx.ModelProto:
    random = np.random.default_rng(0)
    embedding = random.normal(size=(GRAPH.vocabulary_size, _HIDDEN)).astype(np.float32)
    angles = np.outer(np.arange(GRAPH.context_tokens), 1 / 100 ** np.linspace(0, 1, GRAPH.kv.head_size // 2))
    weights = {
        "embedding": embedding,
        "head": np.ascontiguousarray(embedding.T),
        "cos": np.cos(angles).astype(np.float32),
        "sin": np.sin(angles).astype(np.float32),
        "one": np.array([1], np.int64),
        "index": np.array(1, np.int64),
        "end": np.array([2**63 - 1], np.int64),
    }
    nodes = [
        helper.make_node("ReduceSum", ["attention_mask", "one"], ["lengths"], keepdims=0),
        helper.make_node("Sub", ["lengths", "one"], ["last"]),
        helper.make_node("Cast", ["last"], ["past"], to=onnx.TensorProto.INT32),
        helper.make_node("Shape", ["attention_mask"], ["shape"]),
        helper.make_node("Gather", ["shape", "index"], ["columns"]),
        helper.make_node("Cast", ["columns"], ["total"], to=onnx.TensorProto.INT32),
        helper.make_node("Gather", ["embedding", "input_ids"], ["hidden.0"]),
    ]
    for layer in range(GRAPH.kv.layers):
        packed = (_QUERY_HEADS + 2 * GRAPH.kv.heads) * GRAPH.kv.head_size
        weights[f"qkv.{layer}"] = random.normal(size=(_HIDDEN, packed)).astype(np.float32) / 8
        weights[f"out.{layer}"] = random.normal(size=(_HIDDEN, _HIDDEN)).astype(np.float32) / 4
        nodes += _layer(layer, branches=branches)
    nodes += [
        helper.make_node("Neg", ["logits_to_keep"], ["start"]),
        helper.make_node("Slice", [f"hidden.{GRAPH.kv.layers}", "start", "end", "one"], ["kept"]),
        helper.make_node("MatMul", ["kept", "head"], ["logits"]),
    ]
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "tiny", *_inputs_and_outputs(branches=branches), initializers)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def _layer(layer: int, *, branches: bool) -> list[onnx.NodeProto]:
    rest = ("past", "total", "cos", "sin", *(("position_ids", "attention_bias") if branches else ()))
    attention = helper.make_node(
        "GroupQueryAttention",
        [f"packed.{layer}", "", "", *(f"past_key_values.{layer}.{part}" for part in ("key", "value")), *rest],
        [f"attended.{layer}", f"present.{layer}.key", f"present.{layer}.value"],
        domain="com.microsoft",
        num_heads=_QUERY_HEADS,
        kv_num_heads=GRAPH.kv.heads,
        do_rotary=1,
    )
    return [
        helper.make_node("MatMul", [f"hidden.{layer}", f"qkv.{layer}"], [f"packed.{layer}"]),
        attention,
        helper.make_node("MatMul", [f"attended.{layer}", f"out.{layer}"], [f"projected.{layer}"]),
        helper.make_node("Add", [f"hidden.{layer}", f"projected.{layer}"], [f"hidden.{layer + 1}"]),
    ]


def _inputs_and_outputs(*, branches: bool) -> tuple[list[onnx.ValueInfoProto], list[onnx.ValueInfoProto]]:
    floats, integers = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    cache = ["batch", GRAPH.kv.heads, "tokens", GRAPH.kv.head_size]
    parts = [f"{layer}.{part}" for layer in range(GRAPH.kv.layers) for part in ("key", "value")]
    inputs = [
        helper.make_tensor_value_info("input_ids", integers, ["batch", "sequence"]),
        helper.make_tensor_value_info("attention_mask", integers, ["batch", "total"]),
        helper.make_tensor_value_info("logits_to_keep", integers, [1]),
    ]
    if branches:
        inputs += [
            helper.make_tensor_value_info("position_ids", integers, ["batch", "sequence"]),
            helper.make_tensor_value_info("attention_bias", floats, [1, 1, "sequence", "total"]),
        ]
    inputs += [helper.make_tensor_value_info(f"past_key_values.{part}", floats, cache) for part in parts]
    outputs = [helper.make_tensor_value_info("logits", floats, ["batch", "kept", GRAPH.vocabulary_size])]
    outputs += [helper.make_tensor_value_info(f"present.{part}", floats, cache) for part in parts]
    return inputs, outputs
