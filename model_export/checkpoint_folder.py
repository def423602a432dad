"""What makes a folder a checkpoint that can be exported, whether it is on this machine or on the Hub."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from lsp_writer.errors import ExportFailed

CONFIG = "config.json"
ADAPTER_CONFIG = "adapter_config.json"
_TOKENIZER = "tokenizer.json"
_TOKENIZER_CONFIG = "tokenizer_config.json"
_SHARDS = "model.safetensors.index.json"
_SENTENCE_PIECES = ("tokenizer.model", "spiece.model", "sentencepiece.bpe.model")
#: Beside the weights and the configuration; a checkpoint has some of them.
_BESIDE = (
    "generation_config.json",
    _TOKENIZER,
    _TOKENIZER_CONFIG,
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    *_SENTENCE_PIECES,
    "chat_template.jinja",
    "chat_template.json",
    "LICENSE",
    "LICENSE.txt",
    "LICENSE.md",
)
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


class Files(Protocol):
    """A folder's files, wherever it is."""

    @property
    def title(self) -> str:
        """What the writer calls the folder."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes, by name."""

    def path_of(self, name: str) -> Path:
        """The file on this machine. Raises ExportFailed or OSError."""


@dataclass(frozen=True)
class Contents:
    config: Mapping[str, Any]
    #: The safetensors files, and what else an export reads.
    weights: tuple[str, ...]
    beside: tuple[str, ...]


def examine(files: Files, *, trust_remote_code: bool) -> Contents:
    """What an export reads of `files`, judged by the small ones among them.

    Raises ExportFailed if they are no checkpoint, or one that cannot be exported.
    """
    _require_checkpoint(files)
    config = read_json(files, CONFIG)
    weights, index = _weights(files)
    beside = [CONFIG, *index, *(name for name in _BESIDE if name in files.sizes)]
    if trust_remote_code:
        beside += [name for name in files.sizes if name.endswith(".py") and "/" not in name]
    else:
        _refuse_remote_code(files, config)
    _require_fast_tokenizer(files, config)
    return Contents(config, weights, tuple(beside))


def read_json(files: Files, name: str) -> Mapping[str, Any]:
    """One of the small files. Raises ExportFailed if it is damaged, or whatever `path_of` raises."""
    try:
        content = json.loads(files.path_of(name).read_bytes())
    except ValueError as error:
        raise ExportFailed(f"{name} of {files.title} is damaged ({error}). Get it again.") from error
    if not isinstance(content, dict):
        raise ExportFailed(f"{name} of {files.title} is damaged (it is no JSON object). Get it again.")
    return content


def require_whole(path: Path) -> None:
    """Raises ExportFailed unless the safetensors file's size is what its header says, and OSError."""
    from safetensors import SafetensorError, safe_open

    require_fetched(path)
    try:
        with safe_open(path, "numpy"):
            pass
    except SafetensorError as error:
        raise ExportFailed(f"{path} is damaged or incomplete ({error}). Download it again.") from error


def require_fetched(path: Path) -> None:
    """Raises ExportFailed if Git LFS has still to put the file in its place, and OSError."""
    with path.open("rb") as file:
        if file.read(20) == b"version https://git-":
            raise ExportFailed(f"{path} stands for a file that Git LFS has not fetched yet. Run there: git lfs pull")


def _require_checkpoint(files: Files) -> None:
    names = files.sizes
    has_weights = _SHARDS in names or "model.safetensors" in names
    if CONFIG in names and has_weights:
        return
    title = files.title
    if ADAPTER_CONFIG in names and not has_weights:
        raise ExportFailed(
            f"{title} is an adapter, not a whole model. Export the model that it was trained on, with --adapter {title}"
        )
    if "model_index.json" in names:
        raise ExportFailed(f"{title} makes pictures or sounds. Choose a language model that writes text.")
    if has_weights:
        raise ExportFailed(f"{title} has no {CONFIG}, which says how the model is built. Get the checkpoint whole.")
    raise ExportFailed(_without_weights(title, sorted(names)))


def _without_weights(title: str, names: list[str]) -> str:
    """What is wrong with a folder of these files, among which there are no safetensors, and what to do."""
    pickles = [name for name in names if name.endswith(_PICKLES)]
    ggufs = [name for name in names if name.endswith(".gguf")]
    if ggufs:
        separator = "/" if Path(title).exists() else ":"
        return f"{title} holds GGUF files. Choose one of them, for example {title}{separator}{ggufs[0]}"
    if any(name.endswith(".onnx") for name in names):
        return (
            f"{title} was exported to ONNX already. If it was made for lsp-writer, run: "
            f"python -m model_export pull {title}. Otherwise give the model that it was made from."
        )
    if pickles:
        return (
            f"{title} keeps its weights as a pickle ({pickles[0]}), which can run any program when it is opened, so it "
            "is refused. Look for the same model with *.safetensors files, perhaps under another --revision."
        )
    return (
        f"{title} is not a checkpoint: it needs {CONFIG}, a tokenizer and model.safetensors or its parts. "
        "Give a Hugging Face id, a checkpoint's folder or a GGUF file."
    )


def _weights(files: Files) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The safetensors files as transformers chooses them, and the index that names them, if there is one."""
    if "model.safetensors" in files.sizes:
        return ("model.safetensors",), ()
    shards = read_json(files, _SHARDS).get("weight_map")
    if not isinstance(shards, dict) or not shards:
        raise ExportFailed(f"{_SHARDS} of {files.title} names no files. Get it again.")
    names = sorted({str(name) for name in shards.values()})
    if strange := [name for name in names if PurePosixPath(name).suffix != ".safetensors" or Path(name).name != name]:
        raise ExportFailed(
            f"{_SHARDS} of {files.title} names {strange[0]}, which is not one of its weights. Get it again."
        )
    if missing := [name for name in names if name not in files.sizes]:
        raise ExportFailed(f"{files.title} lacks {', '.join(missing)}. Get the checkpoint whole.")
    return tuple(names), (_SHARDS,)


def _refuse_remote_code(files: Files, config: Mapping[str, Any]) -> None:
    """Not where transformers has code of its own, which it prefers to the checkpoint's."""
    tokenizer = _tokenizer_config(files)
    own = tokenizer.get("auto_map", {})
    if "auto_map" not in config and "AutoTokenizer" not in own:
        return
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES
    from transformers.models.auto.tokenization_auto import TOKENIZER_MAPPING_NAMES

    kind, named = config.get("model_type"), tokenizer.get("tokenizer_class")
    if "auto_map" in config and kind not in CONFIG_MAPPING_NAMES:
        raise ExportFailed(
            f"{files.title} is code of its makers' own (transformers does not know its type, “{kind}”), of which no "
            "graph can be made here. Choose another model."
        )
    known = {name for pair in TOKENIZER_MAPPING_NAMES.values() for name in pair if name} | {"PreTrainedTokenizerFast"}
    wanted = {named, f"{named}Fast"} if named else set(TOKENIZER_MAPPING_NAMES.get(kind, ()))
    if "AutoTokenizer" in own and not known & wanted:
        raise ExportFailed(
            f"The tokenizer of {files.title} is code of its makers' own. Add --trust-remote-code if you trust them, or "
            "choose another model."
        )


def _require_fast_tokenizer(files: Files, config: Mapping[str, Any]) -> None:
    if _TOKENIZER in files.sizes:
        return
    from transformers.convert_slow_tokenizer import SLOW_TO_FAST_CONVERTERS
    from transformers.models.auto.tokenization_auto import TOKENIZER_MAPPING_NAMES

    slow, fast = TOKENIZER_MAPPING_NAMES.get(config.get("model_type"), (None, None))
    kind = str(_tokenizer_config(files).get("tokenizer_class") or slow or fast or "unknown").removesuffix("Fast")
    known, pieces = kind in SLOW_TO_FAST_CONVERTERS, [name for name in _SENTENCE_PIECES if name in files.sizes]
    if known and {"vocab.json", "merges.txt"} <= set(files.sizes):
        return
    if known and pieces:
        if importlib.util.find_spec("sentencepiece"):
            return
        raise ExportFailed(
            f"{files.title} has no {_TOKENIZER}, and making one of its {pieces[0]} takes a package that is not "
            "installed. Run: pip install sentencepiece"
        )
    raise ExportFailed(
        f"{files.title} has no {_TOKENIZER}, and its tokenizer ({kind}) cannot be turned into one here. "
        f"Copy {_TOKENIZER} from the model that it was made from, or choose a model that has it."
    )


def _tokenizer_config(files: Files) -> Mapping[str, Any]:
    return read_json(files, _TOKENIZER_CONFIG) if _TOKENIZER_CONFIG in files.sizes else {}
