"""Rewrites in Neovim: shown beside the manuscript, taken in whole or in part, while the writer goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.editors.conftest import Machine
from tests.editors.neovim import Neovim
from tests.editors.scripted_server import REPLIES
from tests.editors.test_vscode_rewrites import AMERICAN, BRITISH, TOLD
from tests.editors.test_vscode_rewrites import MEANWHILE as STORY

pytestmark = pytest.mark.editor

#: With emoji and Chinese before the change, on the same line.
WIDE = f"“🙂 你好,” she wrote. {BRITISH}"


@pytest.fixture
def nvim(machine: Machine) -> Iterator[Neovim]:
    machine.install_scripted_server()
    machine.story.write_text(STORY)
    with Neovim(machine) as nvim:
        nvim.wait(lambda: str(nvim.lua("require('lsp_writer').status()")).startswith("ready"), "the server")
        yield nvim


def shows(nvim: Neovim, text: str) -> None:
    nvim.wait(lambda: any(text in row for row in nvim.screen), repr(text), seconds=20)


def gone(nvim: Neovim) -> None:
    """No preview is there any more."""
    nvim.wait(lambda: nvim.lua("#vim.api.nvim_list_wins()") == 1, "the preview to go")


def becomes(nvim: Neovim, text: str) -> None:
    nvim.wait(lambda: manuscript(nvim) == text, f"the manuscript to become {text!r}, not {manuscript(nvim)!r}")


def manuscript(nvim: Neovim) -> str:
    lines = nvim.lua("vim.api.nvim_buf_get_lines(1, 0, -1, true)")
    assert isinstance(lines, list)
    return "\n".join(lines) + "\n"


def test_some_of_the_changes_are_taken_and_one_undo_takes_them_back(nvim: Neovim) -> None:
    nvim.press("5G0:LspWriter rewrite american<CR>")
    shows(nvim, "<CR> accept")
    nvim.save("rewrites-1-changes")
    assert manuscript(nvim) == STORY, "nothing changes before the writer has chosen"
    nvim.press("<C-w>l]cx")
    nvim.save("rewrites-2-one-left-out")
    nvim.press("<CR>")
    old, new = BRITISH.split(". "), AMERICAN.split(". ")
    becomes(nvim, STORY.replace(BRITISH, ". ".join((new[0], old[1], new[2]))))
    gone(nvim)
    nvim.press("u")
    becomes(nvim, STORY)


def test_wide_characters_before_a_change_move_nothing(nvim: Neovim) -> None:
    nvim.press(f"5Gcc{WIDE}<Esc>:LspWriter rewrite american<CR>")
    shows(nvim, "<CR> accept")
    nvim.save("rewrites-3-wide")
    shows(nvim, "“🙂 你好,” she wrote. The colour color of the harbour harbor")
    nvim.press(":LspWriter accept<CR>")
    becomes(nvim, STORY.replace(BRITISH, WIDE.replace(BRITISH, AMERICAN)))


def test_the_writer_goes_on_and_it_finds_its_passage(nvim: Neovim, machine: Machine) -> None:
    hold = machine.home / "hold"
    hold.touch()
    nvim.press("3G0:LspWriter rewrite noir<CR>")
    shows(nvim, "Rewrite as noir …")
    nvim.press("ggOAn earlier line.<Esc>Go<CR>A later one.<Esc>")
    hold.unlink()
    shows(nvim, "<CR> accept")
    nvim.press("ggOThe first of all.<Esc>")
    nvim.press(":LspWriter accept<CR>")
    new = STORY.replace(TOLD, REPLIES["noir"])
    becomes(nvim, f"The first of all.\nAn earlier line.\n{new}\nA later one.\n")


def test_what_was_changed_meanwhile_is_kept_and_says_so(nvim: Neovim, machine: Machine) -> None:
    hold = machine.home / "hold"
    hold.touch()
    nvim.press("3G0:LspWriter rewrite noir<CR>")
    shows(nvim, "Rewrite as noir …")
    nvim.press("3G0wcwunsealed<Esc>")
    hold.unlink()
    shows(nvim, "passage changed: <CR> put it in all the same")
    nvim.save("rewrites-4-kept")
    assert manuscript(nvim) == STORY.replace("Mara opened", "Mara unsealed")
    nvim.press(":LspWriter accept<CR>")
    becomes(nvim, STORY.replace(TOLD, REPLIES["noir"]))
    gone(nvim)
    nvim.press("u")
    becomes(nvim, STORY.replace("Mara opened", "Mara unsealed"))


def test_discarded_it_is_gone_and_nothing_has_changed(nvim: Neovim) -> None:
    nvim.press("5G0:LspWriter rewrite american<CR>")
    shows(nvim, "<CR> accept")
    nvim.press("<C-w>lq")
    gone(nvim)
    assert manuscript(nvim) == STORY
    nvim.press(":LspWriter accept<CR>")
    shows(nvim, "no rewrite of this document waits for you")


def test_tried_again_the_preview_stays_the_writers_window(nvim: Neovim) -> None:
    nvim.press("5G0:LspWriter rewrite american<CR>")
    shows(nvim, "<CR> accept")
    nvim.press("<C-w>l")
    first = nvim.lua("vim.api.nvim_get_current_buf()")
    nvim.press("r")
    nvim.wait(lambda: nvim.lua("vim.api.nvim_get_current_buf()") not in (1, first), "the cursor in the second one")
    shows(nvim, "<CR> accept")
    nvim.press("<CR>")
    becomes(nvim, STORY.replace(BRITISH, AMERICAN))


def test_a_closed_or_renamed_manuscript_gives_its_rewrites_up(nvim: Neovim, machine: Machine) -> None:
    hold = machine.home / "hold"
    hold.touch()
    nvim.press("3G0:LspWriter rewrite noir<CR>")
    shows(nvim, "Rewrite as noir …")
    nvim.press(":saveas other.md<CR>")
    hold.unlink()
    gone(nvim)
    nvim.save("rewrites-5-renamed")
    assert manuscript(nvim) == STORY


def test_what_cannot_be_modified_is_not(nvim: Neovim) -> None:
    nvim.press(":setlocal nomodifiable<CR>5G0:LspWriter rewrite american<CR>")
    shows(nvim, "<CR> accept")
    nvim.press(":LspWriter accept<CR>")
    shows(nvim, "cannot be modified")
    nvim.save("rewrites-6-nomodifiable")
    assert manuscript(nvim) == STORY


def test_the_preview_opens_in_the_tab_page_that_the_writer_is_in(nvim: Neovim) -> None:
    """With the manuscript in two tab pages, a rewrite asked for in the second was shown in the first, unseen."""
    nvim.press(":tab split<CR>5G0:LspWriter rewrite american<CR>")
    shows(nvim, "<CR> accept")


def test_a_preview_that_is_wiped_out_comes_back_with_the_finished_rewrite(nvim: Neovim, machine: Machine) -> None:
    """Every word that came after `:bwipeout` in the preview stopped the writer with “Invalid buffer id”."""
    hold = machine.home / "hold"
    hold.touch()
    nvim.press("3G0:LspWriter rewrite noir<CR>")
    shows(nvim, "Rewrite as noir …")
    nvim.press("<C-w>l:bwipeout<CR>")
    gone(nvim)
    hold.unlink()
    shows(nvim, "<CR> accept")
    nvim.press("<C-w>l:bwipeout<CR>")
    gone(nvim)
    nvim.press(":LspWriter accept<CR>")
    becomes(nvim, STORY.replace(TOLD, REPLIES["noir"]))


def test_a_refusal_wants_no_key_pressed(nvim: Neovim) -> None:
    """In 80 columns, “every change is left out …” and “cannot be modified …” stopped the writer until Enter."""
    nvim.press(":set columns=80<CR>5G0:LspWriter rewrite american<CR>")
    shows(nvim, "Use American")
    nvim.wait(lambda: "neighbor" in str(nvim.lua("vim.fn.join(vim.fn.getbufline(2, 1, '$'))")), "the changes")
    nvim.press("<C-w>lx]cx]cx]cx]cx<CR>")
    shows(nvim, "every change is left out")
    nvim.press("<C-w>h:setlocal nomodifiable<CR>:LspWriter accept<CR>")
    shows(nvim, "cannot be modified")


def test_the_writers_own_options_hold_for_what_they_open_in_the_previews_window(nvim: Neovim) -> None:
    """Once the preview was the only window and the rewrite accepted, the manuscript stood there without its line
    numbers."""
    nvim.press(":set number<CR>5G0:LspWriter rewrite american<CR>")
    shows(nvim, "<CR> accept")
    nvim.press("<C-w>l<C-w>o<CR>")
    becomes(nvim, STORY.replace(BRITISH, AMERICAN))
    shows(nvim, "  5 The color of the harbor")


def test_one_that_is_finished_while_the_command_line_window_is_open_is_shown_afterwards(
    nvim: Neovim, machine: Machine
) -> None:
    """Nothing may be drawn elsewhere then: the preview said “…” for ever."""
    hold = machine.home / "hold"
    hold.touch()
    nvim.press("3G0:LspWriter rewrite noir<CR>")
    shows(nvim, "Rewrite as noir …")
    nvim.press("q:")
    shows(nvim, "[Command Line]")
    hold.unlink()
    nvim.wait(lambda: nvim.lua("#vim.api.nvim_get_autocmds({ event = 'CmdwinLeave' })") != 0, "the news")
    nvim.press(":q<CR>")
    shows(nvim, "<CR> accept")


def test_in_a_narrow_window_the_preview_is_below(nvim: Neovim) -> None:
    """In 40 columns, half of the window cut “<CR> accept” off, and left some three words of a line."""
    nvim.press(":set columns=40<CR>5G0:LspWriter rewrite american<CR>")
    shows(nvim, "Use American spelling   <CR> accept")
    nvim.save("rewrites-7-narrow")


def test_with_its_manuscript_hidden_and_a_picker_open_it_is_shown_all_the_same(nvim: Neovim, machine: Machine) -> None:
    """A floating window cannot be split, so that the rewrite was lost."""
    hold = machine.home / "hold"
    hold.touch()
    nvim.press("3G0:LspWriter rewrite noir<CR>")
    shows(nvim, "Rewrite as noir …")
    nvim.press("<C-w>l:q<CR>:set hidden | enew<CR>")
    picker = "{ relative = 'editor', row = 2, col = 2, width = 30, height = 5 }"
    nvim.lua(f"vim.api.nvim_open_win(vim.api.nvim_create_buf(false, true), true, {picker})")
    hold.unlink()
    shows(nvim, "<CR> accept")
