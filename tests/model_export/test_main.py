"""`python -m model_export default`: one clear message whatever happens."""

from __future__ import annotations

import errno
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lsp_writer.errors import ExportFailed
from model_export import package
from model_export.__main__ import app
from model_export.architecture import Architecture
from tests import tiny_model


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["default", "--data", str(data), *arguments])


def check(result: Result, status: int, expected: str) -> None:
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert expected in result.stderr
    assert result.stderr.count("\n") == 1, result.stderr


def fail(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def build(*_: object) -> None:
        raise error

    monkeypatch.setattr(package, "_build", build)


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """To look into the checkpoint takes all of transformers, and none of these tests gets as far as using it."""
    found = Architecture("LlamaForCausalLM", "fused", parameters=1_000_000, context_tokens=2048)
    monkeypatch.setattr("model_export.architecture.judge", lambda *_: found)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "default"
    folder.mkdir(parents=True)
    tiny_model.write_folder(folder)
    return tmp_path


def test_an_installed_model_is_left_alone_and_nothing_slow_is_imported(installed: Path) -> None:
    program = (
        "import sys; from model_export.__main__ import app\n"
        f"app(['default', '--data', {str(installed)!r}], standalone_mode=False)\n"
        "assert not {'torch', 'transformers', 'onnx', 'onnxruntime'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "was already installed" in done.stderr


def test_what_export_failed_says_is_all_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, ExportFailed("It is worse than its source [bold]. Please report this."))
    check(run(tmp_path), 1, "It is worse than its source [bold]. Please report this.")


def test_an_interrupted_export_says_so_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, KeyboardInterrupt())
    check(run(tmp_path), 130, "Interrupted. Nothing was installed")
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_a_library_that_was_stopped_while_it_was_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C in the first second: “ImportError: initialization failed”, under a hundred lines."""
    error = ImportError("initialization failed")
    error.__cause__ = KeyboardInterrupt()
    fail(monkeypatch, error)
    check(run(tmp_path), 130, "Interrupted. Nothing was installed")


def test_a_disk_that_fills_up_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "weights")))
    check(run(tmp_path), 1, "weights cannot be written (No space left on device). Make room")


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check(run(tmp_path / "file"), 1, "choose another folder with --data")


def test_what_is_installed_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two at once, the second said that 2 GB were needed, and would not have written anything."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    check(run(tmp_path), 1, "Free some space")
    (tmp_path / "models" / "default").mkdir()
    tiny_model.write_folder(tmp_path / "models" / "default")
    monkeypatch.setattr("model_export.making.is_installed", lambda _: False)
    check(run(tmp_path), 0, "was already installed")


def test_an_installation_without_the_exporters_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else find(name))
    check(run(tmp_path), 1, "(torch). Run: pip install 'lsp-writer[export]'")


def test_a_failed_export_leaves_what_was_installed(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, ExportFailed("It failed. Run it again."))
    check(run(installed, "--force"), 1, "It failed. Run it again.")
    assert "was already installed" in run(installed).stderr
