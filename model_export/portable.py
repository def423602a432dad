"""The portable graph: what transformers computes, traced by optimum, for architectures without a fused graph."""

from __future__ import annotations

import contextlib
import inspect
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.manifest import Graph, KVLayout
from model_export.graph import GRAPH_FILE
from model_export.logits_to_keep import LOGITS_TO_KEEP, add_logits_to_keep
from model_export.memory import give_back
from model_export.progress import quiet
from model_export.simplify import simplify

_TASK = "text-generation-with-past"
#: The inputs and outputs that the server knows.
_KNOWN = re.compile(
    rf"input_ids|attention_mask|position_ids|{LOGITS_TO_KEEP}|logits|(past_key_values|present)\.\d+\.(key|value)"
)
#: Bytes. Vectors are smaller, and stay in the graph: its shapes are found out from what is there.
_LARGE = 1 << 20


def supports(model_type: str) -> bool:
    """Whether a graph can be traced of models of this type, as config.json names it."""
    with quiet():
        return model_type in _tasks_manager().get_supported_model_type_for_task(_TASK, "onnx")


def _tasks_manager() -> Any:
    from optimum.exporters.onnx import model_configs  # noqa: F401 - importing it makes its models known
    from optimum.exporters.tasks import TasksManager

    return TasksManager


def build(checkpoint: Path, folder: Path, context_tokens: int) -> Graph:
    """Write the graph of the saved transformers model at `checkpoint`, which reads `context_tokens` at most, into
    `folder`, in 32-bit floats.

    Raises ExportFailed if it cannot be traced, or if its inputs or its cache are not those that the server knows.
    """
    path = folder / GRAPH_FILE
    with tempfile.TemporaryDirectory(dir=folder) as work, quiet():
        traced = Path(work) / GRAPH_FILE
        _trace(checkpoint, traced)
        give_back()
        simplify(traced, path)
    add_logits_to_keep(path)
    return describe(path, context_tokens)


def _trace(checkpoint: Path, path: Path) -> None:
    """Write the graph as transformers computes it to `path`."""
    from transformers import AutoModelForCausalLM

    # The attention written out: the other kinds leave steps in the graph that only guard against rows of padding.
    model = AutoModelForCausalLM.from_pretrained(
        checkpoint, dtype="float32", attn_implementation="eager", local_files_only=True
    )
    _use_linear_layers(model)
    try:
        _write_nodes(model.eval(), path)
    except OSError:
        raise
    except Exception as error:
        raise ExportFailed(
            f"No graph could be made of this model ({_first_line(error)}). Choose a model of another architecture, "
            "or report this with the versions that pip list shows."
        ) from error
    _write_weights(model, path)


def _write_nodes(model: Any, path: Path) -> None:
    """Trace the model with optimum's knowledge of its inputs and outputs. Its weights become inputs too: in one message
    with the graph, as optimum's own `export` writes them, they take several times their size in memory."""
    import torch

    make_configuration = _tasks_manager().get_exporter_config_constructor(
        "onnx", model, task=_TASK, library_name="transformers"
    )
    configuration = make_configuration(model.config, use_past_in_inputs=True)
    examples = configuration.rename_ambiguous_inputs(configuration.generate_dummy_inputs(framework="pt"))
    model.config.use_cache = True
    # Left to its default, the number would become an input; not every model has it.
    every = {name: 0 for name in inspect.signature(model.forward).parameters if name == LOGITS_TO_KEEP}
    with torch.no_grad(), _without_weights(model), configuration.patch_model_for_export(model, model_kwargs=every):
        inputs, outputs = configuration.ordered_inputs(model), configuration.outputs
        torch.onnx.export(
            model,
            (examples,),
            str(path),
            input_names=[*inputs],
            output_names=[*outputs],
            dynamic_axes={**inputs, **outputs},
            opset_version=configuration.DEFAULT_ONNX_OPSET,
            export_params=False,
            do_constant_folding=False,
            dynamo=False,
        )


@contextlib.contextmanager
def _without_weights(model: Any) -> Iterator[None]:
    """Every weight a matrix of one number, which is kept once: the tracer copies what it finds. The numbers differ, for
    equal weights would become one."""
    import torch

    weights = [(parameter, parameter.data) for parameter in model.parameters()]
    for number, (parameter, data) in enumerate(weights):
        parameter.data = torch.tensor(number / 1000, dtype=data.dtype).expand(data.shape)
    try:
        yield
    finally:
        for parameter, data in weights:
            parameter.data = data


def _write_weights(model: Any, path: Path) -> None:
    """Give the traced graph at `path` its weights, the large ones in a file beside it."""
    import onnx

    tensors = {
        **dict(model.named_parameters(remove_duplicate=False)),
        **dict(model.named_buffers(remove_duplicate=False)),
    }
    traced = onnx.load(path)
    weights = path.with_name(f"{path.name}.matrices")
    with weights.open("wb") as file:
        for value in [value for value in traced.graph.input if value.name in tensors]:
            array = tensors[value.name].detach().contiguous().numpy()
            tensor = traced.graph.initializer.add(
                name=value.name, dims=array.shape, data_type=onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
            )
            if array.nbytes < _LARGE:
                tensor.raw_data = array.tobytes()
            else:
                place = {"location": weights.name, "offset": file.tell(), "length": array.nbytes}
                tensor.data_location = onnx.TensorProto.EXTERNAL
                for key, what in place.items():
                    tensor.external_data.add(key=key, value=str(what))
                array.tofile(file)
            traced.graph.input.remove(value)
    onnx.save(traced, path)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _use_linear_layers(module: Any) -> None:
    """GPT-2's layers as everybody else's, which are traced as one product and not as four steps around it."""
    import torch
    from transformers.pytorch_utils import Conv1D

    for name, layer in module.named_children():
        if isinstance(layer, Conv1D):
            linear = torch.nn.Linear(layer.nx, layer.nf, device="meta")
            linear.weight = torch.nn.Parameter(layer.weight.T, requires_grad=False)
            linear.bias = layer.bias
            setattr(module, name, linear)
        else:
            _use_linear_layers(layer)


def describe(path: Path, context_tokens: int) -> Graph:
    """What the server must know of the graph, read from its inputs and outputs.

    Raises ExportFailed if they are not those that the server knows.
    """
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    shapes = {
        value.name: tuple(dim.dim_value or dim.dim_param for dim in value.type.tensor_type.shape.dim)
        for value in (*graph.input, *graph.output)
    }
    unknown = [name for name in shapes if not _KNOWN.fullmatch(name)]
    caches = [shape for name, shape in shapes.items() if name.startswith("past_key_values.")]
    match [*set(caches)]:
        case [(str(), int(heads), str(), int(head_size))] if not unknown:
            return Graph(
                file=path.name,
                logits_to_keep=LOGITS_TO_KEEP,
                vocabulary_size=shapes["logits"][2],
                context_tokens=context_tokens,
                kv=KVLayout(
                    contract="growing", layers=len(caches) // 2, heads=heads, head_size=head_size, dtype="float32"
                ),
                positions="position_ids" in shapes,
            )
    raise ExportFailed(
        f"This model's graph takes or gives what lsp-writer does not know ({', '.join(unknown) or min(caches)}). "
        "Choose a model of another architecture."
    )
