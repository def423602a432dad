"""From a model folder to an engine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from lsp_writer.generation import Capabilities
from lsp_writer.inference.engine import TYPING_TOKENS, Engine
from lsp_writer.inference.local import Loaded
from lsp_writer.inference.memory import give_back_read
from lsp_writer.inference.onnx_session import Device
from lsp_writer.inference.opening import open_model
from lsp_writer.inference.tokenizer import HuggingFaceTokenizer

# On a graphics card, features send three times as much.
_TYPING_TOKENS: dict[Device, int] = {"cpu": TYPING_TOKENS, "cuda": 3 * TYPING_TOKENS}


def load_engine(folder: Path, device: Literal["auto", "cpu", "cuda"] = "auto", threads: int = 0) -> Loaded:
    """The engine for the model in `folder`, ready to run. Takes about a second.

    Raises ModelUnavailable or DeviceUnavailable, as `open_model` does.
    """
    opened = open_model(folder, device, threads)
    give_back_read(folder)
    manifest = opened.manifest
    tokenizer = HuggingFaceTokenizer(
        folder / manifest.tokenizer,
        chat_template=manifest.chat_template or None,
        start_ids=manifest.beginning_of_text_ids or manifest.end_of_text_ids[:1],
        end_ids=manifest.end_of_text_ids,
    )
    # The first keystroke should not pay for the vocabulary's index.
    tokenizer.vocabulary.agreeing(b" ")
    capabilities = Capabilities(
        name=manifest.name,
        device=opened.device,
        chat=tokenizer.has_chat,
        context_tokens=opened.model.context_tokens,
    )
    return Loaded(Engine(opened.model, tokenizer, _TYPING_TOKENS[opened.device]), capabilities, opened.message)
