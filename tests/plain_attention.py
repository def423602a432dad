"""Attention out of ordinary ONNX operators, as in a graph that gives back its keys and values longer: what
GroupQueryAttention computes in one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper

from lsp_writer.inference.manifest import KVLayout

# What all layers read; every other name is a layer's own.
_GLOBAL = {
    *("parts", "by_query_head", "by_head", "by_shared_head", "by_head_again", "side_by_side", "axis_2", "scale"),
    *("bias", "turn.cos", "turn.sin"),
}


def constants(layout: KVLayout, query_heads: int) -> dict[str, npt.NDArray[np.generic]]:
    """What the nodes below read besides their weights, the tables `cos` and `sin` and `index`, a scalar 1."""
    size, shared = layout.head_size, query_heads // layout.heads
    return {
        "parts": np.array([query_heads * size, layout.heads * size, layout.heads * size], np.int64),
        "by_query_head": np.array([0, 0, query_heads, size], np.int64),
        "by_head": np.array([0, 0, layout.heads, size], np.int64),
        "by_shared_head": np.array([0, layout.heads, shared, -1, size], np.int64),
        "by_head_again": np.array([0, query_heads, -1, size], np.int64),
        "side_by_side": np.array([0, 0, query_heads * size], np.int64),
        "zero": np.array(0, np.int64),
        "axis_1": np.array([1], np.int64),
        "axis_2": np.array([2], np.int64),
        "later": np.array([1, 2, 4], np.int64),
        "before": np.array([0, 1, 2, 3], np.int64),
        "seen": np.array(0, np.float32),
        "hidden": np.array(np.finfo(np.float32).min, np.float32),
        "scale": np.array(size**-0.5, np.float32),
    }


def shared_nodes() -> list[onnx.NodeProto]:
    """What every layer needs: `bias` [batch, 1, 1, n, total], and `turn.cos` and `turn.sin` [batch, 1, n, size / 2]."""
    return [
        helper.make_node("Shape", ["attention_mask"], ["mask_shape"]),
        helper.make_node("Gather", ["mask_shape", "index"], ["total"]),
        helper.make_node("Range", ["zero", "total", "index"], ["places"]),
        helper.make_node("Unsqueeze", ["position_ids", "later"], ["own_places"]),
        helper.make_node("LessOrEqual", ["places", "own_places"], ["visible"]),
        helper.make_node("Where", ["visible", "seen", "hidden"], ["bias"]),
        *(
            node
            for part in ("cos", "sin")
            for node in (
                helper.make_node("Gather", [part, "position_ids"], [f"angles.{part}"]),
                helper.make_node("Unsqueeze", [f"angles.{part}", "axis_1"], [f"turn.{part}"]),
            )
        ),
    ]


def nodes(layer: int) -> list[onnx.NodeProto]:
    """From `packed.{layer}` and the past to `attended.{layer}` and the present."""

    def node(kind: str, inputs: str, output: str, **attributes: object) -> onnx.NodeProto:
        names = [name if name in _GLOBAL or name.startswith("past") else f"{name}.{layer}" for name in inputs.split()]
        outputs = [name if name.startswith("present") else f"{name}.{layer}" for name in output.split()]
        return helper.make_node(kind, names, outputs, **attributes)

    def turned(name: str) -> list[onnx.NodeProto]:
        """Rotary embedding: the first half of each head against the second."""
        return [
            node("Split", name, f"{name}.a {name}.b", axis=3, num_outputs=2),
            node("Mul", f"{name}.a turn.cos", f"{name}.ac"),
            node("Mul", f"{name}.b turn.sin", f"{name}.bs"),
            node("Mul", f"{name}.b turn.cos", f"{name}.bc"),
            node("Mul", f"{name}.a turn.sin", f"{name}.as"),
            node("Sub", f"{name}.ac {name}.bs", f"{name}.left"),
            node("Add", f"{name}.bc {name}.as", f"{name}.right"),
            node("Concat", f"{name}.left {name}.right", f"{name}.turned", axis=3),
        ]

    past, present = f"past_key_values.{layer}", f"present.{layer}"
    heads = [("query", "by_query_head"), ("key", "by_head"), ("value", "by_head")]
    return [
        node("Split", "packed parts", "query.flat key.flat value.flat", axis=2),
        *(node("Reshape", f"{name}.flat {shape}", f"{name}.rows") for name, shape in heads),
        *(node("Transpose", f"{name}.rows", name, perm=[0, 2, 1, 3]) for name, _ in heads),
        *turned("query"),
        *turned("key"),
        node("Concat", f"{past}.key key.turned", f"{present}.key", axis=2),
        node("Concat", f"{past}.value value", f"{present}.value", axis=2),
        node("Reshape", "query.turned by_shared_head", "query.shared"),
        helper.make_node("Unsqueeze", [f"{present}.key", "axis_2"], [f"keys.{layer}"]),
        helper.make_node("Unsqueeze", [f"{present}.value", "axis_2"], [f"values.{layer}"]),
        node("Transpose", "keys", "keys.columns", perm=[0, 1, 2, 4, 3]),
        node("MatMul", "query.shared keys.columns", "scores.plain"),
        node("Mul", "scores.plain scale", "scores.scaled"),
        node("Add", "scores.scaled bias", "scores"),
        node("Softmax", "scores", "weights", axis=-1),
        node("MatMul", "weights values", "sums.shared"),
        node("Reshape", "sums.shared by_head_again", "sums"),
        node("Transpose", "sums", "sums.rows", perm=[0, 2, 1, 3]),
        node("Reshape", "sums.rows side_by_side", "attended"),
    ]
