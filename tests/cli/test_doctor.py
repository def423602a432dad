"""`doctor` on machines of every kind: what is found, and the mend of what is wrong."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from typer.testing import CliRunner

from lsp_writer.cli.app import app
from lsp_writer.inference.manifest import MANIFEST_FILE, Candidate
from tests import tiny_model


class Found(NamedTuple):
    verdict: str
    found: str
    mend: str


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One without models, settings, a card or any program on the path; the folder of its programs."""
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    return programs


def examine(*arguments: str) -> dict[str, Found]:
    """The checks by name, from the one object that is printed."""
    result = CliRunner().invoke(app, ["doctor", "--json", *arguments])
    answer = json.loads(result.stdout)
    checks = {check["name"]: Found(check["verdict"], check["found"], check["mend"]) for check in answer["checks"]}
    healthy = all(check.verdict != "fault" for check in checks.values())
    assert (result.exit_code, answer["healthy"]) == (0 if healthy else 1, healthy)
    return checks


def put(programs: Path, name: str, script: str) -> None:
    program = programs / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def driver(programs: Path, version: str, cuda: str) -> None:
    """`nvidia-smi` as it is called for the figures and for its plain report."""
    heading = (
        f"| NVIDIA-SMI {version}    Driver Version: {version}    CUDA Version: {cuda}  |" if cuda else "| NVIDIA |"
    )
    put(programs, "nvidia-smi", f'[ "$1" ] && echo "NVIDIA L4, 23034, {version}" || echo "{heading}"')


OLD = "Install a driver for CUDA 13 or newer; on Linux that is 580 or newer."


@pytest.mark.parametrize(
    ("version", "cuda", "verdict", "mend"),
    [
        ("580.65.06", "13.0", "ok", ""),
        ("590.44", "13.1", "ok", ""),
        ("581.15", "", "ok", ""),
        ("575.57.08", "12.9", "note", OLD),
        ("575.57.08", "", "note", OLD),
    ],
)
def test_the_driver_of_the_card(machine: Path, version: str, cuda: str, verdict: str, mend: str) -> None:
    driver(machine, version, cuda)
    card = examine()["graphics card"]
    assert (card.verdict, card.mend) == (verdict, mend)
    assert card.found.startswith(f"NVIDIA L4, 22 GB, driver {version}" + (f" for CUDA {cuda}" if cuda else ""))


def test_a_card_that_the_settings_insist_on(machine: Path) -> None:
    driver(machine, "550.54.14", "12.4")
    assert examine("--device", "cuda")["graphics card"].verdict == "fault"
    (machine / "nvidia-smi").unlink()
    none = examine("--device", "cuda")["graphics card"]
    assert (none.verdict, none.mend) == ("fault", "Install the driver, or set the device to auto.")
    assert examine()["graphics card"].verdict == "ok"


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ('echo "NVIDIA-SMI has failed because it couldn\'t communicate"; exit 9', "NVIDIA-SMI has failed because"),
        ("echo No devices were found", "No devices were found"),
        ("exit 1", "says: nothing"),
    ],
)
def test_a_driver_that_does_not_answer(machine: Path, script: str, says: str) -> None:
    put(machine, "nvidia-smi", script)
    card = examine()["graphics card"]
    assert card.verdict == "note"
    assert says in card.found
    assert card.mend == "Install the driver again, or restart."


def test_a_runtime_that_was_not_built_for_cards(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsp_writer.inference.onnx_session.available_devices", lambda: ("cpu",))
    driver(machine, "580.65.06", "13.0")
    card = examine()["graphics card"]
    assert (card.verdict, card.mend) == ("note", "To run models on it: pip install 'lsp-writer[cuda]'")


def install(data: Path, name: str, *candidates: Candidate) -> Path:
    folder = data / "models" / name
    folder.mkdir(parents=True)
    manifest = msgspec.structs.replace(tiny_model.write_folder(folder), candidates=candidates)
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
    return folder


def test_the_installed_models(tmp_path: Path) -> None:
    kept = Candidate(precision="int8", size=1, perplexity=1, agreement=1, decode_tokens_per_second=71.4, kept=True)
    quicker = msgspec.structs.replace(kept, precision="int4", decode_tokens_per_second=90, kept=False)
    install(tmp_path / "data", "measured", quicker, kept)
    install(tmp_path / "data", "unmeasured")
    install(tmp_path / "data", "for a card", msgspec.structs.replace(kept, decode_tokens_per_second=0))
    (install(tmp_path / "data", "damaged") / "model.onnx").unlink()
    checks = examine()
    measured = checks["installed model measured"]
    assert measured.verdict == "ok"
    assert measured.found.startswith("tiny, fp32 for cpu, 0 MB; perplexity 1.00 (its source: 1.00); ")
    assert measured.found.endswith("speed: 71 tokens a second where it was exported")
    for name in ("unmeasured", "for a card"):
        assert checks[f"installed model {name}"].found.endswith("speed: not measured")
    damaged = checks["installed model damaged"]
    assert damaged.verdict == "note"
    assert damaged.found.endswith("model.onnx is missing")
    assert "-m model_export export random --revision 0 --name damaged --force" in damaged.mend


def test_a_model_that_is_not_installed(tmp_path: Path) -> None:
    install(tmp_path / "data", "large")
    model = examine("--model", "larg")["model"]
    assert (model.verdict, "installed: large" in model.found) == ("fault", True)


def test_a_settings_file_with_a_mistake(tmp_path: Path) -> None:
    """The doctor said that the file should be a group of settings; it was, but for one line."""
    file = tmp_path / "config" / "lsp-writer" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('device = "cpu"\nmodel large\n', encoding="utf-8")
    settings = examine()["settings file"]
    assert settings.verdict == "fault"
    assert settings.found.startswith(f"{file} was ignored: ")
    assert "at line 2" in settings.found


def test_a_command_runs_as_it_stands_where_python_is_another_one(machine: Path) -> None:
    """`python -m model_export default`: no such command, or no module of that name."""
    assert examine()["model"].mend == f"Make one: {sys.executable} -m model_export default"
    put(machine, "python", "exit 1")
    assert examine()["model"].mend == f"Make one: {sys.executable} -m model_export default"


def test_a_command_is_short_where_python_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(Path(sys.executable).parent))
    assert examine()["model"].mend == "Make one: python -m model_export default"
