"""What a writer does with ghost text in Neovim. The server is real, and its model always says the same, slowly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

import pytest

from tests.editors.conftest import Machine
from tests.editors.neovim import Neovim

pytestmark = pytest.mark.editor

TYPED = "The boat was tied to the"
SENTENCE = f"{TYPED} harbour wall by a rope."
WHOLE = f"{SENTENCE} Nobody was aboard."


@pytest.fixture
def nvim(machine: Machine) -> Iterator[Neovim]:
    machine.install_scripted_server()
    with Neovim(machine) as nvim:
        nvim.wait(lambda: status(nvim).startswith("ready"), "the server")
        yield nvim


def status(nvim: Neovim) -> str:
    return str(nvim.lua("require('lsp_writer').status()"))


def stands(nvim: Neovim, line: str) -> bool:
    return nvim.line == line


def write(nvim: Neovim) -> None:
    """Type at the end of the story, a key at a time."""
    for key in ("G", "o", "<CR>", *TYPED):
        nvim.press(key)
        time.sleep(0.02)


def shows(nvim: Neovim, row: str) -> None:
    """The line that is being written looks like `row`, ghost text included."""
    nvim.wait(lambda: row in nvim.screen, f"{row!r} in {nvim.screen[:8]}", seconds=10)


def test_an_early_answer_grows_while_the_writer_looks_on(nvim: Neovim) -> None:
    nvim.lua(
        "(function() local show = require('lsp_writer').on_grown; vim.g.grown = 0;"
        " require('lsp_writer').on_grown = function(grown) vim.g.grown = vim.g.grown + 1; show(grown) end end)()"
    )
    write(nvim)
    shows(nvim, WHOLE)
    assert nvim.lua("vim.g.grown"), "it was shown before it was whole"
    assert nvim.line == TYPED


def test_word_by_word_to_the_end_of_the_sentence_and_then_the_rest(nvim: Neovim) -> None:
    write(nvim)
    shows(nvim, WHOLE)
    for key, line in (
        ("<C-Right>", f"{TYPED} harbour"),
        ("<C-Right>", f"{TYPED} harbour wall"),
        ("<M-CR>", SENTENCE),
        ("<Tab>", WHOLE),
    ):
        nvim.press(key)
        nvim.wait(partial(stands, nvim, line), f"{key} to give {line!r}, not {nvim.line!r}", seconds=5)
        if line != WHOLE:
            shows(nvim, WHOLE)
    nvim.press("<Esc>u")
    nvim.wait(lambda: nvim.line == SENTENCE, "undo to take back what one key took")


def test_asked_for_there_are_several_and_the_keys_turn_them_over(nvim: Neovim) -> None:
    write(nvim)
    shows(nvim, WHOLE)
    for key, word in (("<M-]>", "iron"), ("<M-]>", "old"), ("<M-]>", "harbour"), ("<M-[>", "old")):
        nvim.press(key)
        shows(nvim, WHOLE.replace("harbour", word))
    nvim.press("<Tab>")
    nvim.wait(lambda: nvim.line == WHOLE.replace("harbour", "old"), "Tab to take the one that is shown")


def test_what_was_dismissed_stays_away_until_it_is_asked_for(nvim: Neovim) -> None:
    write(nvim)
    shows(nvim, WHOLE)
    nvim.press("<C-e>")
    shows(nvim, TYPED)
    nvim.lua("require('lsp_writer').on_grown({ uri = vim.uri_from_bufnr(0), version = vim.b.changedtick })")
    nvim.press("<Left><Right>")
    shows(nvim, TYPED)
    assert nvim.row_with(TYPED) == TYPED
    nvim.press("<M-Bslash>")
    shows(nvim, WHOLE)


def test_nothing_comes_by_itself_while_paused(nvim: Neovim) -> None:
    nvim.press(":LspWriter pause<CR>")
    nvim.wait(lambda: status(nvim).startswith("paused"), "the pause")
    write(nvim)
    nvim.wait(lambda: nvim.line == TYPED, "the typing")
    assert nvim.row_with(TYPED) == TYPED
    nvim.save("paused")
    nvim.press("<M-Bslash>")
    shows(nvim, WHOLE)
    nvim.press("<Esc>:LspWriter resume<CR>")
    nvim.wait(lambda: status(nvim) == "ready", f"the end of the pause, not {status(nvim)!r}")
    write(nvim)
    shows(nvim, WHOLE)


@pytest.mark.parametrize("select", ["<C-o>v4h", "<C-o>gh"])
def test_nothing_is_shown_while_something_is_selected(nvim: Neovim, select: str) -> None:
    write(nvim)
    shows(nvim, WHOLE)
    nvim.press(select)
    shows(nvim, TYPED)
    assert nvim.row_with(TYPED) == TYPED


def test_keys_do_what_they_did_where_there_is_no_ghost_text(nvim: Neovim) -> None:
    nvim.press(":inoremap <lt>C-Right> mapped<CR>")
    nvim.press("ggO<C-e><C-Right>")
    nvim.wait(lambda: nvim.line == "#mapped", f"what Ctrl-E and a mapping give, not {nvim.line!r}")


def test_moving_about_asks_for_nothing(nvim: Neovim) -> None:
    """Every arrow key sent a request, and suggestions appeared wherever the caret went."""
    write(nvim)
    shows(nvim, WHOLE)
    count = (
        "(function(client) local ask = client.request; vim.g.asked = 0;"
        " client.request = function(...) vim.g.asked = vim.g.asked + 1; return ask(...) end end)"
        "(vim.lsp.get_clients({ name = 'lsp_writer' })[1])"
    )
    nvim.lua(count)
    for key in ("<Left>", "<Up>", "<Down>", "<End>"):
        nvim.press(key)
        time.sleep(0.05)
    shows(nvim, TYPED)
    assert nvim.lua("vim.g.asked") == 0
    nvim.press(".")
    nvim.wait(lambda: nvim.lua("vim.g.asked") == 1, "the request for a key")


def test_nothing_is_shown_inside_the_word_that_a_suggestion_would_finish(nvim: Neovim) -> None:
    """One step to the left of "the", "harbour" stood between "th" and "e"."""
    write(nvim)
    shows(nvim, WHOLE)
    nvim.press("<Left>")
    shows(nvim, TYPED)
