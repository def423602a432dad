"""Neovim, driven by its keys and read from its screen."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pynvim  # type: ignore[import-untyped]  # pynvim ships no types

from tests.editors.conftest import ROOT, Machine

_WIDTH, _HEIGHT = 140, 24
PATH = f"vim.opt.runtimepath:prepend('{ROOT}/editors/neovim')\n"
INIT = f"{PATH}vim.lsp.enable('lsp_writer')\n"
_SCREEN = """
vim.cmd.redraw()
local rows = {}
for row = 1, vim.o.lines do
  local cells = {}
  for column = 1, vim.o.columns do
    cells[column] = vim.fn.screenstring(row, column)
  end
  rows[row] = vim.trim(table.concat(cells)) == '' and '' or (table.concat(cells):gsub('%s+$', ''))
end
return rows
"""


class Neovim:
    """A Neovim with an empty configuration, but for the two lines that the README asks for."""

    def __init__(self, machine: Machine, *, init: str = INIT, file: Path | None = None) -> None:
        """`init` is its whole configuration; it opens `file`, or else the story."""
        configuration = machine.home / "config" / "nvim" / "init.lua"
        configuration.parent.mkdir(parents=True, exist_ok=True)
        configuration.write_text(init)
        socket = machine.home / "nvim.sock"
        command = [
            str(each)
            for each in (machine.editors / "bin/nvim", "--headless", "--listen", socket, file or machine.story)
        ]
        nowhere = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command,
            env=machine.environment,
            cwd=machine.story.parent,
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            start_new_session=True,
        )
        self._nvim = _attached(socket)
        self._nvim.ui_attach(_WIDTH, _HEIGHT, rgb=True, ext_linegrid=True)
        self._shots = machine.shots

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._nvim.api.get_mode()["blocking"]:  # a scene that failed
            self.kill()
        else:
            self._hang_up("qall!")
        self._process.wait(10)

    def kill(self) -> None:
        self._process.kill()
        self._hang_up("")
        self._process.wait(10)

    def _hang_up(self, command: str) -> None:
        with contextlib.suppress(OSError, EOFError):  # it leaves without an answer
            self._nvim.command(command)
        self._nvim.close()

    def press(self, keys: str) -> None:
        self._nvim.input(keys)

    def lua(self, expression: str) -> object:
        return self._free.exec_lua(f"return {expression}")

    @property
    def messages(self) -> str:
        return str(self.lua("vim.fn.execute('messages')"))

    @property
    def text(self) -> str:
        return "\n".join(self._free.current.buffer[:]) + "\n"

    @property
    def line(self) -> str:
        return str(self._free.current.line)

    def row_with(self, text: str) -> str:
        """The first row of the screen that begins with `text`, once it stands still: a newer suggestion may be on its
        way while an older one is shown. Empty if there is none."""
        row = self._row_with(text)
        while True:
            time.sleep(0.3)
            before, row = row, self._row_with(text)
            if row == before:
                return row

    def _row_with(self, text: str) -> str:
        return next((row for row in self.screen if row.startswith(text)), "")

    @property
    def screen(self) -> list[str]:
        return list(self._free.exec_lua(_SCREEN))

    @property
    def _free(self) -> pynvim.Nvim:
        """Neovim, once it wants no key: at a prompt to press Enter, which no scene is to see, it answers nothing."""
        deadline = time.monotonic() + 5
        while self._nvim.api.get_mode()["blocking"]:
            if time.monotonic() > deadline:
                self.press("<CR>")
                raise AssertionError(f"Neovim waits for a key: {self._nvim.command_output('messages')}")
            time.sleep(0.03)
        return self._nvim

    def wait(self, seen: Callable[[], bool], what: str, *, seconds: float = 30.0) -> None:
        try:
            _wait(seen, what, seconds=seconds)
        except AssertionError as error:
            self.save("failed")
            raise AssertionError("\n".join([str(error), *self.screen])) from None

    def save(self, name: str) -> None:
        (self._shots / f"neovim-{name}.txt").write_text("\n".join(self.screen) + "\n")


def _attached(socket: Path) -> pynvim.Nvim:
    """Neovim makes the socket a moment before it listens there."""
    found: list[pynvim.Nvim] = []

    def attach() -> bool:
        with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
            found.append(pynvim.attach("socket", path=str(socket)))
        return bool(found)

    _wait(attach, "Neovim to start")
    return found[0]


def _wait(seen: Callable[[], bool], what: str, *, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.03)
