"""A traced graph made small and quick: what a tracer writes down to find out a shape is known beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import onnx

#: Makes a Gemm of a product and a sum, which the quantiser does not know.
_NOT_WANTED = ["MatMulAddFusion"]


def simplify(source: Path, target: Path) -> None:
    """Write the graph at `source` to `target`, and its weights to a file beside that. `source` is used up."""
    import onnx

    model = onnx.load(source, load_external_data=False)
    _split_gemms(model.graph)
    _fix_shapes(model)
    onnx.save(model, source)
    _optimise(source, target)


def _split_gemms(graph: onnx.GraphProto) -> None:
    """Gemm, which the quantiser does not know, as the product and the sum that it is."""
    from onnx import helper

    weights = {tensor.name for tensor in graph.initializer}
    for index, gemm in reversed(list(enumerate(graph.node))):
        if gemm.op_type != "Gemm" or gemm.input[1] not in weights or not _is_affine(gemm):
            continue
        factor, weight, summand = gemm.input
        matrix, product = f"{gemm.name}/matrix", f"{gemm.name}/product"
        turned = "Transpose" if _attribute(gemm, "transB", 0) else "Identity"
        steps = [
            helper.make_node(turned, [weight], [matrix]),
            helper.make_node("MatMul", [factor, matrix], [product], name=gemm.name),
            helper.make_node("Add", [product, summand], list(gemm.output)),
        ]
        graph.node.remove(gemm)
        for step in reversed(steps):
            graph.node.insert(index, step)


def _is_affine(gemm: onnx.NodeProto) -> bool:
    """Whether it computes x W + b, and nothing that only Gemm can."""
    scales = (_attribute(gemm, "alpha", 1), _attribute(gemm, "beta", 1))
    return len(gemm.input) == 3 and scales == (1, 1) and not _attribute(gemm, "transA", 0)


def _attribute(node: onnx.NodeProto, name: str, otherwise: float) -> Any:
    from onnx import helper

    return next((helper.get_attribute_value(found) for found in node.attribute if found.name == name), otherwise)


def _drop_unread(graph: onnx.GraphProto) -> None:
    """Take out what leads to none of the outputs."""
    read = {value.name for value in graph.output}
    for node in reversed(graph.node[:]):
        if read.isdisjoint(node.output):
            graph.node.remove(node)
        else:
            read.update(node.input)
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in read]:
        graph.initializer.remove(tensor)


def _fix_shapes(model: onnx.ModelProto) -> None:
    """Where a Reshape keeps the lengths that are not known yet, say so, and do not compute them in every layer."""
    from onnx import TensorProto, helper

    graph = model.graph
    shapes = _shapes(model)
    renamed: dict[str, str] = {}
    for node in [node for node in graph.node if node.op_type == "Reshape"]:
        before, after = shapes.get(node.input[0]), shapes.get(node.output[0])
        if before is None or after is None:
            continue
        if before == after:
            renamed[node.output[0]] = renamed.get(node.input[0], node.input[0])
            graph.node.remove(node)
        elif (wanted := _target(before, after)) is not None:
            name = f"{node.output[0]}/shape"
            graph.initializer.append(helper.make_tensor(name, TensorProto.INT64, [len(wanted)], wanted))
            node.input[1] = name
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = renamed.get(name, name)
    _drop_unread(graph)


def _shapes(model: onnx.ModelProto) -> dict[str, list[int | str]]:
    """Of each value whose rank is known: lengths, and expressions of the inputs' for those that vary."""
    from onnxruntime.tools.symbolic_shape_infer import SymbolicShapeInference

    try:
        graph = SymbolicShapeInference.infer_shapes(model, auto_merge=True).graph
    except Exception:  # noqa: BLE001 - it asserts what few graphs break; those compute their shapes as they run
        return {}
    types = {value.name: value.type.tensor_type for value in (*graph.value_info, *graph.input)}
    return {
        name: [dim.dim_param or dim.dim_value for dim in type_.shape.dim]
        for name, type_ in types.items()
        if type_.HasField("shape")
    }


def _target(before: list[int | str], after: list[int | str]) -> list[int] | None:
    """What Reshape is to be told: 0 for a length that it keeps, and -1 for one that follows from the others."""
    kept = [
        length if isinstance(length, int) else 0 if before[place : place + 1] == [length] else -1
        for place, length in enumerate(after)
    ]
    return kept if kept.count(-1) <= 1 else None


def _optimise(source: Path, target: Path) -> None:
    """What ONNX Runtime would do whenever it loads the graph, short of what depends on the machine."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.log_severity_level = 4
    # Nothing is going to be computed: without this it would hold a second copy of every matrix, laid out for speed.
    options.add_session_config_entry("session.disable_prepacking", "1")
    options.optimized_model_filepath = str(target)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", f"{target.name}.data")
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"], disabled_optimizers=_NOT_WANTED)
