"""Tiny models of four architectures through the command line: exported, verified, and served by the engine."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from lsp_writer.generation import Finished, Generate, Kind, Piece, Segment, Stops
from lsp_writer.inference.loading import load_engine
from lsp_writer.inference.manifest import Manifest, load_manifest
from lsp_writer.inference.model import Logits, TokenIds
from lsp_writer.inference.onnx_model import OnnxModel
from lsp_writer.inference.tokenizer import Detokenizer, HuggingFaceTokenizer
from model_export import choice
from model_export.__main__ import app
from tests.model_export import tiny_checkpoints

pytestmark = pytest.mark.model

TEXT = np.random.default_rng(0).integers(2, tiny_checkpoints.VOCABULARY, 200)
PROMPT = "The old man closed the door behind him. It was late, and the rain had stopped. He walked down to the"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def export(source: Path, data: Path, *arguments: str | Path) -> tuple[Path, Manifest]:
    """The model folder, under the checkpoint's name, and its manifest."""
    result = run("export", source, "--data", data, *arguments)
    assert result.exit_code == 0, result.output
    folder = data / "models" / source.name
    return folder, load_manifest(folder)


@pytest.fixture(scope="module", params=tiny_checkpoints.ARCHITECTURES)
def model_type(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def checkpoint(model_type: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoints.save(tmp_path_factory.mktemp("checkpoints") / model_type, model_type)


@pytest.fixture(scope="module")
def exported(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """With the weights as they are: what differs from the source is the graph's."""
    return export(checkpoint, tmp_path_factory.mktemp("data"), "--precision", "fp32")


def reference(checkpoint: Path, token_ids: TokenIds) -> Logits:
    """What transformers computes, [n, vocabulary] for tokens [n]."""
    import torch
    from transformers import AutoModelForCausalLM

    with torch.inference_mode():
        logits: Logits = AutoModelForCausalLM.from_pretrained(checkpoint)(torch.from_numpy(token_ids)[None]).logits[0]
    return np.asarray(logits)


def served(folder: Path, manifest: Manifest, step: int) -> Logits:
    model = OnnxModel(folder, manifest.graph)
    cache = model.new_cache(len(TEXT))
    chunks = [TEXT[None, start : start + step] for start in range(0, len(TEXT), step)]
    return np.concatenate([model.forward(chunk, cache, chunk.shape[1])[0].copy() for chunk in chunks])


@pytest.mark.parametrize("step", [200, 64, 1], ids=["at once", "in chunks", "token by token"])
def test_it_computes_what_transformers_does(checkpoint: Path, exported: tuple[Path, Manifest], step: int) -> None:
    np.testing.assert_allclose(served(*exported, step), reference(checkpoint, TEXT), rtol=0, atol=2e-3)


def test_the_way_to_the_graph_is_chosen_by_the_architecture(model_type: str, exported: tuple[Path, Manifest]) -> None:
    graph = exported[1].graph
    assert graph.kv.contract == ("growing" if model_type == "gpt2" else "shared")
    assert graph.context_tokens == (512 if model_type == "gpt2" else 1024)
    begins = model_type in tiny_checkpoints.BEGINNING
    assert exported[1].beginning_of_text_ids == ((1,) if begins else ())


def test_verify_finds_what_the_export_found(exported: tuple[Path, Manifest]) -> None:
    folder, manifest = exported
    result = run("verify", folder.name, "--data", folder.parents[1])
    assert result.exit_code == 0, result.output
    assert f"{manifest.verification.decode_perplexity:.3f} one at a time" in result.stdout


def test_the_engine_writes_what_transformers_would_without_a_cache(
    checkpoint: Path, exported: tuple[Path, Manifest]
) -> None:
    folder, manifest = exported
    tokenizer = HuggingFaceTokenizer(
        folder / manifest.tokenizer, chat_template=None, beginning_ids=manifest.beginning_of_text_ids, end_ids=(0,)
    )
    request = Generate(prompt=(Segment(PROMPT),), stops=Stops(max_new_tokens=24, at_loop=False))
    engine = load_engine(folder).engine
    for turn in range(2):  # the second has the prompt in its cache
        *pieces, finished = engine.run(Kind.TYPING, request, threading.Event())
        assert isinstance(finished, Finished)
        assert (finished.reused_tokens > 0) == (turn == 1)
        text = "".join(piece.text for piece in pieces if isinstance(piece, Piece))
        assert text == greedy(checkpoint, tokenizer, finished.decoded_tokens)


def greedy(checkpoint: Path, tokenizer: HuggingFaceTokenizer, count: int) -> str:
    """What the source writes after PROMPT, when it reads everything anew for each token."""
    ids = tokenizer.encode_prompt((Segment(PROMPT),))
    prompt = len(ids)
    for _ in range(count):
        ids.append(int(reference(checkpoint, np.array(ids))[-1].argmax()))
    detokenizer = Detokenizer()
    return "".join(detokenizer.feed(tokenizer.vocabulary[token]) for token in ids[prompt:])


def test_the_precision_is_chosen_by_measurement_and_the_same_each_time(
    checkpoint: Path, exported: tuple[Path, Manifest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "_speed", lambda *_: 100.0)  # it differs from run to run
    _, first = export(checkpoint, tmp_path / "first")
    _, second = export(checkpoint, tmp_path / "second")
    assert first.files == second.files
    (kept,) = (one for one in first.candidates if one.kept)
    source = first.verification.reference_perplexity
    assert kept.perplexity <= 1.01 * source
    before = first.candidates[: first.candidates.index(kept)]
    assert all(one.perplexity > 1.01 * source for one in before)
    assert kept.size < 0.6 * exported[1].candidates[-1].size


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoints.save(tmp_path_factory.mktemp("checkpoints") / "llama", "llama")


@pytest.mark.parametrize("precision", ["fp16", "int8", "int4"])
def test_a_graph_for_a_graphics_card_answers_rightly_on_the_processor_too(
    llama: Path, tmp_path: Path, precision: str
) -> None:
    folder, manifest = export(llama, tmp_path, "--target", "cuda", "--precision", precision)
    assert (manifest.target, manifest.precision, manifest.graph.kv.dtype) == ("cuda", precision, "float16")
    assert manifest.verification.decode_perplexity <= 1.01 * manifest.verification.reference_perplexity
    assert all(one.decode_tokens_per_second == 0 for one in manifest.candidates), "the card's speed is not known"
    loaded = load_engine(folder)
    assert loaded.capabilities.device == "cpu"
    assert "The model runs on the CPU." in loaded.message


def test_an_adapter_is_added_to_the_weights_and_recorded(llama: Path, tmp_path: Path) -> None:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    adapter = tiny_checkpoints.save_adapter(tmp_path / "adapter", llama)
    folder, manifest = export(llama, tmp_path, "--precision", "fp32", "--adapter", adapter)
    merged = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(llama), adapter).merge_and_unload()
    merged.save_pretrained(tmp_path / "merged")
    np.testing.assert_allclose(served(folder, manifest, 64), reference(tmp_path / "merged", TEXT), rtol=0, atol=2e-3)
    assert np.abs(reference(tmp_path / "merged", TEXT) - reference(llama, TEXT)).max() > 0.5
    assert manifest.source.adapter is not None
    assert manifest.source.adapter.id == adapter.name


def test_a_portable_graph_where_the_writer_wants_one(llama: Path, tmp_path: Path) -> None:
    folder, manifest = export(llama, tmp_path, "--precision", "fp32", "--graph", "portable")
    assert manifest.graph.kv.contract == "growing"
    np.testing.assert_allclose(served(folder, manifest, 64), reference(llama, TEXT), rtol=0, atol=2e-3)


def test_a_dry_run_says_what_it_takes_and_leaves_nothing(llama: Path, tmp_path: Path) -> None:
    result = run("export", llama, "--dry-run", "--data", tmp_path / "data")
    assert result.exit_code == 0, result.output
    assert "LlamaForCausalLM" in result.stderr
    assert "fused graph" in result.stderr
    assert "on the disk while it works" in result.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "cuda", "--graph", "portable"], "Leave out --target cuda."),
        (["--target", "cuda", "--precision", "fp32"], "Choose one of int4, int8, fp16"),
        (["--precision", "fp16"], "Choose one of int4, int8, fp32"),
        (["--name", "../elsewhere"], "Give another with --name."),
        (["--name", "default"], "Give another with --name."),
    ],
)
def test_what_cannot_be_had_is_said_before_anything_is_done(
    llama: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    result = run("export", llama, "--data", tmp_path / "data", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()
