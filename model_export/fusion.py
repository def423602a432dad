"""Matrices that read the same input become one: a pass begins and ends fewer parallel loops, each of which makes the
threads wait for one another."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import onnx


def join_matrices(path: Path) -> None:
    """In the graph at `path`, in 32-bit floats, multiply once by the matrices side by side and split the product."""
    import onnx

    model = onnx.load(path)
    readers = defaultdict(list)
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            readers[node.input[0]].append(node)
    for nodes in readers.values():
        if len(nodes) > 1:
            _join(model.graph, nodes, weights)
    # In place of the old file, to which saving would append.
    location = path.with_name(f"{path.name}.data")
    location.unlink()
    onnx.save(model, path, save_as_external_data=True, location=location.name)


def _join(graph: onnx.GraphProto, nodes: list[Any], weights: dict[str, Any]) -> None:
    """Put one product and a Split in the place of `nodes`, the first of which keeps its name."""
    from onnx import helper, numpy_helper

    first = nodes[0]
    matrices = [numpy_helper.to_array(weights[node.input[1]]) for node in nodes]
    joined = numpy_helper.from_array(np.concatenate(matrices, axis=1), f"{first.name}/joined")
    sizes = numpy_helper.from_array(np.array([matrix.shape[1] for matrix in matrices]), f"{first.name}/sizes")
    product = helper.make_node("MatMul", [first.input[0], joined.name], [f"{first.name}/product"], name=first.name)
    parts = [node.output[0] for node in nodes]
    split = helper.make_node("Split", [product.output[0], sizes.name], parts, name=f"{first.name}/Split", axis=-1)
    place = list(graph.node).index(first)
    for node in nodes:
        graph.node.remove(node)
        graph.initializer.remove(weights[node.input[1]])
    graph.initializer.extend([joined, sizes])
    graph.node.insert(place, split)
    graph.node.insert(place, product)
