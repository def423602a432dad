"""8-bit weights in blocks of 64: the smallest form that leaves a model of this size what it was (docs of the kernels:
onnxruntime's MatMulNBits and GatherBlockQuantized)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from model_export.graph import GRAPH_FILE, WEIGHTS_FILE
from model_export.progress import quiet

if TYPE_CHECKING:
    import onnx

PRECISION = "int8"
_BLOCK = 64
_ROWS = "/model/embed_tokens/rows"


def quantize(source: Path, folder: Path) -> None:
    """Write the graph at `source` with 8-bit matrices into `folder`."""
    import onnx

    with quiet():
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        quantizer = MatMulNBitsQuantizer(
            onnx.load(source),
            bits=8,
            block_size=_BLOCK,
            is_symmetric=True,
            accuracy_level=4,  # activations in 8 bits too: without it decoding takes twice as long and is no better
        )
        quantizer.process()
    model = quantizer.model.model
    shared = _share_embedding(model.graph)
    onnx.save(model, folder / GRAPH_FILE, save_as_external_data=True, location=WEIGHTS_FILE)
    if shared:
        _add_rows(folder / GRAPH_FILE, shared)


def _share_embedding(graph: onnx.GraphProto) -> str:
    """Where the embedding was the transposed LM head, let it read the LM head's 8-bit blocks: otherwise the 32-bit
    matrix would stay in the file for its sake, larger than all the rest. The answer is their name, or empty."""
    from onnx import helper

    head = next(node for node in graph.node if "logits" in node.output)
    gather = next(node for node in graph.node if node.op_type == "Gather" and "input_ids" in node.input)
    transpose = next((node for node in graph.node if gather.input[0] in node.output), None)
    if transpose is None:
        return ""
    blocks, scales = head.input[1], head.input[2]
    embedding = helper.make_node(
        "GatherBlockQuantized",
        [_ROWS, "input_ids", scales],
        list(gather.output),
        name="/model/embed_tokens/GatherBlockQuantized",
        domain="com.microsoft",
        bits=8,
        block_size=_BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )
    matrix = next(tensor for tensor in graph.initializer if tensor.name == transpose.input[0])
    graph.initializer.remove(matrix)
    graph.node.remove(transpose)
    graph.node.remove(gather)
    graph.node.insert(0, embedding)
    return str(blocks)


def _add_rows(path: Path, blocks: str) -> None:
    """The embedding as another name for the same place in the weights' file. A Reshape would do, but its result is a
    copy in memory; these rows are read from the file, as they are needed."""
    import onnx

    model = onnx.load(path, load_external_data=False)
    head = next(tensor for tensor in model.graph.initializer if tensor.name == blocks)
    vocabulary, count, size = head.dims
    rows = model.graph.initializer.add()
    rows.CopyFrom(head)
    rows.name = _ROWS
    rows.dims[:] = [vocabulary, count * size]
    onnx.save(model, path)
