"""Folders from the Hub: only what a manifest vouches for comes in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub.utils._http import reset_sessions
from typer.testing import CliRunner, Result

from lsp_writer.inference.manifest import MANIFEST_FILE, Manifest, Probe, load_manifest
from model_export import pull
from model_export.__main__ import app
from model_export.hub import Repository
from tests import tiny_model
from tests.model_export import hub as hubs
from tests.model_export.hub import COMMIT, Hub
from tests.model_export.installed import write_tokenizer

pytestmark = pytest.mark.slow

REPOSITORY = "someone/tiny-onnx"
Files = dict[str, bytes]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """One repository with a sound model folder and what people put beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    # The library reads it once, and another test's export may have set it before.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    reset_sessions()
    with hubs.serve({REPOSITORY: exported(tmp_path / "exported")}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub
    reset_sessions()


def downloaded(hub: Hub) -> list[str]:
    return [name for name, _ in hub.sent]


def exported(folder: Path, probe: Probe | None = None) -> Files:
    folder.mkdir()
    write_tokenizer(folder)
    tiny_model.write_folder(folder, probe)
    beside = {"README.md": b"# A model", "LICENSE.txt": b"Apache-2.0", ".gitattributes": b"*.data filter=lfs"}
    return {path.name: path.read_bytes() for path in folder.iterdir()} | beside


def run(data: Path, *arguments: str, repository: str = REPOSITORY) -> Result:
    return CliRunner().invoke(app, ["pull", repository, "--data", str(data), *arguments])


def check_refused(data: Path, *says: str, arguments: tuple[str, ...] = ()) -> None:
    result = run(data, *arguments)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    message = result.stderr.strip().splitlines()[-1]
    for word in says:
        assert word in message
    models = data / "models"
    left = {path.name for path in models.iterdir()} - {".lock"} if models.exists() else set()
    assert left == set()


def test_a_sound_folder_is_installed_and_nothing_else(hub: Hub, tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    assert f"{REPOSITORY} at {COMMIT}: tiny, made from random (licence: none)" in result.stderr
    folder = tmp_path / "models" / "tiny-onnx"
    assert {path.name for path in folder.iterdir()} == {MANIFEST_FILE, "model.onnx", "tokenizer.json"}
    load_manifest(folder)
    assert set(downloaded(hub)) == {MANIFEST_FILE, "model.onnx", "tokenizer.json"}
    assert not list((tmp_path / "cache").rglob("*.onnx"))


def test_what_is_installed_stays_unless_forced(hub: Hub, tmp_path: Path) -> None:
    run(tmp_path, "--name", "large")
    (tmp_path / "models" / "large" / "mark").touch()
    hub.sent.clear()
    assert "was already installed" in run(tmp_path, "--name", "large", "--revision", COMMIT).stderr
    assert downloaded(hub) == [MANIFEST_FILE]
    assert "is now installed" in run(tmp_path, "--name", "large", "--force").stderr
    assert not (tmp_path / "models" / "large" / "mark").exists()


def test_another_repository_of_the_same_name(hub: Hub, tmp_path: Path) -> None:
    """“tiny-onnx was already installed”, and it was somebody else's."""
    assert run(tmp_path).exit_code == 0
    hub.repositories["other/tiny-onnx"] = dict(hub.repositories[REPOSITORY])
    change_manifest(hub.repositories["other/tiny-onnx"], lambda manifest: manifest["source"].update(id="org/other"))
    result = run(tmp_path, repository="other/tiny-onnx")
    assert result.exit_code == 1
    assert "made from random at 0 in fp32 for cpu, and not the model of other/tiny-onnx." in result.stderr
    assert "is now installed" in run(tmp_path, "--force", repository="other/tiny-onnx").stderr


def test_other_files_made_from_the_same(hub: Hub, tmp_path: Path) -> None:
    run(tmp_path)
    change_manifest(hub.repositories[REPOSITORY], lambda manifest: manifest.update(chat_template="{{ messages }}"))
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "made from the same, but in other files" in result.stderr


def with_unknown_file(files: Files) -> None:
    files["custom_ops.so"] = b"\x7fELF"


def with_a_pickle(files: Files) -> None:
    files["pytorch_model.bin"] = b"\x80\x04"


def with_a_pickle_that_is_named(files: Files) -> None:
    change_manifest(files, lambda manifest: manifest["files"].append({"name": "a.pt", "size": 1, "sha256": ""}))
    files["a.pt"] = b"."


def without_manifest(files: Files) -> None:
    del files[MANIFEST_FILE]


def without_graph(files: Files) -> None:
    del files["model.onnx"]


def with_a_shorter_graph(files: Files) -> None:
    files["model.onnx"] = files["model.onnx"][:-1]


def with_another_graph(files: Files) -> None:
    files["model.onnx"] = files["model.onnx"][:-1] + bytes([files["model.onnx"][-1] ^ 1])


def with_a_tokenizer_that_is_not_vouched_for(files: Files) -> None:
    change_manifest(files, lambda manifest: manifest.update(tokenizer="README.md"))


def with_a_path_outside(files: Files) -> None:
    change_manifest(files, lambda manifest: manifest["files"][0].update(name="../model.onnx"))


def from_the_future(files: Files) -> None:
    change_manifest(files, lambda manifest: manifest.update(version=99))


def change_manifest(files: Files, change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads(files[MANIFEST_FILE])
    change(manifest)
    files[MANIFEST_FILE] = json.dumps(manifest).encode()


BAD = [
    (with_unknown_file, "does not name (custom_ops.so)"),
    (with_a_pickle, "can run code when they are read (pytorch_model.bin)"),
    (with_a_pickle_that_is_named, "can run code when they are read (a.pt)"),
    (without_manifest, "python -m model_export export someone/tiny-onnx"),
    (without_graph, "it lacks files that its manifest.json names (model.onnx)"),
    (with_a_shorter_graph, "the size of model.onnx is not what its manifest.json says"),
    (with_another_graph, "model.onnx was altered"),
    (with_a_tokenizer_that_is_not_vouched_for, "gives no checksum of README.md"),
    (with_a_path_outside, "manifest.json cannot be used"),
    (from_the_future, "made by a newer lsp-writer"),
]


@pytest.mark.parametrize(("spoil", "says"), BAD)
def test_a_folder_that_is_not_what_it_should_be(
    hub: Hub, tmp_path: Path, spoil: Callable[[Files], None], says: str
) -> None:
    spoil(hub.repositories[REPOSITORY])
    check_refused(tmp_path, says)
    if spoil is not with_another_graph:
        assert set(downloaded(hub)) <= {MANIFEST_FILE}


def test_a_model_that_answers_wrongly(hub: Hub, tmp_path: Path) -> None:
    wrong = Probe(token_ids=(1, 2, 3), top_ids=(0,), top_logits=(1000.0,), tolerance=1.0)
    hub.repositories[REPOSITORY] = exported(tmp_path / "wrong", wrong)
    check_refused(tmp_path, f"{REPOSITORY} was not installed", "gives wrong answers on this processor")


def test_a_tokenizer_that_cannot_be_read(hub: Hub, tmp_path: Path) -> None:
    """It was installed, and the server refused it."""
    folder = tmp_path / "exported"
    (folder / "tokenizer.json").write_text("{}")
    tiny_model.write_folder(folder)
    hub.repositories[REPOSITORY] = hubs.files_of(folder)
    check_refused(tmp_path, f"{REPOSITORY} was not installed: The tokenizer", "cannot be read")


def test_a_chat_template_that_cannot_be_used(hub: Hub, tmp_path: Path) -> None:
    change_manifest(hub.repositories[REPOSITORY], lambda manifest: manifest.update(chat_template="{% if"))
    check_refused(tmp_path, f"{REPOSITORY} was not installed: This model's chat template cannot be used")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"token_ids": []}, "its manifest.json cannot be used"),
        ({"top_ids": [], "top_logits": []}, "its manifest.json cannot be used"),
        ({"top_ids": [999_999]}, "cannot be run"),
        ({"top_ids": [0, 1], "top_logits": [0.0, 0.0, 0.0]}, "cannot be run"),
        ({"token_ids": [999_999]}, "cannot be run"),
        ({"token_ids": [1] * 5000}, "cannot be run"),
    ],
)
def test_a_probe_that_is_nonsense(hub: Hub, tmp_path: Path, wrong: dict[str, Any], says: str) -> None:
    """“IndexError: index 999999 is out of bounds for axis 0”, under forty lines."""
    change_manifest(hub.repositories[REPOSITORY], lambda manifest: manifest["probe"].update(wrong))
    check_refused(tmp_path, f"{REPOSITORY} was not installed", says)


@pytest.mark.parametrize("name", ["../default", "a/b", "~", ".hidden", "default"])
def test_a_name_that_is_a_path_or_the_default_models(hub: Hub, tmp_path: Path, name: str) -> None:
    check_refused(tmp_path, "cannot be a model's name", arguments=("--name", name))
    assert downloaded(hub) == []


def test_a_repository_or_revision_that_does_not_exist(hub: Hub, tmp_path: Path) -> None:
    check_refused(tmp_path, "no revision “v9”", arguments=("--revision", "v9"))
    hub.repositories.clear()
    check_refused(tmp_path, f"no model “{REPOSITORY}”")


@pytest.mark.usefixtures("hub")
def test_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    check_refused(tmp_path, "Check the network connection")


def test_a_gated_repository(hub: Hub, tmp_path: Path) -> None:
    hub.gated.add(REPOSITORY)
    check_refused(tmp_path, f"{REPOSITORY} is gated", "set HF_TOKEN")


def test_a_download_that_broke_off_goes_on(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 1000)
    hub.breaks["model.onnx"] = 50_000
    check_refused(tmp_path, "run the command again")
    hub.breaks.clear()
    hub.sent.clear()
    assert run(tmp_path).exit_code == 0
    assert ("model.onnx", 50_000) in hub.sent


def test_what_was_stopped_after_the_download_goes_on(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """“Run it again and it goes on”, but the files had left the cache, and all came over the network again."""

    def interrupt(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr("model_export.pull._require_right_answers", interrupt)
        assert "it goes on" in run(tmp_path).stderr
    hub.sent.clear()
    assert run(tmp_path).exit_code == 0
    assert downloaded(hub) == []


def test_what_was_refused_is_not_kept(hub: Hub, tmp_path: Path) -> None:
    with_another_graph(hub.repositories[REPOSITORY])
    check_refused(tmp_path, "model.onnx was altered")
    assert not list((tmp_path / "cache").rglob("*.onnx"))


def test_room_for_one_model_is_enough(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """“This needs 3.1 GB in … and 2.9 GB are free”, when all had been downloaded and was only to be moved."""

    def interrupt(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr("model_export.pull._require_right_answers", interrupt)
        run(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    assert run(tmp_path).exit_code == 0
    assert "was already installed" in run(tmp_path).stderr


def test_of_two_at_once_the_second_finds_all_it_needs(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“manifest.json is missing”: the first had taken the folder away while the second was waiting for it."""
    find = pull.find

    def find_and_wait(repository: str, revision: str | None, cache: Path) -> tuple[Repository, Manifest]:
        found = find(repository, revision, cache)
        shutil.rmtree(found[0].folder)
        return found

    monkeypatch.setattr(pull, "find", find_and_wait)
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    load_manifest(tmp_path / "models" / "tiny-onnx")


def test_too_little_room(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    check_refused(tmp_path, "Free some space")
    assert downloaded(hub) == [MANIFEST_FILE]
