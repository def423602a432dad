"""What a GGUF file says of its model, and whether transformers can read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsp_writer.errors import ExportFailed
from model_export.gguf_header import Header, read_header
from model_export.progress import quiet

_ANOTHER = "Choose another file of the same model (Q8_0 or Q4_K_M, say), or its original checkpoint."


@dataclass(frozen=True)
class GgufFacts:
    #: In config.json's terms.
    config: Mapping[str, Any]
    licence: str


def examine(path: Path, title: str) -> GgufFacts:
    """What the file says of itself. Its weights are not read: they may be a hole of the right size.

    Raises ExportFailed if it is damaged or cannot be exported, OSError if it cannot be read.
    """
    size = path.stat().st_size
    try:
        header = read_header(path)
    except EOFError as error:
        raise ExportFailed(f"{title} is incomplete: {error}. Download it again.") from error
    except ValueError as error:
        raise ExportFailed(f"{title} is not a GGUF file that can be read: {error}. {_ANOTHER}") from error
    _require_readable(header, title)
    if size < header.size:
        raise ExportFailed(f"{title} is incomplete: it has {size:,} of {header.size:,} bytes. Download it again.")
    return GgufFacts(_config(path, title), str(header.metadata.get("general.license", "")))


def is_enough(start: Path) -> bool:
    """Whether a file's start holds its header, or what shows that it has none. Raises OSError."""
    try:
        read_header(start)
    except EOFError:
        return False
    except ValueError:
        return True
    return True


def _require_readable(header: Header, title: str) -> None:
    if int(header.metadata.get("split.count", 0)) > 1:
        raise ExportFailed(f"{title} is one of several parts of a model, which transformers cannot read. {_ANOTHER}")
    if "tokenizer.ggml.model" not in header.metadata:
        raise ExportFailed(f"{title} has no tokenizer in it. {_ANOTHER}")
    if unreadable := [name for number in sorted(header.types) if (name := _unreadable(number))]:
        raise ExportFailed(
            f"{title} has weights of a type that transformers cannot read ({', '.join(unreadable)}). {_ANOTHER}"
        )


def _unreadable(number: int) -> str:
    """The name of ggml's type of this number, if no reader for it is installed; otherwise empty."""
    import numpy as np
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, dequantize

    if number not in set(GGMLQuantizationType):
        return f"number {number}"
    kind = GGMLQuantizationType(number)
    try:
        dequantize(np.zeros((1, GGML_QUANT_SIZES[kind][1]), np.uint8), kind)
    except NotImplementedError:
        return kind.name
    return ""


def _config(path: Path, title: str) -> Mapping[str, Any]:
    with quiet():
        from transformers.integrations.ggml import GGUF_TO_FAST_CONVERTERS
        from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

        try:
            config: dict[str, Any] = load_gguf_checkpoint(path, return_tensors=False)["config"]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise ExportFailed(
                f"transformers cannot read {title} ({error}). Export the original checkpoint of the model instead."
            ) from error
    if config["model_type"] not in GGUF_TO_FAST_CONVERTERS:
        raise ExportFailed(
            f"transformers cannot read the tokenizer of {title}, a model of the type {config['model_type']}. "
            "Export the original checkpoint of the model instead."
        )
    return config
