"""Every way a model folder can be wrong is one message that says what to do."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lsp_writer.errors import ModelUnavailable
from lsp_writer.inference import manifest as manifests
from lsp_writer.inference.manifest import MANIFEST_FILE, default_model_folder, load_manifest
from tests import tiny_model

#: Share of passages that were judged rightly, by language.
MEASURED = {"en": 0.958, "de": 0.75, "fr": 0.8}

EXPORT_AGAIN = r"Export it again: python -m model_export default --force$"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default model."""
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path))
    folder = default_model_folder()
    folder.mkdir(parents=True)
    tiny_model.write_folder(folder)
    return folder


def check_message(folder: Path, expected: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        load_manifest(folder)
    assert re.search(expected, str(caught.value)), str(caught.value)
    assert "\n" not in str(caught.value)


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def test_what_was_written_is_read(folder: Path) -> None:
    manifest = load_manifest(folder)
    assert manifest.graph == tiny_model.GRAPH
    assert [file.name for file in manifest.files] == ["model.onnx"]


def test_no_folder(tmp_path: Path) -> None:
    check_message(tmp_path / "nowhere", r"There is no model at .*nowhere\. Make one: python -m model_export default$")


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "model").write_text("")
    check_message(tmp_path / "model", r"cannot be read \(Not a directory\)")


def test_no_manifest(folder: Path) -> None:
    (folder / MANIFEST_FILE).unlink()
    check_message(folder, f"has no manifest.json. {EXPORT_AGAIN}")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"\xff"', b'{"version": "1"}', b'{"version": 1}'])
def test_a_damaged_manifest(folder: Path, content: bytes) -> None:
    (folder / MANIFEST_FILE).write_bytes(content)
    check_message(folder, rf"manifest\.json is damaged \(.*\)\. {EXPORT_AGAIN}")


def test_a_newer_manifest_may_look_like_anything(folder: Path) -> None:
    (folder / MANIFEST_FILE).write_text('{"version": 99}')
    check_message(folder, r"made by a newer lsp-writer\. Update lsp-writer\.$")


def test_an_older_manifest(folder: Path) -> None:
    edit(folder, lambda manifest: manifest.update(version=0))
    check_message(folder, rf"made by an older lsp-writer\. {EXPORT_AGAIN}")


def test_a_manifest_cannot_point_outside_its_folder(folder: Path) -> None:
    edit(folder, lambda manifest: manifest["files"][0].update(name="../model.onnx"))
    check_message(folder, r"damaged .*files\[0\]\.name")


def test_a_missing_file(folder: Path) -> None:
    missing_graph(folder)
    check_message(folder, rf"model\.onnx is missing\. {EXPORT_AGAIN}")


def test_a_truncated_file(folder: Path) -> None:
    content = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(content[:1000])
    check_message(folder, rf"model\.onnx has 1,000 bytes instead of {len(content):,}\. {EXPORT_AGAIN}")


def alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_an_altered_file(folder: Path) -> None:
    alter(folder / "model.onnx")
    check_message(folder, rf"model\.onnx was altered since it was exported\. {EXPORT_AGAIN}")


def test_a_file_too_large_to_hash_at_every_start_is_only_measured(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifests, "HASHED_UP_TO", 1000)
    alter(folder / "model.onnx")
    load_manifest(folder)
    with pytest.raises(ModelUnavailable, match="was altered"):
        load_manifest(folder, hash_all=True)


def missing_graph(folder: Path) -> None:
    (folder / "model.onnx").unlink()


def older(folder: Path) -> None:
    edit(folder, lambda manifest: manifest.update(version=0, graph="as it was then"))


def undecodable(folder: Path) -> None:
    (folder / MANIFEST_FILE).write_bytes(b"{")


EXPORT = "python -m model_export export"
LORA = {"id": "some/lora", "sha256": ""}


@pytest.mark.parametrize("damage", [missing_graph, older])
@pytest.mark.parametrize(
    ("source", "target", "command"),
    [
        ({}, "cpu", f"{EXPORT} Qwen/Qwen2.5-0.5B --revision 0 --name large --force"),
        ({}, "cuda", f"{EXPORT} Qwen/Qwen2.5-0.5B --revision 0 --name large --target cuda --force"),
        ({"adapter": LORA}, "cpu", f"{EXPORT} Qwen/Qwen2.5-0.5B --revision 0 --name large --adapter some/lora --force"),
    ],
)
def test_another_model_is_exported_again_from_its_own_source(
    folder: Path, damage: Callable[[Path], None], source: dict[str, Any], target: str, command: str
) -> None:
    """“Export it again: python -m model_export default --force”, which makes another model in another folder."""
    large = folder.rename(folder.with_name("large"))
    edit(large, lambda manifest: manifest["source"].update({"id": "Qwen/Qwen2.5-0.5B"} | source))
    edit(large, lambda manifest: manifest.update(target=target))
    damage(large)
    check_message(large, re.escape(f"Export it again: {command}") + "$")


def test_a_portable_model_is_exported_again_as_one(folder: Path) -> None:
    """The command made a fused graph in its place."""
    large = folder.rename(folder.with_name("large"))
    edit(large, lambda manifest: manifest["graph"]["kv"].update(contract="growing"))
    missing_graph(large)
    check_message(large, r"--name large --graph portable --force$")


@pytest.mark.parametrize("name", ["default", "large"])
def test_a_model_of_another_data_folder_is_exported_again_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The command put a second one into the platform's data folder, and the damaged one stayed."""
    damaged = folder.rename(folder.with_name(name))
    missing_graph(damaged)
    monkeypatch.setenv("LSP_WRITER_DATA", "elsewhere")
    data = re.escape(shlex.quote(str(folder.parent.parent)))
    check_message(damaged, rf"Export it again: python -m model_export .*--data {data} --force$")


def test_a_model_made_of_a_folder_is_exported_from_that(folder: Path) -> None:
    """“… export gpt2”, which would have fetched another model of that name from the Hub."""
    large = folder.rename(folder.with_name("large"))
    edit(large, lambda manifest: manifest["source"].update(id="gpt2", revision=""))
    missing_graph(large)
    check_message(large, r"Export it again from gpt2, or choose another model: python -m model_export list$")


def test_a_model_that_cannot_tell_what_it_was(folder: Path) -> None:
    large = folder.rename(folder.with_name("large"))
    undecodable(large)
    check_message(large, r"Export it again, or choose another model: python -m model_export list$")


def test_the_data_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path))
    assert default_model_folder() == tmp_path / "models" / "default"


def test_the_data_folder_is_the_platforms_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LSP_WRITER_DATA", raising=False)
    assert default_model_folder().parts[-3:] == ("lsp-writer", "models", "default")


def test_a_manifest_from_before_judgements_were_made(folder: Path) -> None:
    edit(folder, lambda manifest: manifest.pop("judgements"))
    manifest = load_manifest(folder)
    assert (manifest.judgements, manifest.note_languages) == ((), ())


def test_judgements_are_read_as_they_were_written(folder: Path) -> None:
    told = [
        {"language": language, "passages": 24, "choices": 6, "right": right} for language, right in MEASURED.items()
    ]
    edit(folder, lambda manifest: manifest.update(judgements=told))
    manifest = load_manifest(folder)
    assert [(judgement.language, judgement.right) for judgement in manifest.judgements] == list(MEASURED.items())
    assert manifest.note_languages == ("en", "fr")


def test_a_judgement_that_cannot_be(folder: Path) -> None:
    told = [{"language": "en", "passages": 24, "choices": 6, "right": 1.5}]
    edit(folder, lambda manifest: manifest.update(judgements=told))
    check_message(folder, r"damaged .*judgements\[0\]\.right")
