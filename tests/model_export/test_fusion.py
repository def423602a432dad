"""Joined matrices compute what they did one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model_export.fusion import join_matrices


def write_graph(path: Path, matrices: dict[str, int]) -> None:
    """A graph whose input, x, is multiplied by a matrix of so many columns for each output."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(0)
    nodes, weights, outputs = [], [], []
    for name, columns in matrices.items():
        values = random.standard_normal((64, columns)).astype(np.float32)
        weights.append(numpy_helper.from_array(values, f"{name}.weight"))
        nodes.append(helper.make_node("MatMul", ["x", f"{name}.weight"], [name], name=f"/{name}"))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, columns]))
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 64])
    graph = helper.make_graph(nodes, "products", [x], outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.save(model, path, save_as_external_data=True, location=f"{path.name}.data", size_threshold=0)


def answers(path: Path) -> list[np.ndarray]:
    from onnx.reference import ReferenceEvaluator

    results: list[np.ndarray] = ReferenceEvaluator(str(path)).run(None, {"x": np.ones((1, 64), np.float32)})
    return results


@pytest.mark.parametrize(
    ("matrices", "products"),
    [({"gate": 6, "up": 6}, 1), ({"q": 8, "k": 4, "v": 4}, 1), ({"alone": 5}, 1)],
)
def test_matrices_with_the_same_input_become_one(tmp_path: Path, matrices: dict[str, int], products: int) -> None:
    import onnx

    path = tmp_path / "model.onnx"
    write_graph(path, matrices)
    before, room = answers(path), path.with_name("model.onnx.data").stat().st_size
    join_matrices(path)
    for was, now in zip(before, answers(path), strict=True):
        np.testing.assert_allclose(now, was, rtol=1e-6)
    assert sum(node.op_type == "MatMul" for node in onnx.load(path).graph.node) == products
    assert path.with_name("model.onnx.data").stat().st_size <= room + 64  # nothing of the old is left
