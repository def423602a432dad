"""The VS Code extension installs its own server: its real code on a stand-in for VS Code's windows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import msgspec
import pytest

from lsp_writer import __version__
from tests.editors.conftest import Machine
from tests.editors.test_vscode import package_extension
from tests.editors.test_vscode_client import run

pytestmark = pytest.mark.editor


class Installed(msgspec.Struct):
    #: What the writer is told, where it did not work.
    error: str
    there: bool
    #: Where it is afterwards, whoever installed it; empty if it is not.
    command: str
    log: list[str]
    shown: list[str]


def install(tmp_path: Path, path: str, *, extension: Path | None = None, cancel_at: str = "") -> Installed:
    """Install what serves into the folder `storage`, with this PATH; the writer gives up when it shows `cancel_at`."""
    program = """
    const [PATH, extension, storage, cancelAt] = %s;
    process.env.PATH = PATH;
    const listeners = [];
    const token = {
      isCancellationRequested: false,
      onCancellationRequested: (listener) => {
        listeners.push(listener);
        return { dispose: () => listeners.splice(listeners.indexOf(listener), 1) };
      },
    };
    const [log, shown] = [[], []];
    const report = ({ message }) => {
      shown.push(message);
      if (!cancelAt || message !== cancelAt) return;
      token.isCancellationRequested = true;
      listeners.forEach((listener) => listener());
    };
    vscode.ProgressLocation = { Notification: 15 };
    vscode.window = { withProgress: (options, task) => task({ report }, token) };
    const { installServer, privateCommand } = require('./extension.js');
    installServer(extension, storage, { appendLine: (line) => log.push(line) }, [])
      .then((there) => ({ error: '', there }), ({ message }) => ({ error: message, there: false }))
      .then((end) => console.log(JSON.stringify({ ...end, command: privateCommand(storage), log, shown })));
    """
    arguments = [path, str(extension or an_extension(tmp_path)), str(tmp_path / "storage"), cancel_at]
    code = Path(tempfile.mkdtemp(dir=tmp_path))
    return msgspec.convert(run("install.ts", program % json.dumps(arguments), code, seconds=300), Installed)


def an_extension(tmp_path: Path) -> Path:
    """With a server that no pip can install."""
    server = tmp_path / "extension" / "server"
    server.mkdir(parents=True)
    (server / "lsp_writer-0.1.0-py3-none-any.whl").write_text("This is no wheel.")
    (server / "constraints.txt").touch()
    return server.parent


def a_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def is_running(process: str) -> bool:
    try:
        return bool(Path("/proc", process, "cmdline").read_bytes())  # of one that has ended there is a name, at most
    except OSError:
        return False


def test_the_server_is_installed_and_runs(machine: Machine) -> None:
    """Without what makes the model, which is larger than all the rest."""
    with zipfile.ZipFile(package_extension(machine)) as package:
        package.extractall(machine.home)
    extension, python = machine.home / "extension", machine.home / "python"
    a_program(python, "python3", f'exec "{sys.executable}" "$@"')

    seen = install(machine.home, str(python), extension=extension)

    assert (seen.error, seen.there) == ("", True), "\n".join(seen.log)
    assert max(map(len, seen.shown)) <= 80
    version = subprocess.run([seen.command, "--version"], capture_output=True, check=True, text=True).stdout
    assert __version__ in version
    again = install(machine.home, "", extension=extension)
    assert (again.there, again.log) == (True, []), "it is there already"


def test_who_has_no_python_is_told_what_to_get(tmp_path: Path) -> None:
    """Nor is a Python run that lies where the story does: `.` and the like were on many a path."""
    a_program(tmp_path / "storage", "python3", f'touch "{tmp_path}/was-run"')
    old = tmp_path / "old"
    a_program(old, "python3", "exit 1")

    seen = install(tmp_path, f".:{old}:")

    assert seen.error.startswith("Writer needs Python 3.11, 3.12 or 3.13")
    assert not (tmp_path / "was-run").exists()
    assert not (tmp_path / "storage" / "installing").exists(), "the next try is not held up"


def test_what_pip_says_is_told(tmp_path: Path) -> None:
    python = tmp_path / "python"
    a_program(python, "python3.12", "exit 127")  # a version manager's, for a version that is not there
    a_program(python, "python3", f'exec "{sys.executable}" "$@"')

    seen = install(tmp_path, str(python))

    assert "ERROR" in seen.error
    assert "is invalid" in seen.error
    assert any("is invalid" in line for line in seen.log)
    assert seen.command == ""
    assert not (tmp_path / "storage" / "server").exists()


def test_who_gives_up_is_left_with_nothing(tmp_path: Path) -> None:
    """Not with what pip has started either, though it does not want to end."""
    started = tmp_path / "uv" / "started"
    a_program(started.parent, "started", "trap '' INT TERM\necho $$ >>processes\necho Downloading\nsleep 1000")
    uv = f'[ "$1" = --version ] && exit\nmkdir -p server\necho $$ >processes\n"{started}" &\nwait'
    a_program(started.parent, "uv", uv)

    seen = install(tmp_path, f"{started.parent}:/usr/bin:/bin", cancel_at="Downloading")

    assert (seen.error, seen.there) == ("", False)
    assert not (tmp_path / "storage" / "server").exists()
    processes = (tmp_path / "storage" / "processes").read_text().split()
    assert len(processes) == 2
    assert not [process for process in processes if is_running(process)]


def test_what_was_interrupted_is_no_server(tmp_path: Path) -> None:
    """The computer was switched off when pip had made the command, but not all that it needs."""
    command = tmp_path / "storage" / "server" / "bin" / "lsp-writer"
    a_program(command.parent, "lsp-writer", "exit 1")
    assert install(tmp_path, "").command == ""
    assert not command.exists(), "nor is it in the way of the next try"


def test_two_windows_do_not_install_at_once(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    storage.mkdir()
    (storage / "installing").write_text(str(os.getpid()))
    assert install(tmp_path, "").error.startswith("Writer is being installed already")


@pytest.mark.parametrize("maker", ["uv", "python"])
def test_the_model_is_made_with_the_small_pytorch(maker: str, tmp_path: Path) -> None:
    """Through the extra index of PyTorch, out of reach, pip lost nine seconds for each package, and uv failed."""
    program = """
    const { steps } = require('./extension.js');
    const maker = { uv: '/bin/uv', python: ['/bin/python3'] };
    const made = steps({ %(maker)s: maker.%(maker)s }, '/a folder/server', '/an extension/lsp_writer.whl', ['export']);
    console.log(JSON.stringify(made.map(({ command, optional }) => [Boolean(optional), command.join(' ')])));
    """
    (_, make), (may_fail, torch), (_, rest) = msgspec.convert(
        run("python.ts", program % {"maker": maker}, tmp_path), list[tuple[bool, str]]
    )
    assert make.endswith(" /a folder/server")
    assert may_fail
    assert torch.endswith(" --no-deps --index-url https://download.pytorch.org/whl/cpu torch")
    assert rest.endswith(" -c /an extension/constraints.txt lsp-writer[export] @ file:///an%20extension/lsp_writer.whl")
    assert "index" not in rest, "the writer's own settings say where the rest comes from"
