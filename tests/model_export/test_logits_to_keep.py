"""The LM head is found behind whatever is done to its logits, and sees only the positions that are wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lsp_writer.errors import ExportFailed
from model_export.logits_to_keep import LOGITS_TO_KEEP, add_logits_to_keep

HIDDEN = np.random.default_rng(0).standard_normal((2, 5, 8)).astype(np.float32)


def write_graph(path: Path, after: list[tuple[str, str]]) -> None:
    """Hidden states, an LM head, and steps after it, each with the constant that it takes, if any."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(1)
    constants = {
        "head": random.standard_normal((8, 12)).astype(np.float32),
        "bias": random.standard_normal(12).astype(np.float32),
        "cap": np.array(3, np.float32),
    }
    names = [f"step.{i}" for i in range(len(after))] + ["logits"]
    nodes = [helper.make_node("MatMul", ["hidden", "head"], [names[0]])]
    for (operation, constant), before, name in zip(after, names, names[1:], strict=False):
        nodes.append(helper.make_node(operation, [before, constant] if constant else [before], [name]))
    graph = helper.make_graph(
        nodes,
        "head",
        [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["batch", "n", 8])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "n", 12])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), path)


def answer(path: Path, **inputs: Any) -> np.ndarray:
    from onnx.reference import ReferenceEvaluator

    logits: np.ndarray = ReferenceEvaluator(str(path)).run(None, {"hidden": HIDDEN, **inputs})[0]
    return logits


@pytest.mark.parametrize(
    "after",
    [[], [("Add", "bias")], [("Div", "cap"), ("Tanh", ""), ("Mul", "cap")]],
    ids=["nothing", "a bias", "a soft cap"],
)
@pytest.mark.parametrize("keep", [1, 3, 5])
def test_the_last_logits_are_those_of_the_whole(tmp_path: Path, after: list[tuple[str, str]], keep: int) -> None:
    path = tmp_path / "model.onnx"
    write_graph(path, after)
    every = answer(path)
    add_logits_to_keep(path)
    wanted = {LOGITS_TO_KEEP: np.array([keep], np.int64)}
    np.testing.assert_allclose(answer(path, **wanted), every[:, -keep:], rtol=1e-5)


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    write_graph(path, [])
    add_logits_to_keep(path)
    once = path.read_bytes()
    add_logits_to_keep(path)
    assert path.read_bytes() == once


def test_a_graph_without_a_head_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    write_graph(path, [("Softmax", "")])
    with pytest.raises(ExportFailed, match=r"come from Softmax.*another architecture"):
        add_logits_to_keep(path)
