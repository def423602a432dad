"""A model folder is put in its place whole or not at all."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from lsp_writer.errors import ModelUnavailable, StorageError
from lsp_writer.inference.manifest import MANIFEST_FILE, load_manifest
from model_export.install import install, workspace
from model_export.progress import Steps
from tests import tiny_model

Build = Callable[[Path], object]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "models" / "default"


def run(target: Path, build: Build = tiny_model.write_folder, *, replace: bool = False) -> bool:
    with Steps(Console(file=io.StringIO())) as steps:
        return install(target, build, steps, replace=replace)


def names(target: Path) -> set[str]:
    """What is in the models' folder, its lock aside."""
    return {path.name for path in target.parent.iterdir()} - {".lock"}


def stop_halfway(folder: Path) -> None:
    tiny_model.write_folder(folder)
    (folder.parent / "intermediate").write_text("half of it")
    raise KeyboardInterrupt


def never(folder: Path) -> None:
    pytest.fail("it was built a second time")


def test_a_model_is_installed_once(target: Path) -> None:
    assert run(target)
    assert not run(target, never)
    assert names(target) == {"default"}
    load_manifest(target)


def test_an_interrupted_export_leaves_nothing(target: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(target, stop_halfway)
    assert names(target) == set()
    assert run(target)


def test_an_interrupted_export_leaves_the_old_model(target: Path) -> None:
    run(target)
    with pytest.raises(KeyboardInterrupt):
        run(target, stop_halfway, replace=True)
    load_manifest(target)


def test_what_a_killed_export_left_is_removed(target: Path) -> None:
    leftover = target.parent / ".partial" / "default"
    leftover.mkdir(parents=True)
    (leftover / "model.onnx").write_text("half a graph")
    assert run(target)
    assert names(target) == {"default"}


def test_a_good_model_is_made_again_on_request(target: Path) -> None:
    run(target)
    (target / "old").touch()
    assert run(target, replace=True)
    assert not (target / "old").exists()


def test_a_damaged_model_is_made_again_unasked(target: Path) -> None:
    run(target)
    (target / "model.onnx").write_text("damage")
    assert run(target)
    load_manifest(target)


def test_a_model_that_lost_its_manifest_is_made_again(target: Path) -> None:
    """“… holds files that are no model's”, said by the command that `doctor` names as the mend."""
    run(target)
    (target / MANIFEST_FILE).unlink()
    assert run(target, replace=True)
    load_manifest(target)


def test_a_linked_model_is_left_as_it_is(target: Path) -> None:
    """“… holds files that are no model's”, of a model that was linked from another disk."""
    elsewhere = target.parent.parent / "elsewhere"
    elsewhere.mkdir()
    tiny_model.write_folder(elsewhere)
    target.parent.mkdir()
    target.symlink_to(elsewhere)
    with pytest.raises(StorageError, match=r"is a link to a folder elsewhere.*Take the link away"):
        run(target, never, replace=True)
    load_manifest(elsewhere)


def test_a_file_of_the_writers_is_left_as_it_is(target: Path) -> None:
    target.parent.mkdir()
    target.write_text("It was late.")
    with pytest.raises(StorageError, match="no model's"):
        run(target, never, replace=True)
    assert target.read_text() == "It was late."


def test_an_incomplete_model_is_not_installed(target: Path) -> None:
    run(target)
    with pytest.raises(ModelUnavailable):
        run(target, lambda folder: (folder / "model.onnx").touch(), replace=True)
    load_manifest(target)


def test_of_two_exports_at_once_the_second_waits_and_finds_the_first_ones_model(target: Path) -> None:
    building, made = threading.Event(), []

    def slow_build(folder: Path) -> None:
        building.set()
        threading.Event().wait(0.2)
        tiny_model.write_folder(folder)

    first = threading.Thread(target=lambda: made.append(run(target, slow_build)))
    first.start()
    building.wait()
    made.append(run(target, never))
    first.join()
    assert made == [True, False]


def test_a_workspace_is_gone_at_its_end(tmp_path: Path) -> None:
    with Steps(Console(file=io.StringIO())) as steps, workspace(tmp_path, steps) as work:
        (work / "file").touch()
    assert not work.exists()
