"""A checkpoint in memory, read by transformers: the reference for everything that is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsp_writer.errors import ExportFailed, StorageError
from lsp_writer.inference.model import Logits, TokenIds
from model_export.gguf_header import read_header
from model_export.located import Fetched
from model_export.progress import quiet

_LONGEST_REASON = 200
# Tokens that end a text or an answer, whatever the configuration says; the first of them also begins an empty page.
_ENDS = ("<|endoftext|>", "<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|end|>")


@dataclass(frozen=True)
class LoadedCheckpoint:
    """The weights in 32-bit floats, and the tokenizer."""

    model: Any  # a transformers model: its class depends on the checkpoint
    tokenizer: Any
    #: What every prompt begins with.
    beginning_ids: tuple[int, ...]
    #: For the writer: what transformers made of it without a word. Empty when there is nothing to say.
    note: str = ""

    @property
    def end_ids(self) -> tuple[int, ...]:
        """Tokens after which the model has nothing more to say."""
        vocabulary = self.tokenizer.get_vocab()
        known = [vocabulary[token] for token in _ENDS if token in vocabulary]
        configured = self.model.generation_config.eos_token_id
        said = configured if isinstance(configured, list) else [configured]
        ids = [*known, *said, self.tokenizer.eos_token_id]
        return tuple(dict.fromkeys(token for token in ids if token is not None))

    def logits(self, token_ids: TokenIds) -> Logits:
        """[n, vocabulary] of one row of tokens [n]."""
        import torch

        with torch.inference_mode():
            logits: Logits = self.model(torch.from_numpy(token_ids)[None]).logits[0].numpy()
        return logits

    @property
    def chat_template(self) -> str:
        """Empty if the model was not trained to chat. Of several, the usual one."""
        template = self.tokenizer.chat_template
        return (template.get("default", "") if isinstance(template, dict) else template) or ""

    def save(self, folder: Path) -> None:
        """As the folder that the graph builder reads. Raises StorageError if it does not fit."""
        from safetensors import SafetensorError
        from transformers import GenerationConfig, PreTrainedTokenizerFast

        # How its makers would sample is of no use to a graph, and some say it in ways that cannot be saved.
        self.model.generation_config = GenerationConfig(eos_token_id=list(self.end_ids))
        # The builder only copies the tokenizer, and would not open one that is code of its makers' own.
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=self.tokenizer.backend_tokenizer)
        try:
            self.model.save_pretrained(folder)
            tokenizer.save_pretrained(folder)
        except SafetensorError as error:
            raise StorageError(f"{folder} cannot be written ({error}). Free some space and run it again.") from error

    def save_tokenizer(self, path: Path) -> None:
        """As the file that the server reads: it puts no token before the text, and itself decodes token by token."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self.tokenizer.backend_tokenizer.to_str())
        tokenizer.post_processor = None
        tokenizer.no_truncation()
        tokenizer.no_padding()
        path.write_text(tokenizer.to_str(), encoding="utf-8")


def load(fetched: Fetched, *, trust_remote_code: bool = False) -> LoadedCheckpoint:
    """With `trust_remote_code`, the tokenizer may be of its makers' own code; of such a model no graph can be made.

    Raises ExportFailed if transformers cannot read it.
    """
    options: dict[str, Any] = {"gguf_file": fetched.gguf} if fetched.gguf else {}
    with quiet():
        from transformers import AutoModelForCausalLM, AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(fetched.folder, trust_remote_code=trust_remote_code, **options)
        except Exception as error:  # transformers raises whatever its parts raise
            raise _unreadable("tokenizer", fetched, error) from error
        try:
            model, report = AutoModelForCausalLM.from_pretrained(
                fetched.folder,
                dtype="float32",
                # Written out, as the configuration has it: the quicker kinds leave Gemma 2's cap on its scores out.
                attn_implementation="eager",
                output_loading_info=True,
                **options,
            )
        except Exception as error:
            raise _unreadable("weights", fetched, error) from error
    if not tokenizer.is_fast:
        raise ExportFailed(
            f"The tokenizer in {fetched.folder} ({type(tokenizer).__name__}) is not one that lsp-writer can run. "
            "Choose another model."
        )
    if missing := sorted(report["missing_keys"]):
        raise ExportFailed(
            f"The weights in {fetched.folder} lack {len(missing)} that the model needs, such as {missing[0]}. Get the "
            "checkpoint whole, or choose another model."
        )
    if max(tokenizer.get_vocab().values()) >= model.get_input_embeddings().num_embeddings:
        raise ExportFailed(
            f"The tokenizer in {fetched.folder} has more tokens than its model knows "
            f"({model.get_input_embeddings().num_embeddings}). Get the tokenizer that belongs to it."
        )
    note = "" if fetched.gguf else _unused_head(model, fetched.folder)
    return LoadedCheckpoint(model.eval(), tokenizer, _beginning_ids(tokenizer, fetched), note)


def _unreadable(what: str, fetched: Fetched, error: Exception) -> ExportFailed:
    reason = " ".join(str(error).split())[:_LONGEST_REASON] or type(error).__name__
    return ExportFailed(
        f"transformers cannot read the {what} in {fetched.folder} ({reason}). Get the checkpoint again, or choose "
        "another model."
    )


def _unused_head(model: Any, folder: Path) -> str:
    """What to say of an LM head that is stored and that transformers leaves out, because the configuration says that
    it is the embedding; empty if there is none."""
    import torch
    from safetensors import safe_open

    names = (model._tied_weights_keys or ()) if model.config.tie_word_embeddings else ()  # noqa: SLF001 - the library's only list of them
    for file in folder.glob("model*.safetensors"):
        with safe_open(file, "pt") as weights:
            for name in set(names).intersection(weights.keys()):
                if not torch.equal(weights.get_tensor(name).float(), model.get_parameter(name)):
                    return (
                        f"{name} is left out: config.json says that it is the embedding (tie_word_embeddings), though "
                        "it differs. If it was trained apart, change that to false in config.json and export it again."
                    )
    return ""


def _beginning_ids(tokenizer: Any, fetched: Fetched) -> tuple[int, ...]:
    bos = tokenizer.bos_token_id
    if bos is None or not _adds_beginning(tokenizer, fetched):
        return ()
    return (bos,)


def _adds_beginning(tokenizer: Any, fetched: Fetched) -> bool:
    if not fetched.gguf:
        return bool(tokenizer("a").input_ids[:1] == [tokenizer.bos_token_id])
    # What transformers makes of a GGUF file always puts a token first; the file itself knows better.
    metadata = read_header(fetched.folder / fetched.gguf).metadata
    return bool(metadata.get("tokenizer.ggml.add_bos_token", metadata.get("tokenizer.ggml.model") == "llama"))
