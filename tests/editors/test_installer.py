"""The script that the VS Code extension installs its server with, where a stand-in for uv installs nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from editors.vscode.install import steps
from tests.editors.conftest import ROOT

WHEEL = "lsp_writer-0.1.0-py3-none-any.whl"
MAKES_AN_ENVIRONMENT = '[ "$1" = venv ] && mkdir -p "$4/bin" && ln -s /bin/true "$4/bin/python" && exit'
INSTALLS = f"{MAKES_AN_ENVIRONMENT}\necho Installed"


#: What it has started does not want to end.
DOWNLOADS = """
mkdir -p "{server}"
echo $$ >"{processes}"
(trap '' INT TERM; exec sh -c 'echo $$ >>"{processes}"; echo Downloading; exec sleep 1000') &
wait
"""


class Place(msgspec.Struct, frozen=True):
    """The folders of an extension, and what its script does there."""

    extension: Path
    storage: Path

    @property
    def server(self) -> Path:
        return self.storage / "server"

    def start(self, uv: str, *options: str) -> subprocess.Popen[str]:
        """`uv` is what the stand-in does; empty if there is none."""
        environment = {name: value for name, value in os.environ.items() if name != "UV"}
        if uv:
            program = self.extension / "uv"
            program.write_text(f"#!/bin/sh\n{uv}\n")
            program.chmod(0o755)
            environment["UV"] = str(program)
        pipe = subprocess.PIPE
        # With a session of its own, so that no signal from a terminal reaches it.
        return subprocess.Popen(
            [sys.executable, "-I", self.script, str(self.storage), *options],
            env=environment,
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @property
    def script(self) -> str:
        return str(self.extension / "install.py")

    def install(self, uv: str = INSTALLS, *options: str) -> tuple[int, list[str]]:
        """The exit status, and what was printed."""
        with self.start(uv, *options) as process:
            assert process.stdout
            printed = process.stdout.read().splitlines()
        return process.returncode, printed

    def start_downloading(self) -> subprocess.Popen[str]:
        process = self.start(self.downloads)
        assert process.stdout
        while process.stdout.readline() not in ("Downloading\n", ""):
            pass
        return process

    @property
    def downloads(self) -> str:
        return DOWNLOADS.format(server=self.server, processes=self.storage / "processes")

    @property
    def started(self) -> list[int]:
        """What uv and what it has started are as processes."""
        numbers = [int(number) for number in (self.storage / "processes").read_text().split()]
        assert len(numbers) == 2
        return numbers


def a_place(folder: Path) -> Place:
    """An extension with a server that no pip can install."""
    wheels = folder / "an extension" / "server"
    wheels.mkdir(parents=True)
    (wheels / WHEEL).write_text("This is no wheel.")
    (wheels / "constraints.txt").touch()
    shutil.copy(ROOT / "editors" / "vscode" / "install.py", wheels.parent)
    return Place(wheels.parent, folder / "storage")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return a_place(tmp_path)


def test_it_is_finished_last(place: Place) -> None:
    status, printed = place.install(f'{MAKES_AN_ENVIRONMENT}\n[ -e "{place.server}/finished" ] || echo not yet')
    assert status == 0
    assert printed[-1] == "not yet"
    assert (place.server / "finished").read_text() == WHEEL
    assert place.install("echo again") == (0, []), "it is there already"


def test_another_version_takes_the_place_of_the_old(place: Place) -> None:
    place.server.mkdir(parents=True)
    (place.server / "finished").write_text("lsp_writer-0.0.9-py3-none-any.whl")
    (place.server / "old").touch()
    assert place.install()[0] == 0
    assert (place.server / "finished").read_text() == WHEEL
    assert not (place.server / "old").exists()


def test_it_is_installed_again_when_its_python_is_gone(place: Place) -> None:
    """After an upgrade of Python the server did not start, and installing it did nothing."""
    place.install()
    python = place.server / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere")
    assert place.install()[0] == 0
    assert python.resolve() == Path("/bin/true").resolve()


def test_what_was_interrupted_is_not_in_the_way(place: Place) -> None:
    """The computer was switched off when pip had made the command, but not all that it needs."""
    command = place.server / "bin" / "lsp-writer"
    command.parent.mkdir(parents=True)
    command.touch()
    assert place.install()[0] == 0
    assert not command.exists()


def test_the_last_line_says_what_went_wrong(place: Place) -> None:
    status, printed = place.install(f"{MAKES_AN_ENVIRONMENT}\necho No space left >&2\necho\nexit 1")
    assert status != 0
    assert printed[-2:] == [
        "No space left",
        "Writer was not installed: “No space left”. Look at the log, and try again.",
    ]
    assert not place.server.exists()


@pytest.mark.process
def test_what_pip_says_is_told(place: Place) -> None:
    _, (*_, last) = place.install("", "--extras=")
    assert "ERROR" in last
    assert "is invalid" in last
    assert not place.server.exists()


def test_a_build_without_a_server_says_so(place: Place) -> None:
    shutil.rmtree(place.extension / "server")
    status, printed = place.install()
    assert status != 0
    assert printed == ["This build of Writer comes without its server. Install lsp-writer by hand."]


def test_a_failure_of_the_disk_is_told(place: Place) -> None:
    place.storage.write_text("This is no folder.")
    status, printed = place.install()
    assert status != 0
    assert printed[-1].startswith("Writer was not installed: “")


@pytest.mark.process
@pytest.mark.parametrize("told", ["cancel", "SIGINT", "SIGTERM"])
def test_who_gives_up_is_left_with_nothing(told: str, place: Place) -> None:
    with place.start_downloading() as process:
        assert process.stdin
        assert process.stdout
        if told == "cancel":
            process.stdin.close()
        else:
            process.send_signal(signal.Signals[told])
        *_, last = process.stdout.read().splitlines()
    assert process.returncode != 0
    assert last == "Writer was not installed: it was given up."
    assert not place.server.exists()
    assert not [each for each in place.started if is_running(each)]


def test_two_windows_do_not_install_at_once(place: Place) -> None:
    """But one that was killed in the middle holds up nobody."""
    with place.start_downloading() as process:
        status, printed = place.install()
        process.kill()
    assert status != 0
    assert printed == ["Writer is being installed already. Try again in some minutes."]
    for each in place.started:
        os.kill(each, signal.SIGKILL)
    assert place.install()[0] == 0


def is_running(process: int) -> bool:
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())  # of one that has ended there is a name, at most
    except OSError:
        return False


@pytest.mark.parametrize("uv", ["/bin/uv", ""])
def test_the_model_is_made_with_the_small_pytorch(uv: str) -> None:
    """Through the extra index of PyTorch, out of reach, pip lost nine seconds for each package, and uv failed."""
    wheel = Path("/an extension", WHEEL)
    (make, _), (torch, may_fail), (rest, _) = steps(Path("/a folder/server"), wheel, "export,report", uv)
    assert make[-1] == "/a folder/server"
    assert make[0] == (uv or sys.executable)
    assert may_fail
    assert torch[-4:] == ["--no-deps", "--index-url", "https://download.pytorch.org/whl/cpu", "torch"]
    *pip, constrained, constraints, server = rest
    assert (constrained, constraints) == ("-c", "/an extension/constraints.txt")
    assert server == f"lsp-writer[export,report] @ file:///an%20extension/{WHEEL}"
    assert not [word for word in pip if "index" in word], "the writer's own settings say where the rest comes from"


def test_a_python_that_will_do_says_so(place: Place) -> None:
    """Without a folder it makes none; and an old one does not even understand the question."""
    command = [sys.executable, "-I", place.script]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    without_ensurepip = [sys.executable, "-I", "-c", HIDES_ENSUREPIP, place.script]
    assert subprocess.run(without_ensurepip, check=False, env={}).returncode == 1
    assert subprocess.run(without_ensurepip, check=False, env={"UV": "/bin/uv"}).returncode == 0


#: As Debian does.
HIDES_ENSUREPIP = """
import importlib.util, runpy, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "ensurepip" else find(name, *more)
sys.argv.pop(0)
runpy.run_path(sys.argv[0], run_name="__main__")
"""
