"""`remove`: one model goes, whole, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lsp_writer.inference.manifest import MANIFEST_FILE
from model_export.__main__ import app
from tests.model_export.installed import install_tiny


def run(data: Path, name: str, *arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, ["remove", name, "--data", str(data), *arguments], input=answer)


def names(data: Path) -> set[str]:
    return {path.name for path in (data / "models").iterdir()} - {".lock"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("default", "large"):
        install_tiny(tmp_path, name)
    return tmp_path


@pytest.mark.parametrize("name", ["default", "large"])
def test_one_model_goes(data: Path, name: str) -> None:
    result = run(data, name, "--yes")
    assert result.exit_code == 0, result.output
    assert f"Removed {data / 'models' / name}" in result.stderr
    assert names(data) == {"default", "large"} - {name}


@pytest.mark.parametrize(
    ("answer", "left"), [("y\n", {"default"}), ("n\n", {"default", "large"}), (None, {"default", "large"})]
)
def test_it_asks_first(data: Path, answer: str | None, left: set[str]) -> None:
    result = run(data, "large", answer=answer)
    assert "Remove " in result.stderr
    assert " MB)?" in result.stderr
    assert names(data) == left
    assert result.exit_code == (0 if left == {"default"} else 1)


@pytest.mark.parametrize("name", ["../models", "..", ".", "/etc", "large/", "~", ".partial", ""])
def test_a_path_is_refused(data: Path, name: str) -> None:
    result = run(data, name, "--yes")
    assert result.exit_code == 1
    assert "is not a model's name" in result.stderr
    assert names(data) == {"default", "large"}


def test_a_name_that_is_not_installed(data: Path) -> None:
    result = run(data, "larg", "--yes")
    assert result.exit_code == 1
    assert "installed: default, large" in result.stderr


def test_a_folder_of_something_else_is_refused(data: Path) -> None:
    novel = data / "models" / "novel"
    novel.mkdir()
    (novel / "chapter-1.md").write_text("It was a dark night.")
    result = run(data, "novel", "--yes")
    assert result.exit_code == 1
    assert "Look at it and delete it yourself" in result.stderr
    assert (novel / "chapter-1.md").exists()


@pytest.mark.parametrize("lost", [MANIFEST_FILE, "model.onnx"])
def test_a_damaged_model_can_be_removed(data: Path, lost: str) -> None:
    (data / "models" / "large" / lost).unlink()
    assert run(data, "large", "--yes").exit_code == 0
    assert names(data) == {"default"}


def test_links_are_not_followed(data: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    models = data / "models"
    (models / "linked").symlink_to(elsewhere)
    (models / "large" / "inside").symlink_to(elsewhere)
    for name in ("linked", "large"):
        assert run(data, name, "--yes").exit_code == 0
    assert (elsewhere / "kept").exists()
    assert names(data) == {"default"}
