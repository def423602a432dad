"""Neovim in a real terminal, with the real model: what reaches the writer's eyes, and keys as a terminal sends them."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.editors.conftest import STORY, Machine
from tests.editors.neovim import INIT

pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]

#: It ends in the middle of a word, of which the model is sure.
TYPED = "“🙂 你好.” She shook her h"


class Terminal:
    """A tmux server of its own with one window."""

    def __init__(self, machine: Machine, command: list[str]) -> None:
        self._machine = machine
        self._socket = machine.home / "tmux.sock"
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "24", *command)
        self._tmux("set-option", "-s", "escape-time", "0")

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        command = ["tmux", "-u", "-S", str(self._socket), *arguments]
        done = subprocess.run(
            command, env=self._machine.environment, capture_output=True, text=True, check=check, timeout=10
        )
        return done.stdout

    @property
    def screen(self) -> list[str]:
        return [row.rstrip() for row in self._tmux("capture-pane", "-p").splitlines()]

    def types(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def wait(self, seen: Callable[[list[str]], bool], what: str, *, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not seen(self.screen):
            assert time.monotonic() < deadline, "\n".join([f"waited {seconds:.0f} s for {what}", *self.screen])
            time.sleep(0.1)

    def save(self, path: Path) -> None:
        path.write_text("\n".join(self.screen) + "\n")

    def close(self) -> None:
        self._tmux("kill-server", check=False)


@pytest.fixture
def terminal(machine: Machine) -> Iterator[Terminal]:
    init = machine.home / "config" / "nvim" / "init.lua"
    init.parent.mkdir(parents=True)
    init.write_text(f"{INIT}vim.o.statusline = \"%{{v:lua.require'lsp_writer'.status()}}\"\n")
    terminal = Terminal(machine, [str(machine.editors / "bin" / "nvim"), str(machine.story)])
    yield terminal
    terminal.close()


def test_ghost_text_is_seen_and_taken_in_a_terminal(terminal: Terminal, machine: Machine) -> None:
    terminal.wait(lambda screen: any(row.startswith("ready") for row in screen), "the model")
    terminal.press("G", "o", "Enter")
    terminal.types(TYPED)

    def row(screen: list[str]) -> str:
        return next((each for each in screen if each.startswith(TYPED)), "")

    terminal.wait(lambda screen: len(row(screen)) > len(TYPED), "ghost text")
    time.sleep(1)  # it grows
    shown = row(terminal.screen)
    terminal.save(machine.shots / "neovim-terminal.txt")
    terminal.press("Tab")
    terminal.press("Escape")
    time.sleep(0.2)
    terminal.types(":wq\n")
    expected = f"{STORY}\n{shown}\n"
    deadline = time.monotonic() + 20
    while (saved := machine.story.read_text()) == STORY and time.monotonic() < deadline:
        time.sleep(0.1)
    assert saved == expected
