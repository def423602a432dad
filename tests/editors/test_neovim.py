"""A writer's first minutes in Neovim, with the real model."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.editors.conftest import SLIPS, STORY, Machine
from tests.editors.neovim import Neovim

pytestmark = pytest.mark.editor

#: It ends in the middle of a word, of which the model is sure.
TYPED = "She shook her h"

#: Notes what is asked of the server in place of asking for it.
NOTE_REQUESTS = """
function()
  local client = vim.lsp.get_clients({ name = 'lsp_writer' })[1]
  client.exec_cmd = function(_, command) vim.g.asked = command.arguments[1].range end
end
"""


def _shows(nvim: Neovim, text: str) -> bool:
    return any(text in row for row in nvim.screen)


def test_a_range_of_lines_has_nothing_to_do_with_an_old_selection(machine: Machine) -> None:
    """`:3LspWriter rewrite noir` rewrote the words that had once been selected on line 3."""
    with Neovim(machine) as nvim:
        nvim.wait(lambda: str(nvim.lua("require('lsp_writer').status()")).startswith("ready"), "the model")
        nvim.lua(f"({NOTE_REQUESTS})()")
        line = STORY.splitlines()[2]

        def asked_after(keys: str) -> tuple[int, int, int]:
            nvim.lua("(function() vim.g.asked = nil end)()")
            nvim.press(keys)
            nvim.wait(lambda: bool(nvim.lua("vim.g.asked ~= nil")), "the request")
            asked: Any = nvim.lua("vim.g.asked")
            return asked["start"]["line"], asked["start"]["character"], asked["end"]["character"]

        words = (2, 0, len("The letter"))
        assert asked_after("3G0vee:LspWriter rewrite noir<CR>") == words
        assert asked_after(":3LspWriter rewrite noir<CR>") == (2, 0, len(line))
        assert asked_after(":3,3LspWriter rewrite noir<CR>") == (2, 0, len(line))
        nvim.press(":xnoremap gz :LspWriter rewrite noir<lt>CR><CR>")
        assert asked_after("3G0veegz") == words


def test_what_a_writer_does_about_slips(machine: Machine) -> None:
    machine.install_scripted_server()
    machine.story.write_text(SLIPS)
    with Neovim(machine) as nvim:

        def marked() -> list[str]:
            found: Any = nvim.lua("vim.diagnostic.get(0)")
            return [str(each["code"]) for each in found]

        nvim.wait(lambda: marked() == ["spelling", "spelling"], "the marks", seconds=60)
        nvim.save("critique-1-marked")
        # The first of the menu is what is most likely meant.
        nvim.press("/recieved<CR>")
        nvim.press(":lua vim.lsp.buf.code_action({ context = { only = { 'quickfix' } } })<CR>")
        nvim.wait(lambda: any("Replace “recieved”" in row for row in nvim.screen), "the menu")
        nvim.save("critique-2-actions")
        nvim.press("1<CR>")
        nvim.wait(lambda: nvim.text == SLIPS.replace("recieved", "received"), "the fix")
        nvim.wait(lambda: marked() == ["spelling"], "the mark to go")


def test_the_health_of_a_machine_on_which_all_is_well(machine: Machine) -> None:
    with Neovim(machine) as nvim:
        nvim.wait(lambda: str(nvim.lua("require('lsp_writer').status()")).startswith("ready"), "the model")
        nvim.press(":LspWriter doctor<CR>")
        for told in ("finds nothing wrong", "running: ready", "the options are as they should be"):
            nvim.wait(partial(_shows, nvim, told), told)
        nvim.save("6-health")


def test_a_writer_types_accepts_asks_and_rewrites(machine: Machine) -> None:
    with Neovim(machine) as nvim:
        nvim.wait(lambda: str(nvim.lua("require('lsp_writer').status()")).startswith("ready"), "the model")

        nvim.press(f"Go<CR>{TYPED}")
        nvim.wait(lambda: len(nvim.row_with(TYPED)) > len(TYPED), "ghost text")
        shown = nvim.row_with(TYPED)
        nvim.save("1-ghost-text")
        assert nvim.line == TYPED, "ghost text is no part of the manuscript"

        nvim.press("<Tab>")
        nvim.wait(lambda: nvim.line == shown, f"Tab to accept {shown!r}")
        nvim.save("2-accepted")
        nvim.press("<Esc>u")
        nvim.wait(lambda: nvim.line == TYPED, "undo to take the suggestion back, and only that")
        nvim.press("u")
        nvim.wait(lambda: nvim.text == STORY, "undo to take the typing back")

        nvim.press("3GfbK")
        nvim.wait(lambda: any("passive" in row.lower() for row in nvim.screen), "the critique of a passive sentence")
        nvim.save("3-hover")

        nvim.press("<Esc>3G0:LspWriter rewrite expand<CR>")
        nvim.wait(lambda: any("<CR> accept" in row for row in nvim.screen), "the rewrite", seconds=120)
        nvim.save("4-preview")
        assert nvim.text == STORY, "nothing changes before the writer has chosen"
        nvim.press(":LspWriter accept<CR>")
        nvim.wait(lambda: nvim.text != STORY, "the rewrite to be put in")
        nvim.wait(lambda: not any("<CR> accept" in row for row in nvim.screen), "the preview to go")
        nvim.save("5-rewritten")
        assert nvim.text.startswith("# The Ferry\n\n")
        assert nvim.text.endswith("\n\nShe walked down to the harbour.\n")
        nvim.press("u")
        nvim.wait(lambda: nvim.text == STORY, "one undo to bring the passage back")
