"""A checkpoint's weights and tokenizer, as transformers reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsp_writer.errors import StorageError
from lsp_writer.inference.model import Logits, TokenIds
from model_export.progress import quiet


@dataclass(frozen=True)
class LoadedCheckpoint:
    """The weights in 32-bit floats: the reference for everything that is made of them."""

    model: Any  # a transformers model: its class depends on the checkpoint
    tokenizer: Any

    def logits(self, token_ids: TokenIds) -> Logits:
        """[n, vocabulary] of one row of tokens [n]."""
        import torch

        with torch.inference_mode():
            logits: Logits = self.model(torch.from_numpy(token_ids)[None]).logits[0].numpy()
        return logits

    def save(self, folder: Path) -> None:
        """As the folder that the graph builder reads. Raises StorageError if it does not fit."""
        from safetensors import SafetensorError

        try:
            self.model.save_pretrained(folder)
            self.tokenizer.save_pretrained(folder)
        except SafetensorError as error:
            raise StorageError(f"{folder} cannot be written ({error}). Free some space and run it again.") from error

    def save_tokenizer(self, path: Path) -> None:
        """As the file that the server reads: no token is put before the text, and a leading space survives decoding."""
        from tokenizers import Tokenizer, decoders

        tokenizer = Tokenizer.from_str(self.tokenizer.backend_tokenizer.to_str())
        tokenizer.post_processor = None
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.save(str(path))


def load(gguf: Path) -> LoadedCheckpoint:
    with quiet():
        from transformers import AutoModelForCausalLM, AutoTokenizer

        return LoadedCheckpoint(
            AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype="float32"),
            AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name),
        )
