"""Graphs of shapes that the quantiser does not know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lsp_writer.errors import ExportFailed
from model_export.quantize import quantize
from model_export.recipes import Recipe

#: What computes `logits`: steps of an operation, what it reads, and the name of its result.
Steps = list[tuple[str, list[str], str]]
EMBEDDING = ("Gather", ["embedding", "input_ids"], "hidden")


def write_graph(path: Path, steps: Steps) -> None:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = {"embedding": np.ones((16, 64), np.float32), "head": np.ones((64, 16), np.float32)}
    graph = helper.make_graph(
        [helper.make_node(operation, inputs, [output], name=f"/{output}") for operation, inputs, output in steps],
        "strange",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 16])],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), path)


@pytest.mark.parametrize(
    ("steps", "part"),
    [
        ([EMBEDDING, ("Relu", ["hidden"], "logits")], "LM head"),
        ([EMBEDDING, ("Einsum", ["hidden", "head"], "logits")], "LM head"),
        ([EMBEDDING, ("Transpose", ["embedding"], "turned"), ("MatMul", ["hidden", "turned"], "logits")], "LM head"),
        (
            [
                ("Identity", ["input_ids"], "ids"),
                ("Gather", ["embedding", "ids"], "hidden"),
                ("MatMul", ["hidden", "head"], "logits"),
            ],
            "embedding",
        ),
    ],
)
@pytest.mark.parametrize("bits", [4, 8])
def test_a_graph_of_another_shape(steps: Steps, part: str, bits: int, tmp_path: Path) -> None:
    """“StopIteration”, and forty lines above it."""
    path, folder = tmp_path / "model.onnx", tmp_path / "made"
    write_graph(path, steps)
    folder.mkdir()
    with pytest.raises(ExportFailed, match=rf"The {part} cannot be told .* add --precision fp32"):
        quantize(Recipe("int8", bits, 32), path, folder)
