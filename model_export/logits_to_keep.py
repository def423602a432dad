"""Most of a prefill's logits are never looked at: let the LM head see only the last positions asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lsp_writer.errors import ExportFailed

if TYPE_CHECKING:
    import onnx

LOGITS_TO_KEEP = "logits_to_keep"
_SHAPE, _LENGTH, _START, _END, _AXIS, _KEPT = (
    f"/lm_head/{name}" for name in ("shape", "length", "start", "end", "axis", "kept")
)
# Not Gemm: it takes rows that are no longer told apart by the text they belong to.
_MATRICES = frozenset({"MatMul", "MatMulNBits", "FusedMatMul"})
#: What may stand between the LM head and the logits: a bias, a scale, Gemma's soft cap. All work on each value alone.
_ELEMENTWISE = frozenset({"Add", "Sub", "Mul", "Div", "Tanh", "Cast", "Identity"})


def add_logits_to_keep(path: Path) -> None:
    """Give the graph at `path` the input LOGITS_TO_KEEP, int64 [1]: of how many last positions it computes logits.

    A graph that has it is left as it is. Raises ExportFailed if the LM head cannot be told from the rest.
    """
    import onnx
    from onnx import TensorProto, helper

    model = onnx.load(path, load_external_data=False)
    graph = model.graph
    if any(value.name == LOGITS_TO_KEEP for value in graph.input):
        return
    head, *rest = _from_head_to_logits(graph)
    index = list(graph.node).index(head)
    graph.input.append(helper.make_tensor_value_info(LOGITS_TO_KEEP, TensorProto.INT64, [1]))
    graph.initializer.append(helper.make_tensor(_END, TensorProto.INT64, [1], [2**63 - 1]))
    graph.initializer.append(helper.make_tensor(_AXIS, TensorProto.INT64, [1], [1]))
    kept = [head.input[0], _START, _END, _AXIS]
    graph.node.insert(index, helper.make_node("Slice", kept, [_KEPT], name="/lm_head/Slice"))
    # Counted from the front: it is what depends on a shape that a graphics card leaves to the processor, and the
    # processor that Slice wants the number from.
    graph.node.insert(index, helper.make_node("Sub", [_LENGTH, LOGITS_TO_KEEP], [_START], name="/lm_head/Sub"))
    graph.node.insert(index, helper.make_node("Gather", [_SHAPE, _AXIS], [_LENGTH], name="/lm_head/Gather"))
    graph.node.insert(index, helper.make_node("Shape", [head.input[0]], [_SHAPE], name="/lm_head/Shape"))
    head.input[0] = _KEPT
    shortened = {name for node in (head, *rest) for name in node.output}
    for value in [value for value in graph.value_info if value.name in shortened]:
        graph.value_info.remove(value)  # ONNX Runtime would plan its memory by the old shape
    logits = next(output for output in graph.output if output.name == "logits")
    logits.type.tensor_type.shape.dim[1].dim_param = LOGITS_TO_KEEP
    onnx.save(model, path)


def _from_head_to_logits(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """The last product with a matrix, and what is done to each of its values before they are the logits."""
    producers = {name: node for node in graph.node if node.op_type != "Constant" for name in node.output}
    nodes = [producers["logits"]]
    while nodes[0].op_type in _ELEMENTWISE:
        computed = [name for name in nodes[0].input if name in producers]
        if len(computed) != 1:
            break
        nodes.insert(0, producers[computed[0]])
    if nodes[0].op_type not in _MATRICES:
        raise ExportFailed(
            f"The model's logits come from {nodes[0].op_type}, where a matrix was expected, so lsp-writer cannot use "
            "its graph. Choose a model of another architecture."
        )
    return nodes
