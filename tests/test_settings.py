from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from lsp_writer import settings_schema
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.settings import (
    CritiqueName,
    CritiqueSettings,
    MachineSettings,
    MenuSettings,
    Settings,
    read_machine_settings,
    read_settings,
    section_names,
)

ROOT = Path(__file__).parents[1]


def check_settings(raw: object, expected: Settings, *named: str) -> None:
    """`raw` reads as `expected`, and each of `named` is mentioned in one problem, in order."""
    settings, problems = read_settings(Settings(), raw)
    assert settings == expected
    assert len(problems) == len(named)
    for problem, name in zip(problems, named, strict=True):
        assert problem.startswith(f"{name} was ignored")


def test_what_is_not_set_keeps_its_default() -> None:
    check_settings(None, Settings())
    check_settings({}, Settings())
    check_settings({"menu": {"maxItems": 3}}, Settings(menu=MenuSettings(max_items=3)))


@pytest.mark.parametrize("raw", [[], "menu", 3, True])
def test_a_section_that_is_no_group(raw: object) -> None:
    check_settings(raw, Settings(), "lspWriter")


def test_a_bad_value_is_named_and_the_rest_used() -> None:
    check_settings(
        {"menu": {"maxItems": 0, "enabled": False}, "ghostText": 5, "critique": {"disabled": ["passive"]}},
        Settings(menu=MenuSettings(enabled=False), critique=CritiqueSettings(disabled=("passive",))),
        "lspWriter.menu.maxItems",
        "lspWriter.ghostText",
    )


@pytest.mark.parametrize("value", [True, "8", 8.5, None, 51, [8]])
def test_nothing_is_guessed(value: object) -> None:
    check_settings({"menu": {"maxItems": value}}, Settings(), "lspWriter.menu.maxItems")


def test_a_misspelt_critique_is_named_and_the_others_left_out() -> None:
    """`"disabled": ["pasive"]` passed without a word, and passive sentences were criticised on."""
    settings, (problem,) = read_settings(Settings(), {"critique": {"disabled": ["pasive", "adverb"]}})
    assert settings.critique.disabled == ("adverb",)
    assert '"pasive" in lspWriter.critique.disabled was ignored' in problem
    assert "passive" in problem


def test_every_critique_can_be_left_out() -> None:
    assert set(get_args(CritiqueName)) == set(CritiqueKind)


def test_a_misspelt_name_is_named() -> None:
    check_settings(
        {"menu": {"maxItem": 3}, "ghosttext": {}}, Settings(), "lspWriter.ghosttext", "lspWriter.menu.maxItem"
    )


def test_names_that_are_somebody_elses_are_passed_over() -> None:
    client = {"model": "m", "command": ["c"], "menu": {}, "revisions": True}
    assert read_settings(Settings(), client, beside=section_names()) == (Settings(), [])


def test_the_command_line_comes_before_the_client_and_the_client_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('model = "file"\ndevice = "cpu"\nthreads = 1\n')
    settings, problems = read_machine_settings({"model": "typed"}, {"model": "client", "threads": 2}, file)
    assert settings == MachineSettings(model="typed", device="cpu", threads=2)
    assert problems == []


@pytest.mark.parametrize("content", [b"model = ", b"\xff", b"threads = -1"])
def test_a_bad_configuration_file_is_named_and_the_rest_used(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    settings, (problem,) = read_machine_settings({"threads": 2}, None, file)
    assert settings == MachineSettings(threads=2)
    assert str(file) in problem


def test_no_configuration_file(tmp_path: Path) -> None:
    assert read_machine_settings({}, {}, tmp_path / "none.toml") == (MachineSettings(), [])


def test_the_manual_is_up_to_date() -> None:
    manual = (ROOT / settings_schema.DOCUMENT).read_text(encoding="utf-8")
    assert manual == settings_schema.document(), "run: python -m lsp_writer.settings_schema --write"


def test_the_extension_is_up_to_date() -> None:
    package = (ROOT / settings_schema.PACKAGE).read_text(encoding="utf-8")
    assert package == settings_schema.package_json(package), "run: python -m lsp_writer.settings_schema --write"


def test_a_workspace_cannot_set_what_runs_on_the_machine() -> None:
    scopes = {name: schema["scope"] for name, schema in settings_schema.properties().items()}
    machine = {name for name, scope in scopes.items() if scope == "machine"}
    names = ("model", "device", "threads", "memoryLimit", "idleMinutes", "command")
    assert machine == {f"lspWriter.{name}" for name in names}


def test_values_and_their_descriptions_stand_in_one_order() -> None:
    mode = settings_schema.properties()["lspWriter.ghostText.mode"]
    assert dict(zip(mode["enum"], mode["enumDescriptions"], strict=True))["off"] == "Never."
    assert json.dumps(settings_schema.properties())
