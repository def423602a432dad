"""The VS Code extension has its own server installed: its real code on a stand-in for VS Code's windows. What its
script does by itself is in test_installer.py."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import msgspec
import pytest

from lsp_writer import __version__
from tests.editors.conftest import Machine
from tests.editors.test_installer import Place, a_place, is_running
from tests.editors.test_vscode import package_extension
from tests.editors.test_vscode_client import found, program, run

pytestmark = pytest.mark.editor


class Installed(msgspec.Struct):
    #: What the writer is told, where it did not work.
    error: str
    log: list[str]
    shown: list[str]


def install(place: Place, path: str, *, cancel_at: str = "") -> Installed:
    """With this PATH; the writer gives up when `cancel_at` is shown."""
    source = """
    const [PATH, extension, storage, cancelAt] = %s;
    process.env.PATH = PATH;
    const listeners = [];
    const token = { isCancellationRequested: false, onCancellationRequested: (listener) => listeners.push(listener) };
    const [log, shown] = [[], []];
    const report = ({ message }) => {
      shown.push(message);
      if (!cancelAt || message !== cancelAt) return;
      token.isCancellationRequested = true;
      listeners.forEach((listener) => listener());
    };
    vscode.ProgressLocation = { Notification: 15 };
    vscode.window = { withProgress: (options, task) => task({ report }, token) };
    const { installServer } = require('./extension.js');
    installServer(extension, storage, { appendLine: (line) => log.push(line) })
      .then(() => '', ({ message }) => message)
      .then((error) => console.log(JSON.stringify({ error, log, shown })));
    """
    arguments = [path, str(place.extension), str(place.storage), cancel_at]
    code = Path(tempfile.mkdtemp(dir=place.storage.parent))
    return msgspec.convert(run("install.ts", source % json.dumps(arguments), code, seconds=300), Installed)


def this_python(folder: Path) -> str:
    """Without what makes the model, which is larger than all the rest."""
    program(folder, "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@" --extras=\n')
    return str(folder)


def test_the_server_is_installed_and_runs(machine: Machine) -> None:
    with zipfile.ZipFile(package_extension(machine)) as package:
        package.extractall(machine.home)
    place = Place(machine.home / "extension", machine.home / "storage")
    python = this_python(machine.home / "python")

    seen = install(place, python)

    assert seen.error == "", "\n".join(seen.log)
    assert max(map(len, seen.shown)) <= 80
    command = found(machine.home)
    assert command == [str(place.server / "bin" / "lsp-writer")]
    version = subprocess.run([*command, "--version"], capture_output=True, check=True, text=True).stdout
    assert __version__ in version
    assert install(place, python) == Installed("", [], []), "it is there already"


def test_who_has_no_python_is_told_what_to_get(tmp_path: Path) -> None:
    """Nor is a Python run that lies where the extension does: `.` and the like were on many a path."""
    place = a_place(tmp_path)
    program(place.extension, "python3").write_text(f'#!/bin/sh\ntouch "{tmp_path}/was-run"\n')
    old = program(tmp_path / "old", "python3")
    old.write_text("#!/bin/sh\nexit 1\n")

    seen = install(place, f".:{old.parent}:")

    assert seen.error.startswith("Writer needs Python 3.11, 3.12 or 3.13")
    assert not (tmp_path / "was-run").exists()
    assert not place.storage.exists(), "the next try is not held up"


def test_what_pip_says_is_told(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    python = this_python(tmp_path / "python")
    # A version manager's, for a version that is not there.
    program(Path(python), "python3.12").write_text("#!/bin/sh\nexit 127\n")

    seen = install(place, python)

    assert "ERROR" in seen.error
    assert "is invalid" in seen.error
    assert any("is invalid" in line for line in seen.log)
    assert not place.server.exists()


def test_who_gives_up_is_left_with_nothing(tmp_path: Path) -> None:
    """Not with what uv has started either, though it does not want to end."""
    place = a_place(tmp_path)
    # uv run --no-project --python RANGE python …
    runs = f'[ "$1" = run ] && shift 5 && UV="$0" exec "{sys.executable}" "$@"'
    uv = program(tmp_path / "uv", "uv")
    uv.write_text(f"#!/bin/sh\n{runs}\n{place.downloads}\n")

    seen = install(place, f"{uv.parent}:/usr/bin:/bin", cancel_at="Downloading")

    assert seen.error == ""
    assert seen.shown[-1] == "Writer was not installed: it was given up."
    assert not place.server.exists()
    assert not [each for each in place.started if is_running(each)]


def test_what_was_interrupted_is_no_server(tmp_path: Path) -> None:
    """The computer was switched off when pip had made the command, but not all that it needs."""
    program(tmp_path / "storage" / "server" / "bin")
    assert found(tmp_path) == []
