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
_INIT = f"""
vim.opt.runtimepath:prepend('{ROOT}/editors/neovim')
vim.lsp.enable('lsp_writer')
"""
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

    def __init__(self, machine: Machine) -> None:
        init = machine.home / "config" / "nvim" / "init.lua"
        init.parent.mkdir(parents=True)
        init.write_text(_INIT)
        socket = machine.home / "nvim.sock"
        command = [
            str(each) for each in (machine.editors / "bin/nvim", "--headless", "--listen", socket, machine.story)
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
        with contextlib.suppress(OSError, EOFError):  # it leaves without an answer
            self._nvim.command("qall!")
        self._nvim.close()
        self._process.wait(10)

    def press(self, keys: str) -> None:
        self._nvim.input(keys)

    def lua(self, expression: str) -> object:
        return self._nvim.exec_lua(f"return {expression}")

    @property
    def text(self) -> str:
        return "\n".join(self._nvim.current.buffer[:]) + "\n"

    @property
    def line(self) -> str:
        return str(self._nvim.current.line)

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
        # While it does, as at a prompt to press Enter, nothing else is answered.
        _wait(lambda: not self._nvim.api.get_mode()["blocking"], "Neovim to want no key", seconds=5)
        return list(self._nvim.exec_lua(_SCREEN))

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
