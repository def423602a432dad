"""What a model folder promises: `manifest.json`, the contract between the exporter and the server."""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from lsp_writer.errors import ModelNotMade, ModelUnavailable
from lsp_writer.folders import data_folder

MANIFEST_FILE = "manifest.json"
MANIFEST_VERSION = 1
DEFAULT_MODEL = "default"

#: Files up to this size are hashed at every start (0.1 s for 150 MB with SHA instructions). Above, an altered file of
#: the right size is left to the probe: hashing gigabytes would cost more than loading them.
HASHED_UP_TO = 512 * 1024 * 1024

#: A model that is wrong about more than one passage in five writes no notes: nobody reads on after the second that is
#: beside the point.
LEAST_RIGHT = 0.8

#: A file of the folder itself; a manifest cannot point outside it.
FileName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*\Z")]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Adapter(msgspec.Struct, frozen=True, kw_only=True):
    """A LoRA adapter whose weights were added to the source's."""

    id: str
    sha256: str


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where the weights came from. `sha256` is that of the one file that holds them, or of several files' own, one in
    a line as sha256sum prints them, by name."""

    kind: Literal["gguf", "checkpoint"]
    id: str
    revision: str
    sha256: str
    licence: str
    adapter: Adapter | None = None


class ModelFile(msgspec.Struct, frozen=True, kw_only=True):
    name: FileName
    #: Bytes.
    size: int
    sha256: str


class KVLayout(msgspec.Struct, frozen=True, kw_only=True):
    """How the graph keeps keys and values, each [batch, heads, tokens, head_size] in every layer."""

    #: `shared`: the graph writes into preallocated buffers. `growing`: it returns longer ones.
    contract: Literal["shared", "growing"]
    layers: Count
    heads: Count
    head_size: Count
    dtype: Literal["float32", "float16"]


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """How to run the network. Its inputs are `input_ids`, `attention_mask`, `past_key_values.N.key` and `.value`,
    `logits_to_keep`, and those of `positions` and `branches`; its outputs `logits`, `present.N.key` and `.value`."""

    file: FileName
    #: The input, int64 [1], that says how many of the last positions want logits.
    logits_to_keep: str
    vocabulary_size: Count
    context_tokens: Count
    kv: KVLayout
    #: There is also `position_ids`, int64 [batch, n].
    positions: bool = False
    #: There are also `position_ids`, int64 [batch, n], and `attention_bias`, floats [1, 1, n, past + n], added to the
    #: attention scores: rows that share a prefix need no copies of it.
    branches: bool = False


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What the exporter measured over `tokens` tokens of prose, against the source's weights in 32-bit floats.

    "Prefill" figures come from passes of several tokens, "decode" figures from one token at a time: the two take
    different kernels, and the writer meets both.
    """

    tokens: Count
    reference_perplexity: float
    prefill_perplexity: float
    decode_perplexity: float
    #: Share of positions where the most probable token is the reference's.
    prefill_agreement: float
    decode_agreement: float
    #: Largest difference of one logit between the graph before quantisation and the reference.
    graph_logit_difference: float


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """One of the precisions that were tried, and what was measured of it."""

    precision: str
    #: Bytes of the graph and its weights.
    size: int
    #: Of one token at a time, as the writer meets it, and the share of the reference's first choices. Of several at a
    #: time where that was bad enough to look no further.
    perplexity: float
    agreement: float
    #: Where it was exported, after 256 tokens.
    decode_tokens_per_second: float
    kept: bool


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt whose answer is known, run at start-up to find a device that computes nonsense."""

    token_ids: Annotated[tuple[int, ...], msgspec.Meta(min_length=1)]
    #: The most probable next tokens, best first, and their logits.
    top_ids: Annotated[tuple[int, ...], msgspec.Meta(min_length=1)]
    top_logits: Annotated[tuple[float, ...], msgspec.Meta(min_length=1)]
    #: How far each of these logits may be off. Kernels differ between processors; nonsense differs by far more.
    tolerance: float


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """How often the model told what is wrong with a passage in one language."""

    language: str
    passages: Count
    #: What it chose from for each passage, of which one was right: 1 / choices is chance.
    choices: Annotated[int, msgspec.Meta(ge=2)]
    #: Share of the passages for which it chose rightly, from 0 to 1.
    right: Annotated[float, msgspec.Meta(ge=0, le=1)]

    @property
    def is_sound(self) -> bool:
        return self.right >= LEAST_RIGHT


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    name: str
    source: Source
    files: tuple[ModelFile, ...]
    graph: Graph
    tokenizer: FileName
    #: Jinja source; empty for a model that was not trained to chat.
    chat_template: str
    #: What every prompt begins with, for a model that was trained so.
    beginning_of_text_ids: tuple[int, ...]
    end_of_text_ids: tuple[int, ...]
    precision: str
    target: Literal["cpu", "cuda"]
    verification: Verification
    probe: Probe
    #: What was tried, from the smallest to the safest.
    candidates: tuple[Candidate, ...] = ()
    #: Empty where it was not measured.
    judgements: tuple[Judgement, ...] = ()

    @property
    def note_languages(self) -> tuple[str, ...]:
        """Those in which the model was measured to see what is wrong with a text."""
        return tuple(judgement.language for judgement in self.judgements if judgement.is_sound)


class _Version(msgspec.Struct):
    version: int


class _Origin(msgspec.Struct):
    """What even a manifest of another version may still tell."""

    source: Source
    target: str
    graph: object = None

    @property
    def portable(self) -> bool:
        kv = self.graph.get("kv") if isinstance(self.graph, dict) else None
        return isinstance(kv, dict) and kv.get("contract") == "growing"


def models_folder() -> Path:
    return data_folder() / "models"


def default_model_folder() -> Path:
    return models_folder() / DEFAULT_MODEL


def load_manifest(folder: Path, *, hash_all: bool = False) -> Manifest:
    """The manifest of `folder`, whose files have been found present and unaltered; with `hash_all`, those larger than
    HASHED_UP_TO too.

    Raises ModelUnavailable if the folder or any part of it is missing, damaged or of another version, and ModelNotMade
    if it is the default model's and there is nothing.
    """
    manifest = read_manifest(folder)
    for file in manifest.files:
        _check(folder / file.name, file, hash_up_to=file.size if hash_all else HASHED_UP_TO)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of `folder`, whatever its files are. Raises ModelUnavailable."""
    path = folder / MANIFEST_FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if not folder.exists():
            kind = ModelNotMade if folder == default_model_folder() else ModelUnavailable
            raise kind(f"There is no model at {folder}. Make one: python -m model_export default") from None
        raise ModelUnavailable(f"{folder} holds no model: it has no {MANIFEST_FILE}. {export_again(folder)}") from None
    except OSError as error:
        raise ModelUnavailable(f"{path} cannot be read ({error.strerror}). Check its permissions.") from error
    try:
        _check_version(folder, msgspec.json.decode(raw, type=_Version).version)
        return msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelUnavailable(f"{path} is damaged ({error}). {export_again(folder)}") from error


def _check_version(folder: Path, version: int) -> None:
    if version > MANIFEST_VERSION:
        raise ModelUnavailable(f"The model at {folder} was made by a newer lsp-writer. Update lsp-writer.")
    if version < MANIFEST_VERSION:
        raise ModelUnavailable(f"The model at {folder} was made by an older lsp-writer. {export_again(folder)}")


def _check(path: Path, expected: ModelFile, *, hash_up_to: int) -> None:
    try:
        size = path.stat().st_size
        if size != expected.size:
            raise ModelUnavailable(
                f"{path} has {size:,} bytes instead of {expected.size:,}. {export_again(path.parent)}"
            )
        if size <= hash_up_to and sha256_of(path) != expected.sha256:
            raise ModelUnavailable(f"{path} was altered since it was exported. {export_again(path.parent)}")
    except FileNotFoundError:
        raise ModelUnavailable(f"{path} is missing. {export_again(path.parent)}") from None
    except OSError as error:
        raise ModelUnavailable(f"{path} cannot be read ({error.strerror}). Check its permissions.") from error


def export_again(folder: Path) -> str:
    """For the writer: how to have the model of `folder` anew, as exactly as what is left of it can tell."""
    elsewhere = []
    if folder.parent != models_folder() and folder.parent.name == models_folder().name:
        elsewhere = ["--data", str(folder.parent.parent)]
    if folder.name == DEFAULT_MODEL:
        return f"Export it again: {shlex.join(['python', '-m', 'model_export', 'default', *elsewhere])} --force"
    try:
        origin = msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=_Origin)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return "Export it again, or choose another model: python -m model_export list"
    if not origin.source.revision:  # a folder or file, of which only the name is known
        return f"Export it again from {origin.source.id}, or choose another model: python -m model_export list"
    options = [origin.source.id, "--revision", origin.source.revision, "--name", folder.name]
    if origin.source.adapter is not None:
        options += ["--adapter", origin.source.adapter.id]
    if origin.target != "cpu":
        options += ["--target", origin.target]
    if origin.portable:
        options += ["--graph", "portable"]
    options += elsewhere
    return f"Export it again: python -m model_export export {shlex.join(options)} --force"


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
