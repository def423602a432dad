"""Which folder a model's name means, and which models there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lsp_writer.composition import model_folder
from lsp_writer.errors import ModelUnavailable
from lsp_writer.inference.installed import choices, installed_models
from lsp_writer.inference.manifest import read_manifest
from lsp_writer.settings import MachineSettings
from tests import tiny_model


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default model and one more."""
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path))
    models = tmp_path / "models"
    for name in ("default", "large"):
        (models / name).mkdir(parents=True)
        tiny_model.write_folder(models / name)
    return models


def chosen(model: str) -> Path:
    return model_folder(MachineSettings(model=model))


@pytest.mark.parametrize(("model", "name"), [("", "default"), ("default", "default"), ("large", "large")])
def test_a_name_is_a_folder_of_the_models(models: Path, model: str, name: str) -> None:
    assert chosen(model) == models / name


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("path", ["/srv/model", "./large", "../large", "stories/model", "large/", ".", "~/model"])
def test_anything_else_is_a_path(path: str) -> None:
    assert chosen(path) == Path(path).expanduser()


@pytest.mark.usefixtures("models")
def test_a_name_that_is_not_installed() -> None:
    """“There is no model at larg”: a folder in the place where the editor happened to start the server."""
    with pytest.raises(ModelUnavailable, match=re.escape("(installed: default, large;")) as caught:
        chosen("larg")
    assert str(caught.value).endswith("Export one: python -m model_export export ID --name larg")


def test_a_name_where_nothing_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path))
    with pytest.raises(ModelUnavailable, match="installed: none"):
        chosen("large")
    assert chosen("") == tmp_path / "models" / "default"


def test_damaged_models_are_listed_with_their_fault(models: Path) -> None:
    (models / "large" / "model.onnx").unlink()
    (models / ".partial").mkdir()
    (models / "notes").mkdir()
    sound, damaged = installed_models(models)
    assert (sound.folder.name, damaged.folder.name) == ("default", "large")
    assert sound.manifest is not None
    assert sound.size == (models / "default" / "model.onnx").stat().st_size
    assert damaged.manifest is None
    assert "is missing" in damaged.fault


def offered(model: str) -> list[tuple[str, str, bool]]:
    return [(each.name, each.setting, each.chosen) for each in choices(model)]


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(("model", "chosen"), [("", "default"), ("default", "default"), ("large", "large")])
def test_a_list_to_choose_from(model: str, chosen: str) -> None:
    expected = [("default", "", chosen == "default"), ("large", "large", chosen == "large")]
    assert offered(model) == expected


def test_what_is_told_of_a_model_to_choose(models: Path) -> None:
    manifest = read_manifest(models / "default")
    size = round(sum(file.size for file in manifest.files) / 1e6)
    assert (choices("")[0].megabytes, choices("")[0].precision) == (size, manifest.precision)


def test_one_that_was_chosen_by_its_path_is_in_the_list(models: Path, tmp_path: Path) -> None:
    elsewhere = (models / "large").rename(tmp_path / "mine")
    assert offered(str(elsewhere)) == [("default", "", False), ("mine", str(elsewhere), True)]


def test_a_damaged_one_is_not_in_the_list(models: Path) -> None:
    (models / "large" / "manifest.json").write_text("{}")
    assert offered("large") == [("default", "", False)]
    assert offered("gone") == [("default", "", False)]
    assert offered("/no/where") == [("default", "", False)]


def test_where_no_model_was_ever_made(tmp_path: Path) -> None:
    assert installed_models(tmp_path / "models") == []
