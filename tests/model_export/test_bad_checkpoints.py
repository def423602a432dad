"""Checkpoints that transformers would read and that must not be installed as they are, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from lsp_writer.inference.manifest import load_manifest
from lsp_writer.inference.tokenizer import HuggingFaceTokenizer
from model_export.sources import locate
from tests.model_export import tiny_checkpoints
from tests.model_export.installed import change_manifest
from tests.model_export.test_export import export, run

pytestmark = pytest.mark.model

WEIGHTS = "model.safetensors"


@pytest.fixture
def llama(tmp_path: Path) -> Path:
    return tiny_checkpoints.save(tmp_path / "llama", "llama")


def edit_json(file: Path, **values: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | values), encoding="utf-8")


def edit_weights(folder: Path, edit: Callable[[dict[str, np.ndarray]], object], file: str = WEIGHTS) -> None:
    weights = load_file(folder / file)
    edit(weights)
    save_file(weights, folder / file, metadata={"format": "pt"})


def check_refused(source: Path, message: str, *arguments: str | Path) -> None:
    data = source.parent / "data"
    result = run("export", source, "--data", data, *arguments)
    assert result.exit_code == 1, result.output
    assert message in result.stderr.splitlines()[-1]
    assert [path.name for path in (data / "models").glob("*")] in ([".lock"], [])


def test_weights_that_are_missing_are_not_made_up(llama: Path) -> None:
    """transformers fills in random numbers, and the export found that the model agreed with itself: 100.0 %."""
    edit_weights(llama, lambda weights: weights.pop("model.layers.1.mlp.up_proj.weight"))
    check_refused(llama, "lack 1 that the model needs, such as model.layers.1.mlp.up_proj.weight")


@pytest.mark.parametrize("changed", [True, False])
def test_a_head_of_its_own_in_a_checkpoint_that_says_it_has_none(llama: Path, changed: bool) -> None:
    """transformers takes the embedding in its place without a word, so the export did too."""
    edit_json(llama / "config.json", tie_word_embeddings=True)
    if not changed:  # as many checkpoints have it: the same numbers twice
        edit_weights(llama, lambda weights: weights.update({"lm_head.weight": weights["model.embed_tokens.weight"]}))
    result = run("export", llama, "--data", llama.parent / "data", "--precision", "fp32")
    assert result.exit_code == 0, result.output
    assert ("lm_head.weight is left out" in result.stderr) == changed


def test_weights_that_are_not_numbers(llama: Path) -> None:
    """The exporter blamed itself, and asked for a report."""
    edit_weights(llama, lambda weights: weights["model.norm.weight"].fill(np.nan))
    check_refused(llama, "its weights are damaged")


def test_a_tokenizer_of_another_model(llama: Path) -> None:
    """“IndexError: index out of range in self”, and two hundred lines above it."""
    smaller = tiny_checkpoints.save(llama.with_name("smaller"), "llama", vocab_size=400)
    check_refused(smaller, "has more tokens than its model knows (400)")


def test_a_broken_tokenizer_is_named(llama: Path) -> None:
    (llama / "tokenizer.json").write_text("{", encoding="utf-8")
    check_refused(llama, "cannot read the tokenizer")


def test_a_tokenizer_of_its_makers_own_code(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --trust-remote-code too the builder refused it, in forty lines."""
    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(llama.parent / "modules"))
    edit_json(
        llama / "tokenizer_config.json", tokenizer_class="Own", auto_map={"AutoTokenizer": [None, "own_tokenizer.Own"]}
    )
    program = "from transformers import PreTrainedTokenizerFast\nclass Own(PreTrainedTokenizerFast):\n    pass\n"
    (llama / "own_tokenizer.py").write_text(program, encoding="utf-8")
    check_refused(llama, "is code of its makers' own. Add --trust-remote-code if you trust them")
    export(llama, llama.parent / "data", "--precision", "fp32", "--trust-remote-code")


def test_a_model_of_its_makers_own_code_is_run_by_transformers(llama: Path) -> None:
    """--trust-remote-code ran it, and the graph was made of another program's model."""
    own = {"AutoConfig": "own_model.Config", "AutoModelForCausalLM": "own_model.Own"}
    edit_json(llama / "config.json", auto_map=own)
    (llama / "own_model.py").write_text("raise SystemExit(3)", encoding="utf-8")
    export(llama, llama.parent / "data", "--precision", "fp32", "--trust-remote-code")


def test_an_adapter_whose_weights_belong_nowhere(llama: Path) -> None:
    """peft warns, and adds random numbers."""
    adapter = tiny_checkpoints.save_adapter(llama.with_name("adapter"), llama)
    edit_weights(
        adapter,
        lambda weights: [weights.update({name.replace("layers", "strange"): weights.pop(name)}) for name in [*weights]],
        "adapter_model.safetensors",
    )
    check_refused(llama, "does not fit this model", "--adapter", adapter)


def test_a_tokenizer_that_cuts_texts_reads_them_whole(llama: Path) -> None:
    """A fine-tune's tokenizer had kept its training's truncation: the writer's last words never reached the model."""
    file = llama / "tokenizer.json"
    cut = {"direction": "Right", "max_length": 60, "strategy": "LongestFirst", "stride": 0}
    edit_json(
        file,
        truncation=cut,
        padding={
            "strategy": {"Fixed": 80},
            "direction": "Right",
            "pad_to_multiple_of": None,
            "pad_id": 0,
            "pad_type_id": 0,
            "pad_token": "<|endoftext|>",
        },
    )
    folder, manifest = export(llama, llama.parent / "data", "--precision", "fp32")
    assert manifest.verification.tokens > 3000
    for path in (folder / manifest.tokenizer, file):  # and so it is with a folder that somebody else exported
        tokenizer = HuggingFaceTokenizer(path, chat_template=None, beginning_ids=(), end_ids=(0,))
        assert len(tokenizer.encode("It was late, and the rain had stopped. " * 20)) > 200
        assert len(tokenizer.encode("It was late.")) < 20


def test_settings_of_sampling_that_cannot_be_saved(llama: Path) -> None:
    edit_json(llama / "generation_config.json", do_sample=False, temperature=0.6, top_p=0.9)
    export(llama, llama.parent / "data", "--precision", "fp32")


def test_the_usual_one_of_several_chat_templates(llama: Path) -> None:
    templates = [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "usual"}]
    edit_json(llama / "tokenizer_config.json", chat_template=templates)
    assert export(llama, llama.parent / "data", "--precision", "fp32")[1].chat_template == "usual"


@pytest.mark.parametrize("name", ["checkpoint", "full", "replaced", "made"])
def test_a_source_may_be_called_anything(llama: Path, name: str) -> None:
    """A folder called “checkpoint” was exported to its end, and then could not be written."""
    source = llama.rename(llama.with_name(name))
    for _ in range(2):
        export(source, source.parent / "data", "--precision", "fp32", "--force")


def test_a_hidden_size_that_blocks_do_not_divide(tmp_path: Path) -> None:
    source = tiny_checkpoints.save(tmp_path / "odd", "llama", hidden_size=96, head_dim=16, tie_word_embeddings=True)
    _, manifest = export(source, tmp_path / "data", "--precision", "int8")
    assert manifest.verification.decode_perplexity <= 1.01 * manifest.verification.reference_perplexity


def test_heads_that_the_fused_kernel_does_not_know(tmp_path: Path) -> None:
    source = tiny_checkpoints.save(tmp_path / "odd", "llama", head_dim=24)
    assert export(source, tmp_path / "data", "--precision", "fp32")[1].graph.kv.contract == "growing"


@pytest.mark.parametrize("tied", [True, False])
def test_the_embedding_takes_no_32_bits(tmp_path: Path, tied: bool) -> None:
    source = tiny_checkpoints.save(tmp_path / "source", "qwen2", tie_word_embeddings=tied)
    _, whole = export(source, tmp_path / "whole", "--precision", "fp32")
    folder, manifest = export(source, tmp_path / "data", "--precision", "int8")
    sizes = [sum(file.size for file in one.files if file.name.endswith(".data")) for one in (whole, manifest)]
    assert sizes[1] < 0.38 * sizes[0]
    assert load_manifest(folder).verification.prefill_agreement > 0.9


def test_a_folder_of_the_writers_own_is_left_alone(llama: Path) -> None:
    """`export --name novel` removed a folder “novel” that held a chapter."""
    chapter = llama.parent / "data" / "models" / "novel" / "chapter1.md"
    chapter.parent.mkdir(parents=True)
    chapter.write_text("It was late.", encoding="utf-8")
    for force in ([], ["--force"]):
        result = run("export", llama, "--data", llama.parent / "data", "--name", "novel", *force)
        assert result.exit_code == 1
        assert "holds files that are no model's" in result.stderr
        assert chapter.read_text(encoding="utf-8") == "It was late."


def test_another_model_of_the_same_name(llama: Path) -> None:
    """“llama was already installed”, though it was made of something else."""
    data = llama.parent / "data"
    export(llama, data, "--precision", "fp32")
    other = tiny_checkpoints.save(llama.parent / "elsewhere" / "other", "llama")
    for source, asked in ((other, ["--name", "llama"]), (llama, ["--precision", "int8"])):
        result = run("export", source, "--data", data, *asked)
        assert result.exit_code == 1
        assert "llama is installed already, made of llama in fp32 for cpu." in result.stderr
    assert "was already installed" in run("export", llama, "--data", data).stderr


def test_other_weights_in_a_folder_of_the_same_name(llama: Path) -> None:
    """“llama was already installed”, and nothing was made of the model that had been trained further."""
    data = llama.parent / "data"
    export(llama, data, "--precision", "fp32")
    edit_weights(llama, lambda weights: weights["model.norm.weight"].fill(0.5))
    result = run("export", llama, "--data", data)
    assert result.exit_code == 1
    assert "made of other weights called llama in fp32 for cpu." in result.stderr
    assert "--force" in result.stderr


def test_another_export_to_the_same_name_was_faster(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two at once waited, and then said that its model was already installed."""
    data = llama.parent / "data"
    export(llama, data, "--precision", "fp32")
    other = tiny_checkpoints.save(llama.parent / "elsewhere" / "other", "llama")
    monkeypatch.setattr("model_export.making.is_installed", lambda _: False)
    result = run("export", other, "--data", data, "--name", "llama")
    assert result.exit_code == 1
    assert "llama is installed already, made of llama in fp32 for cpu." in result.stderr


def test_another_graph_of_the_same_model(llama: Path) -> None:
    """`--graph portable` said that it was already installed, and it was the fused one."""
    data = llama.parent / "data"
    export(llama, data, "--precision", "fp32")
    assert "was already installed" in run("export", llama, "--data", data, "--graph", "fused").stderr
    result = run("export", llama, "--data", data, "--graph", "portable")
    assert result.exit_code == 1
    assert "made of llama in fp32 for cpu, with a fused graph." in result.stderr


def test_a_branch_of_the_hub_that_has_moved(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """“made of someone/llama in fp32 for cpu”, which was what had been asked for."""
    data = llama.parent / "data"
    folder, manifest = export(llama, data, "--precision", "fp32")
    source = msgspec.structs.replace(manifest.source, id="someone/llama", revision="older")
    change_manifest(folder, manifest, source=source)
    located = locate(str(llama), revision=None, cache=data, trust_remote_code=False)
    moved = msgspec.structs.replace(source, revision="newer")
    monkeypatch.setattr("model_export.sources.locate", lambda *_, **__: replace(located, source=moved))
    result = run("export", "someone/llama", "--data", data)
    assert result.exit_code == 1
    assert "made of someone/llama at older in fp32 for cpu." in result.stderr
