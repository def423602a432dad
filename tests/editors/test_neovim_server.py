"""The server's life and death in Neovim: it is missing, hangs, crashes, and goes when its editor goes."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.editors.conftest import STORY, Machine, end_processes, python
from tests.editors.neovim import INIT, Neovim

pytestmark = pytest.mark.editor

TYPED = "The boat was tied to the"
WHOLE = f"{TYPED} harbour wall by a rope. Nobody was aboard."
#: Long before a writer would be told so in life.
IMPATIENT = f"{INIT}require('lsp_writer.life').SECONDS_TO_ANSWER = 1\n"
#: What a picker of the writer's own would show of a question.
TURNS_AWAY = """
vim.ui.select = function(items, options, choose)
  vim.g.offered = options.prompt .. table.concat(vim.tbl_map(options.format_item, items), ', ')
  choose(nil)
end
"""


def ready(nvim: Neovim) -> None:
    nvim.wait(lambda: str(nvim.lua("require('lsp_writer').status()")).startswith("ready"), "the server")


def told(nvim: Neovim, message: str) -> None:
    nvim.wait(lambda: any(message in row for row in nvim.screen), repr(message))


def writes(nvim: Neovim, keys: str = "Go<CR>") -> None:
    """Ghost text comes."""
    nvim.press(keys)
    for key in TYPED:
        nvim.press(key)
        time.sleep(0.02)
    nvim.wait(lambda: WHOLE in nvim.screen, "ghost text")


def starts(machine: Machine) -> list[int]:
    file = machine.home / "starts"
    return [int(each) for each in file.read_text().split()] if file.exists() else []


def test_a_missing_server_is_named_once_and_nothing_else_is_in_the_way(machine: Machine) -> None:
    (machine.home / "bin" / "lsp-writer").unlink()
    with Neovim(machine) as nvim:
        assert nvim.messages.count("`lsp-writer` is missing. See `:checkhealth lsp_writer`") == 1
        nvim.press(":edit other.md<CR>iMara came home.<Esc>")
        nvim.wait(lambda: nvim.line == "Mara came home.", "the typing")
        assert nvim.messages.count("is missing") == 1
        nvim.press(":LspWriter rewrite noir<CR>")
        told(nvim, "not attached")
        nvim.press(":checkhealth lsp_writer<CR>")
        told(nvim, "lsp-writer is not on the PATH")
        told(nvim, "pipx install")
        nvim.save("server-1-missing")


def test_a_server_that_hangs_is_named_and_can_be_restarted(machine: Machine) -> None:
    machine.install_program("exec cat >/dev/null")
    with Neovim(machine, init=IMPATIENT) as nvim:
        told(nvim, "the server does not answer. `:LspWriter restart` tries again.")
        nvim.press("GoMara came home.<Esc>")
        nvim.wait(lambda: nvim.line == "Mara came home.", "the typing")
        hung = starts(machine)
        machine.install_scripted_server()
        nvim.press(":LspWriter restart<CR>")
        ready(nvim)
        writes(nvim)
        assert not any(Path(f"/proc/{process}").exists() for process in hung)


def test_a_server_that_hangs_later_goes_too_when_it_is_restarted(machine: Machine) -> None:
    """It stayed, with its model in memory and the writer's keys: Tab put a tab in place of the ghost text."""
    machine.install_scripted_server()
    with Neovim(machine) as nvim:
        ready(nvim)
        (hung,) = starts(machine)
        os.kill(hung, signal.SIGSTOP)
        nvim.press(":LspWriter restart<CR>")
        # Stopped like this, unlike one that hangs, it cannot even end.
        nvim.wait(lambda: _is_told_to_end(hung), "the signal")
        os.kill(hung, signal.SIGCONT)
        nvim.wait(lambda: len(starts(machine)) == 2, "another server")
        assert not Path(f"/proc/{hung}").exists()
        nvim.wait(lambda: nvim.lua("vim.lsp.get_client_by_id(1) == nil") is True, "Neovim to know")
        ready(nvim)
        writes(nvim)
        nvim.press("<Tab>")
        nvim.wait(lambda: nvim.line == WHOLE, "the suggestion")


def test_a_rewrite_that_a_hanging_server_is_asked_for_is_answered_with_what_to_do(machine: Machine) -> None:
    """It was asked for, and nothing ever happened."""
    machine.install_scripted_server()
    with Neovim(machine) as nvim:
        ready(nvim)
        (hung,) = starts(machine)
        os.kill(hung, signal.SIGSTOP)
        nvim.press(":LspWriter rewrite noir<CR>")
        nvim.wait(lambda: "the server does not answer" in nvim.screen[-1], "the message")
        os.kill(hung, signal.SIGCONT)


def _is_told_to_end(process: int) -> bool:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    (pending,) = (line.split()[1] for line in lines if line.startswith("ShdPnd:"))
    return bool(int(pending, 16) & 1 << (signal.SIGTERM - 1))


def test_one_that_hangs_goes_with_its_editor(machine: Machine) -> None:
    machine.install_program("exec cat >/dev/null")
    with Neovim(machine):
        time.sleep(1)


def test_a_server_that_ends_at_once_is_named_and_not_started_again(machine: Machine) -> None:
    machine.install_program("exit 3")
    with Neovim(machine, file=machine.home / "program.py") as nvim:
        # Neovim's own message about it is longer than the line that it starts with.
        nvim.press(f":edit {machine.story}<CR>")
        told(nvim, "the server ended at once. `:checkhealth lsp_writer` says why.")
        time.sleep(1.5)
        assert len(starts(machine)) == 1


def test_a_crash_is_mended_and_the_writer_loses_nothing(machine: Machine) -> None:
    machine.install_scripted_server()
    with Neovim(machine) as nvim:
        ready(nvim)
        writes(nvim)
        (first,) = starts(machine)
        os.kill(first, signal.SIGKILL)
        nvim.wait(lambda: len(starts(machine)) == 2, "another server")
        nvim.press("<Esc>")
        ready(nvim)
        assert nvim.text == f"{STORY}\n{TYPED}\n"
        writes(nvim)


def test_what_is_typed_while_there_is_no_server_reaches_the_next_one(machine: Machine) -> None:
    """Who typed on while the server crashed had no more ghost text, and no rewrite could be put in: Neovim told the
    next server, and the ones after it, of no change."""
    machine.install_scripted_server()
    with Neovim(machine) as nvim:
        ready(nvim)
        writes(nvim)
        os.kill(starts(machine)[0], signal.SIGKILL)
        for key in " pier, and lay there":
            nvim.press(key)
            time.sleep(0.05)
        nvim.wait(lambda: len(starts(machine)) == 2, "another server")
        nvim.press("<Esc>")
        ready(nvim)
        writes(nvim)
        nvim.press("<Esc>:lua vim.lsp.enable('lsp_writer', false)<CR>")
        nvim.wait(lambda: nvim.lua("#vim.lsp.get_clients()") == 0, "the server to be gone, with nothing in its place")
        nvim.press("ggOShe waited.<Esc>:LspWriter restart<CR>")
        ready(nvim)
        writes(nvim)
        nvim.press("<Esc>:enew<CR>:bwipeout! 1<CR>")
        nvim.wait(lambda: nvim.lua("vim.fn.bufexists(1)") == 0, "the buffer to be gone")
        assert "Error" not in nvim.messages


def test_a_rewrite_of_a_server_that_crashed_is_gone(machine: Machine) -> None:
    machine.install_scripted_server()
    (machine.home / "hold").touch()
    with Neovim(machine) as nvim:
        ready(nvim)
        nvim.press("3G0:LspWriter rewrite noir<CR>")
        told(nvim, "Rewrite as noir …")
        os.kill(starts(machine)[0], signal.SIGKILL)
        nvim.wait(lambda: nvim.lua("#vim.api.nvim_list_wins()") == 1, "the preview to go")
        assert nvim.text == STORY


def test_a_server_that_keeps_crashing_is_given_up(machine: Machine) -> None:
    ends = "import os; from lsp_writer.serve import serve; serve(lambda _: os._exit(1), {})"
    machine.install_program(python(f'-c "{ends}"'))
    with Neovim(machine) as nvim:
        nvim.wait(lambda: "keeps crashing" in nvim.messages or "ended at once" in nvim.messages, "the word", seconds=60)
        count = len(starts(machine))
        time.sleep(3)
        assert len(starts(machine)) == count <= 4
        assert nvim.text == STORY


def test_a_missing_model_is_told_with_what_to_do(machine: Machine) -> None:
    nowhere = machine.home / "no-data"
    machine.install_program(f'LSP_WRITER_DATA="{nowhere}" {python("-m lsp_writer")}')
    with Neovim(machine, init=f"{INIT}{TURNS_AWAY}") as nvim:
        nvim.wait(lambda: nvim.lua("vim.g.offered ~= nil") is True, "the offer", seconds=60)
        offered = str(nvim.lua("vim.g.offered"))
        assert "model" in offered
        assert "Make the Model" in offered
        nvim.wait(lambda: "failed" in str(nvim.lua("require('lsp_writer').status()")), "the state")
        nvim.press("GoMara came home.<Esc>")
        nvim.wait(lambda: nvim.line == "Mara came home.", "the typing")
        nvim.save("server-2-no-model")


def test_no_server_stays_when_neovim_is_killed(machine: Machine) -> None:
    machine.install_scripted_server()
    nvim = Neovim(machine)
    ready(nvim)
    nvim.kill()
    assert end_processes(machine.home) == []


def test_what_is_loaded_and_how_long_it_takes(machine: Machine) -> None:
    """Nothing, before the first prose. The figure is for whoever asks for it by LSP_WRITER_MEASURE=1."""
    machine.install_scripted_server()
    loaded = "vim.tbl_filter(function(name) return name:find('^lsp_writer') end, vim.tbl_keys(package.loaded))"
    with Neovim(machine, file=machine.home / "program.py") as nvim:
        nvim.press(":echo 1<CR>")
        assert nvim.lua(loaded) == []
        nvim.press(f":edit {machine.story}<CR>")
        ready(nvim)
        assert nvim.lua(loaded) != []
        if os.environ.get("LSP_WRITER_MEASURE"):
            sys.stderr.write(f"\nloading the plugin: {_milliseconds_to_load(nvim):.2f} ms\n")


def _milliseconds_to_load(nvim: Neovim) -> float:
    """The least of many, for the machine does other things too."""
    again = """(function()
      local least = math.huge
      for _ = 1, 50 do
        vim.g.loaded_lsp_writer = nil
        local began = vim.uv.hrtime()
        vim.cmd.runtime('plugin/lsp_writer.lua')
        least = math.min(least, vim.uv.hrtime() - began)
      end
      return least / 1e6
    end)()"""
    return float(str(nvim.lua(again)))
