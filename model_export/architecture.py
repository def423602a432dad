"""Which models can be exported, and by which of the two ways to a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lsp_writer.errors import ExportFailed
from model_export import portable
from model_export.progress import quiet
from model_export.recipes import Target

GraphKind = Literal["fused", "portable"]

#: Models for text alone of which the ONNX Runtime GenAI builder makes a graph that computes the same. It knows more by
#: name: of OLMo's and Nemotron's norms it makes others, and HunYuan's positions get lost.
FUSED = frozenset(
    {
        "Ernie4_5ForCausalLM",
        "Gemma2ForCausalLM",
        "Gemma3ForCausalLM",
        "GemmaForCausalLM",
        "GraniteForCausalLM",
        "LlamaForCausalLM",
        "MistralForCausalLM",
        "Phi3ForCausalLM",
        "PhiForCausalLM",
        "Qwen2ForCausalLM",
        "Qwen3ForCausalLM",
        "SmolLM3ForCausalLM",
    }
)
#: A page before the caret, and what is written after it.
_LEAST_CONTEXT = 256
_CONTEXT_NAMES = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx")
#: Layers that keep a key and a value of every token. Any other kind has a state that cannot be taken back.
_REWINDABLE = {"attention", "full_attention", "sliding_attention"}
_LAYER_KINDS = ("layer_types", "layers_block_type", "block_types")
#: What GroupQueryAttention can do is a multiple of this.
_HEAD_STEP = 16
_ANOTHER = "Choose a causal language model, such as Qwen2.5, Llama, Gemma or GPT-2."


@dataclass(frozen=True)
class Architecture:
    """What a checkpoint's configuration says of the network."""

    #: The class in transformers.
    name: str
    graph: GraphKind
    parameters: int
    #: The longest sequence it was made for.
    context_tokens: int

    def __str__(self) -> str:
        return f"{self.name}, {self.parameters / 1e6:,.0f} million parameters, {self.graph} graph"


def judge(config: Mapping[str, Any], graph: GraphKind | Literal["auto"], target: Target) -> Architecture:
    """Raises ExportFailed if no graph of this model could be served."""
    _refuse_other_kinds(config)
    with quiet():
        transformers_config, model = _skeleton(config)
    name = type(model).__name__
    context = _context_tokens(config, transformers_config)
    return Architecture(
        name=name,
        graph=_choose(name, config, transformers_config, graph, target),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        context_tokens=context,
    )


def _refuse_other_kinds(config: Mapping[str, Any]) -> None:
    if "model_type" not in config:
        kind = "a diffusion model" if "_class_name" in config else "not a language model that transformers knows"
        raise ExportFailed(f"This is {kind}. {_ANOTHER}")
    named = _named(config) or config["model_type"]
    if config.get("is_encoder_decoder"):
        raise ExportFailed(f"{named} reads with an encoder. {_ANOTHER}")
    if {"vision_config", "audio_config"} & config.keys():
        raise ExportFailed(f"{named} reads pictures or sound as well as text. Choose a model for text alone.")


def _named(config: Mapping[str, Any]) -> str:
    match config.get("architectures"):
        case [str(name), *_] | str(name):
            return name
    return ""


def _skeleton(config: Mapping[str, Any]) -> tuple[Any, Any]:
    """The model's configuration and the model itself, without weights."""
    import torch
    import transformers
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    kind = config["model_type"]
    expected = MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.get(kind)
    named = _named(config) or expected
    if named and "auto_map" in config and expected is None:
        raise ExportFailed(f"{named} is code of its makers' own, of which no graph can be made here. {_ANOTHER}")
    if expected is None or named != expected:
        raise ExportFailed(f"{named or kind} is no causal language model that transformers knows. {_ANOTHER}")
    settings = {name: value for name, value in config.items() if name not in ("model_type", "auto_map")}
    try:
        made = transformers.AutoConfig.for_model(kind, **settings)
        _refuse_recurrent(named, getattr(transformers, named), made)
        with torch.device("meta"):
            return made, transformers.AutoModelForCausalLM.from_config(made)
    except (AttributeError, KeyError, TypeError, ValueError, ImportError, RuntimeError) as error:
        raise ExportFailed(
            f"transformers cannot make a {named} of its config.json ({error}). Download it again, or choose another."
        ) from error


def _refuse_recurrent(name: str, model: Any, made: Any) -> None:
    layers = {layer for kinds in _LAYER_KINDS for layer in getattr(made, kinds, None) or ()}
    if model._is_stateful or not layers <= _REWINDABLE:  # noqa: SLF001 - the library's only mark of it
        raise ExportFailed(
            f"{name} keeps a running state in place of what it has read, so nothing can be taken back as the writer "
            f"types. {_ANOTHER}"
        )


def _context_tokens(config: Mapping[str, Any], made: Any) -> int:
    """Models whose positions have no end (ALiBi) say nothing; the server never shows them more than this."""
    found = next((getattr(made, name) for name in _CONTEXT_NAMES if isinstance(getattr(made, name, None), int)), 2048)
    if found < _LEAST_CONTEXT:
        raise ExportFailed(
            f"{config['model_type']} reads {found} tokens at most, and {_LEAST_CONTEXT} are needed. {_ANOTHER}"
        )
    return found


def _choose(
    name: str, config: Mapping[str, Any], made: Any, wanted: GraphKind | Literal["auto"], target: Target
) -> GraphKind:
    can_fuse = name in FUSED and not _has_long_positions(config) and _head_size(made) % _HEAD_STEP == 0
    can_port = portable.supports(config["model_type"])
    if target == "cuda" and (not can_fuse or wanted == "portable"):
        raise ExportFailed(f"There is no fused graph of {name}, which a graphics card needs. Leave out --target cuda.")
    if wanted == "fused" and not can_fuse:
        raise ExportFailed(f"There is no fused graph of {name}. Leave out --graph fused.")
    if wanted != "portable" and can_fuse:
        return "fused"
    if not can_port:
        mend = "Leave out --graph portable." if can_fuse else _ANOTHER
        raise ExportFailed(f"There is no portable graph of {name}. {mend}")
    return "portable"


def _head_size(made: Any) -> int:
    return int(getattr(made, "head_dim", None) or made.hidden_size // made.num_attention_heads)


def _has_long_positions(config: Mapping[str, Any]) -> bool:
    """Phi-3's with two sets of positions: the fused graph changes to the other in the middle of a text."""
    scaling = config.get("rope_scaling") or {}
    return str(scaling.get("rope_type", scaling.get("type"))) in ("longrope", "su")
