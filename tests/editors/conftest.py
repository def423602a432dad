"""A writer's machine for the length of one test: a home folder of its own, with `lsp-writer` on the path."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from lsp_writer.folders import data_folder

ROOT = Path(__file__).parents[2]

#: Its second paragraph has something to criticise, and a passage long enough to rewrite.
STORY = """# The Ferry

The letter was opened by Mara at the kitchen table. She suddenly felt that the room was really very cold. Her brother
had gone to the harbour in the morning, and he had not come back.

She walked down to the harbour.
"""
#: With two slips.
SLIPS = """# The Ferry

Mara recieved the letter at the kitchen table and read it twice. The room was cold.

She waited untill her brother came back from the harbour.
"""
PASSAGE = STORY.split("\n\n")[1]


class Machine(msgspec.Struct, frozen=True):
    home: Path
    #: The editors that tests/editors/install.sh put here.
    editors: Path
    #: Where a test leaves what it saw.
    shots: Path
    environment: dict[str, str]

    @property
    def story(self) -> Path:
        return self.home / "manuscript" / "story.md"

    def install_program(self, line: str) -> None:
        """As `lsp-writer`, in place of what it was. Each start of it leaves the number of its process in `starts`."""
        _write_program(self.home / "bin" / "lsp-writer", f'echo $$ >>"{self.home}/starts"\n{line}')

    def offer_program(self, name: str, line: str) -> None:
        """For a scene to install in the course of its play."""
        _write_program(self.home / "programs" / name, f'echo $$ >>"{self.home}/starts"\n{line}')

    def install_scripted_server(self) -> None:
        """In place of the real one."""
        self.install_program(python("-m tests.editors.scripted_server"))


@pytest.fixture
def machine() -> Iterator[Machine]:
    editors = ROOT / ".editors"
    assert (editors / "bin").is_dir(), "the editors are not installed: run tests/editors/install.sh"
    # pytest's own folders have names too long for the sockets that the editors put here.
    with tempfile.TemporaryDirectory(prefix="writer-", ignore_cleanup_errors=True) as home:
        yield from _machine(Path(home), editors)


def _machine(home: Path, editors: Path) -> Iterator[Machine]:
    shots = Path(__file__).parent / "shots"
    shots.mkdir(exist_ok=True)
    machine = Machine(home, editors, shots, _environment(home))
    machine.story.parent.mkdir(parents=True)
    machine.story.write_text(STORY)
    # The server under test alone sees the real models.
    machine.install_program(real_server(_data(home)))
    yield machine
    survivors = end_processes(home)
    assert not survivors, f"still running after the editor had gone: {survivors}"


def _data(home: Path) -> Path:
    """A data folder with the real models, and nothing that the developer or another test has asked for or taken."""
    data = home / "data" / "lsp-writer"
    data.mkdir(parents=True)
    (data / "models").symlink_to(data_folder() / "models")
    return data


def _environment(home: Path) -> dict[str, str]:
    # VS Code asks a login shell for the path.
    (home / ".profile").write_text(f'PATH="{home / "bin"}:$PATH"\n')
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    folders = ("CONFIG", "DATA", "STATE", "CACHE")
    return (
        {"LANG": "C.UTF-8", "SHELL": "/bin/sh", "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
        | {"HOME": str(home), "TMPDIR": str(home)}
        | {f"XDG_{name}_HOME": str(home / name.lower()) for name in folders}
        | kept
    )


def python(arguments: str) -> str:
    """The shell's line that runs this checkout with `arguments`, and nothing beside it."""
    return f'PYTHONPATH="{ROOT}" exec "{sys.executable}" {arguments} "$@"'


def real_server(data: Path) -> str:
    return f'LSP_WRITER_DATA="{data}" {python("-m lsp_writer")}'


def _write_program(program: Path, line: str) -> None:
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{line}\n")
    program.chmod(0o755)


def end_processes(home: Path, *, seconds: float = 10.0) -> list[str]:
    """Wait until every process that was started with this home folder has ended; kill and name those that do not."""
    deadline = time.monotonic() + seconds
    while (running := _processes(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in running:
        os.kill(process, signal.SIGKILL)
    return [str(process) for process in running]


def _processes(home: Path) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # another user's, or gone meanwhile
        if f"HOME={home}".encode() in environment:
            found.append(int(folder.name))
    return found
