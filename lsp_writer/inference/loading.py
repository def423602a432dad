"""From a model folder to an engine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from lsp_writer.generation import Capabilities
from lsp_writer.inference.engine import FOR_A_CPU, Engine, Sizes
from lsp_writer.inference.local import Loaded
from lsp_writer.inference.manifest import Manifest
from lsp_writer.inference.memory import give_back_read
from lsp_writer.inference.onnx_session import Device
from lsp_writer.inference.opening import open_model
from lsp_writer.inference.tokenizer import HuggingFaceTokenizer

SIZES: dict[Device, Sizes] = {
    "cpu": FOR_A_CPU,
    # A graphics card is idle but for large passes. Its caches have their whole size at once: copies go by way of the
    # processor, and what is recorded must stay in its place. Features send three times as much text there.
    "cuda": Sizes(typing_tokens=3 * FOR_A_CPU.typing_tokens, prefill_chunk=512, cache_step=2048),
}


def load_engine(
    folder: Path, device: Literal["auto", "cpu", "cuda"] = "auto", threads: int = 0, memory_limit: int = 0
) -> Loaded:
    """The engine for the model in `folder`, ready to run. Takes about a second. `threads` and `memory_limit` are as for
    `OnnxModel`.

    Raises ModelUnavailable or DeviceUnavailable, as `open_model` does.
    """
    opened = open_model(folder, device, threads, memory_limit)
    give_back_read(folder)
    manifest = opened.manifest
    tokenizer = load_tokenizer(folder, manifest)
    # The first keystroke should not pay for the vocabulary's index.
    tokenizer.vocabulary.agreeing(b" ")
    capabilities = Capabilities(
        name=manifest.name,
        device=opened.device,
        chat=tokenizer.has_chat,
        context_tokens=opened.model.context_tokens,
        megabytes=round(sum(file.size for file in manifest.files) / 1e6),
        note_languages=manifest.note_languages if tokenizer.has_chat else (),
    )
    return Loaded(Engine(opened.model, tokenizer, SIZES[opened.device]), capabilities, opened.message)


def load_tokenizer(folder: Path, manifest: Manifest) -> HuggingFaceTokenizer:
    """The tokenizer of the model in `folder`. Raises ModelUnavailable if it cannot be read."""
    return HuggingFaceTokenizer(
        folder / manifest.tokenizer,
        chat_template=manifest.chat_template or None,
        beginning_ids=manifest.beginning_of_text_ids,
        end_ids=manifest.end_of_text_ids,
    )
