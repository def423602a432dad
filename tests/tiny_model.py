"""A model folder of some hundred kilobytes: a graph of the exporter's shape (attention in place, logits to keep) with
random weights, so that what does not depend on the weights is tested in milliseconds."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
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
from tests import plain_attention

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
#: The same weights in a graph that returns a new cache, as the portable ones do.
GROWING_GRAPH = msgspec.structs.replace(
    COPYING_GRAPH, kv=msgspec.structs.replace(GRAPH.kv, contract="growing"), positions=True
)
#: The same weights in 16-bit floats, as a graphics card has them.
HALF_GRAPH = msgspec.structs.replace(GRAPH, kv=msgspec.structs.replace(GRAPH.kv, dtype="float16"))
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


def write_folder(folder: Path, probe: Probe | None = None, graph: Graph = GRAPH) -> Manifest:
    """A complete model folder; without `probe`, one that any answer satisfies."""
    write_graph(folder, graph)
    easy = Probe(token_ids=(1, 2, 3), top_ids=(0,), top_logits=(0.0,), tolerance=1e9)
    return write_manifest(folder, probe or easy, graph)


def write_graph(folder: Path, graph: Graph) -> None:
    onnx.save(_model(graph), folder / graph.file)


def write_manifest(folder: Path, probe: Probe, graph: Graph = GRAPH) -> Manifest:
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
        graph=graph,
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


def _model(graph: Graph) -> onnx.ModelProto:
    random = np.random.default_rng(0)
    floats = np.dtype(graph.kv.dtype)
    embedding = random.normal(size=(GRAPH.vocabulary_size, _HIDDEN)).astype(np.float32)
    angles = np.outer(np.arange(GRAPH.context_tokens), 1 / 100 ** np.linspace(0, 1, GRAPH.kv.head_size // 2))
    weights: dict[str, npt.NDArray[np.generic]] = {
        "embedding": embedding.astype(floats),
        "head": np.ascontiguousarray(embedding.T, floats),
        "cos": np.cos(angles).astype(floats),
        "sin": np.sin(angles).astype(floats),
        "one": np.array([1], np.int64),
        "index": np.array(1, np.int64),
        "end": np.array([2**63 - 1], np.int64),
    }
    growing = graph.kv.contract == "growing"
    weights |= plain_attention.constants(graph.kv, _QUERY_HEADS) if growing else {}
    nodes = plain_attention.shared_nodes() if growing else _lengths()
    nodes.append(helper.make_node("Gather", ["embedding", "input_ids"], ["hidden.0"]))
    for layer in range(GRAPH.kv.layers):
        packed = (_QUERY_HEADS + 2 * GRAPH.kv.heads) * GRAPH.kv.head_size
        weights[f"qkv.{layer}"] = random.normal(size=(_HIDDEN, packed)).astype(floats) / 8
        weights[f"out.{layer}"] = random.normal(size=(_HIDDEN, _HIDDEN)).astype(floats) / 4
        nodes += _layer(layer, graph)
    nodes += [
        helper.make_node("Neg", ["logits_to_keep"], ["start"]),
        helper.make_node("Slice", [f"hidden.{GRAPH.kv.layers}", "start", "end", "one"], ["kept"]),
        helper.make_node("MatMul", ["kept", "head"], ["logits"]),
    ]
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    tiny = helper.make_graph(nodes, "tiny", *_inputs_and_outputs(graph), initializers)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(tiny, opset_imports=opsets, ir_version=10)


def _lengths() -> list[onnx.NodeProto]:
    """What GroupQueryAttention wants to know of the mask."""
    return [
        helper.make_node("ReduceSum", ["attention_mask", "one"], ["lengths"], keepdims=0),
        helper.make_node("Sub", ["lengths", "one"], ["last"]),
        helper.make_node("Cast", ["last"], ["past"], to=onnx.TensorProto.INT32),
        helper.make_node("Shape", ["attention_mask"], ["shape"]),
        helper.make_node("Gather", ["shape", "index"], ["columns"]),
        helper.make_node("Cast", ["columns"], ["total"], to=onnx.TensorProto.INT32),
    ]


def _group_query_attention(layer: int, graph: Graph) -> onnx.NodeProto:
    rest = ("past", "total", "cos", "sin", *(("position_ids", "attention_bias") if graph.branches else ()))
    return helper.make_node(
        "GroupQueryAttention",
        [f"packed.{layer}", "", "", *(f"past_key_values.{layer}.{part}" for part in ("key", "value")), *rest],
        [f"attended.{layer}", f"present.{layer}.key", f"present.{layer}.value"],
        domain="com.microsoft",
        num_heads=_QUERY_HEADS,
        kv_num_heads=graph.kv.heads,
        do_rotary=1,
    )


def _layer(layer: int, graph: Graph) -> list[onnx.NodeProto]:
    growing = graph.kv.contract == "growing"
    attention = plain_attention.nodes(layer) if growing else [_group_query_attention(layer, graph)]
    return [
        helper.make_node("MatMul", [f"hidden.{layer}", f"qkv.{layer}"], [f"packed.{layer}"]),
        *attention,
        helper.make_node("MatMul", [f"attended.{layer}", f"out.{layer}"], [f"projected.{layer}"]),
        helper.make_node("Add", [f"hidden.{layer}", f"projected.{layer}"], [f"hidden.{layer + 1}"]),
    ]


def _inputs_and_outputs(graph: Graph) -> tuple[list[onnx.ValueInfoProto], list[onnx.ValueInfoProto]]:
    floats, integers = helper.np_dtype_to_tensor_dtype(np.dtype(graph.kv.dtype)), onnx.TensorProto.INT64
    cache = ["batch", GRAPH.kv.heads, "tokens", GRAPH.kv.head_size]
    parts = [f"{layer}.{part}" for layer in range(GRAPH.kv.layers) for part in ("key", "value")]
    inputs = [
        helper.make_tensor_value_info("input_ids", integers, ["batch", "sequence"]),
        helper.make_tensor_value_info("attention_mask", integers, ["batch", "total"]),
        helper.make_tensor_value_info("logits_to_keep", integers, [1]),
    ]
    if graph.branches or graph.positions:
        inputs.append(helper.make_tensor_value_info("position_ids", integers, ["batch", "sequence"]))
    if graph.branches:
        inputs.append(helper.make_tensor_value_info("attention_bias", floats, [1, 1, "sequence", "total"]))
    inputs += [helper.make_tensor_value_info(f"past_key_values.{part}", floats, cache) for part in parts]
    outputs = [helper.make_tensor_value_info("logits", floats, ["batch", "kept", GRAPH.vocabulary_size])]
    longer = [*cache[:2], "total", cache[3]] if graph.kv.contract == "growing" else cache
    outputs += [helper.make_tensor_value_info(f"present.{part}", floats, longer) for part in parts]
    return inputs, outputs
