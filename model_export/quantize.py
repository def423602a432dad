"""Smaller weights: matrices in blocks of 8 or 4 bits (docs of the kernels: onnxruntime's MatMulNBits and
GatherBlockQuantized)."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsp_writer.errors import ExportFailed
from model_export.progress import quiet
from model_export.recipes import Recipe

if TYPE_CHECKING:
    import onnx

_ROWS = "/model/embed_tokens/rows"
#: What stands for 0 in unsigned 8 bits, unless a kernel is told otherwise.
_ZERO = 128
#: Activations in 8 bits too: without it decoding takes twice as long and is no better.
_ACCURACY_LEVEL = 4
# Where rounding to 4 bits hurts most, as llama.cpp found (its "mixed" formats): what goes into attention and what comes
# out of the feed-forward part, in the first and the last eighth of the layers and every third between.
_SENSITIVE = re.compile(
    r"[./](?:layers|h|blocks)\.(\d+)[./].*(?:qkv_proj|v_proj|down_proj|c_attn|query_key_value|fc2|fc_out|4h_to_h|mlp[./]c_proj)"
)


def quantize(recipe: Recipe, source: Path, folder: Path) -> None:
    """Write the graph at `source`, and its weights as `recipe` says, into `folder`, under the same names.

    Raises ExportFailed if its LM head or its embedding cannot be told from the rest.
    """
    import onnx

    if not recipe.bits:
        for path in (source, source.with_name(f"{source.name}.data")):
            shutil.copy(path, folder)
        return
    model = onnx.load(source, load_external_data=False)
    eight = [node.name for node in _matrices(model) if recipe.bits == 8 or _is_sensitive(node, model)]
    tied, fits = _is_tied(model, source.parent), _embedding_fits(model, recipe.block)
    if tied and fits:  # not to be read into memory a second time
        _drop(model.graph, {_embedding(model.graph).input[0]})
    onnx.load_external_data_for_model(model, str(source.parent))
    model = _in_8_bits(model, eight, recipe.block)
    shared = _share_embedding(model.graph, recipe.block) if tied and fits else ""
    if fits and not tied:
        _quantize_embedding(model.graph, recipe.block)
    if recipe.bits == 4:
        model = _in_4_bits(model, recipe.block)
    path = folder / source.name
    onnx.save(model, path, save_as_external_data=True, location=f"{source.name}.data")
    if shared:
        _add_rows(path, shared)


def _matrices(model: onnx.ModelProto) -> list[Any]:
    weights = {tensor.name for tensor in model.graph.initializer}
    return [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in weights]


def _is_sensitive(node: Any, model: onnx.ModelProto) -> bool:
    if node.name == _head(model.graph).name:
        return True
    found = _SENSITIVE.search(node.name)
    if not found:
        return False
    layer, layers = int(found[1]), _layers(model)
    return layer < layers / 8 or layer >= 7 * layers / 8 or (layer - round(layers / 8)) % 3 == 2


def _layers(model: onnx.ModelProto) -> int:
    return sum(value.name.endswith(".key") and value.name.startswith("past_") for value in model.graph.input)


def _head(graph: onnx.GraphProto) -> Any:
    """The last matrix before the logits; a bias or a cap may come after it."""
    makers = {name: node for node in graph.node for name in node.output}
    node = makers.get("logits")
    while node is not None and node.op_type not in ("MatMul", "MatMulNBits"):
        node = next((makers[name] for name in node.input if name in makers), None)
    if node is None or node.input[1] not in {tensor.name for tensor in graph.initializer}:
        raise _not_found("LM head")
    return node


def _not_found(part: str) -> ExportFailed:
    return ExportFailed(
        f"The {part} cannot be told from the rest of this model's graph, so its weights cannot be made smaller. Leave "
        "them as they are: add --precision fp32, or fp16 for a graphics card."
    )


def _in_8_bits(model: onnx.ModelProto, names: list[str], block: int) -> onnx.ModelProto:
    with quiet():
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        quantizer = MatMulNBitsQuantizer(
            model,
            bits=8,
            block_size=block,
            is_symmetric=True,
            accuracy_level=_ACCURACY_LEVEL,
            nodes_to_exclude=[node.name for node in _matrices(model) if node.name not in names],
        )
        quantizer.process()
    quantized: onnx.ModelProto = quantizer.model.model
    return quantized


def _in_4_bits(model: onnx.ModelProto, block: int) -> onnx.ModelProto:
    """What is left, with scales and offsets chosen to lose least ("k-quant")."""
    with quiet():
        from onnxruntime.quantization.matmul_nbits_quantizer import KQuantWeightOnlyQuantConfig, MatMulNBitsQuantizer

        quantizer = MatMulNBitsQuantizer(
            model, block_size=block, accuracy_level=_ACCURACY_LEVEL, algo_config=KQuantWeightOnlyQuantConfig()
        )
        quantizer.process()
    quantized: onnx.ModelProto = quantizer.model.model
    return quantized


def _embedding_fits(model: onnx.ModelProto, block: int) -> bool:
    """Whether there is a kernel that reads the embedding in 8-bit blocks: it makes 32-bit floats, of whole blocks."""
    from onnx import TensorProto

    head = next(tensor for tensor in model.graph.initializer if tensor.name == _head(model.graph).input[1])
    return bool(head.data_type == TensorProto.FLOAT and head.dims[0] % block == 0)


def _is_tied(model: onnx.ModelProto, folder: Path) -> bool:
    """Whether the embedding holds the LM head's numbers, which are still in the `folder`."""
    import numpy as np
    from onnx import numpy_helper

    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    head = weights[_head(model.graph).input[1]]
    embedding = _embedding(model.graph).input[0]
    if embedding not in weights:  # made of the LM head by a Transpose
        return any(embedding in node.output and head.name in node.input for node in model.graph.node)
    rows, columns = (numpy_helper.to_array(tensor, str(folder)) for tensor in (weights[embedding], head))
    return np.array_equal(rows, columns.T)


def _embedding(graph: onnx.GraphProto) -> Any:
    found = next((node for node in graph.node if node.op_type == "Gather" and "input_ids" in node.input), None)
    if found is None:
        raise _not_found("embedding")
    return found


def _share_embedding(graph: onnx.GraphProto, block: int) -> str:
    """Let the embedding read the LM head's 8-bit blocks: otherwise the 32-bit matrix would stay in the file for its
    sake, larger than all the rest. The answer is the name of the blocks."""
    blocks, scales = _head(graph).input[1:3]
    unused = {_embedding(graph).input[0]}
    for node in [node for node in graph.node if not unused.isdisjoint(node.output)]:
        unused.update(node.input)
        graph.node.remove(node)
    _read_blocks(graph, scales, block)
    _drop(graph, unused)
    return str(blocks)


def _drop(graph: onnx.GraphProto, weights: set[str]) -> None:
    for tensor in [tensor for tensor in graph.initializer if tensor.name in weights]:
        graph.initializer.remove(tensor)


def _quantize_embedding(graph: onnx.GraphProto, block: int) -> None:
    """An embedding of its own, in 8-bit blocks as the matrices are."""
    import numpy as np
    from onnx import numpy_helper

    name = _embedding(graph).input[0]
    tensor = next((tensor for tensor in graph.initializer if tensor.name == name), None)
    if tensor is None:  # computed: it stays as it is
        return
    rows = numpy_helper.to_array(tensor)
    blocks = rows.reshape(len(rows), -1, block)
    scales = np.maximum(np.abs(blocks).max(axis=-1, keepdims=True), np.finfo(np.float32).tiny) / 127
    numbers = (np.rint(blocks / scales) + _ZERO).astype(np.uint8).reshape(rows.shape)
    graph.initializer.remove(tensor)
    graph.initializer.append(numpy_helper.from_array(numbers, _ROWS))
    graph.initializer.append(numpy_helper.from_array(scales[..., 0], f"{_ROWS}/scales"))
    _read_blocks(graph, f"{_ROWS}/scales", block)


def _read_blocks(graph: onnx.GraphProto, scales: str, block: int) -> None:
    """Read the embedding's rows from 8-bit blocks."""
    from onnx import helper

    gather = _embedding(graph)
    embedding = helper.make_node(
        "GatherBlockQuantized",
        [_ROWS, "input_ids", scales],
        list(gather.output),
        name="/model/embed_tokens/GatherBlockQuantized",
        domain="com.microsoft",
        bits=8,
        block_size=block,
        gather_axis=0,
        quantize_axis=1,
    )
    graph.node.remove(gather)
    graph.node.insert(0, embedding)


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
