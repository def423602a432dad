"""What writers set, press and open in Neovim. The server is real, and its model always says the same."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.editors.conftest import STORY, Machine
from tests.editors.neovim import INIT, PATH, Neovim

pytestmark = pytest.mark.editor

TYPED = "The boat was tied to the"
ADDED = " harbour wall by a rope. Nobody was aboard."
WHOLE = TYPED + ADDED


@pytest.fixture(autouse=True)
def _scripted(machine: Machine) -> None:
    machine.install_scripted_server()


def ready(nvim: Neovim) -> None:
    nvim.wait(lambda: str(nvim.lua("require('lsp_writer').status()")).startswith("ready"), "the server")


def types(nvim: Neovim, text: str) -> None:
    for key in text:
        nvim.press(key)
        time.sleep(0.02)


def shows(nvim: Neovim, text: str) -> None:
    nvim.wait(lambda: any(text in row for row in nvim.screen), repr(text), seconds=15)


def test_wrong_options_are_named_once_and_the_rest_is_used(machine: Machine) -> None:
    options = (
        "{ preview = 'sideways', keys = { accept = 5, accept_word = '<C-l>', leap = 'x' }, filetypes = 'markdown',"
        " colour = 'red', settings = { ghostText = { mode = 'onDemand' } } }"
    )
    with Neovim(machine, init=f"{PATH}require('lsp_writer').setup({options})\n") as nvim:
        ready(nvim)
        assert nvim.messages.count("wrong options") == 1
        assert "colour, filetypes, keys.accept, keys.leap, preview." in nvim.messages
        nvim.press("Go<CR>")
        types(nvim, TYPED)
        time.sleep(1)
        assert nvim.row_with(TYPED) == TYPED, "the setting holds"
        nvim.press("<M-Bslash>")
        shows(nvim, WHOLE)
        nvim.press("<C-l>")
        nvim.wait(lambda: nvim.line == f"{TYPED} harbour", "the key that was named")
        nvim.press("<Tab>")
        nvim.wait(lambda: nvim.line == WHOLE, "the default of the one that was wrong")
        nvim.press("<Esc>:checkhealth lsp_writer<CR>")
        for told in ('"right", "below" or "float"', "colour is no option", "keys.accept is to be a key, or false"):
            shows(nvim, told)
        nvim.save("writer-1-wrong-options")


def test_one_wrong_option_is_explained_at_once(machine: Machine) -> None:
    with Neovim(machine, init=f"{PATH}require('lsp_writer').setup({{ filetypes = 'text' }})\n") as nvim:
        assert "`filetypes` is to be a list of strings" in nvim.messages
        ready(nvim)


def test_keys_that_are_taken_are_left_alone(machine: Machine) -> None:
    mapped = "vim.keymap.set('i', '<Tab>', 'theirs')\nvim.keymap.set('i', '<C-l>', 'theirs')\n"
    setup = "require('lsp_writer').setup({ keys = { accept_word = '<C-l>' } })\n"
    with Neovim(machine, init=f"{PATH}{mapped}{setup}") as nvim:
        ready(nvim)
        nvim.press("Go<CR>")
        types(nvim, TYPED)
        shows(nvim, WHOLE)
        nvim.press("<Tab>")
        nvim.wait(lambda: nvim.line == f"{TYPED}theirs", "what the writer has mapped")
        nvim.press("<Esc>cc")
        types(nvim, TYPED)
        shows(nvim, WHOLE)
        nvim.press("<C-l>")
        nvim.wait(lambda: nvim.line == f"{TYPED} harbour", "the key that was named for it")
        nvim.press("<Esc>:checkhealth lsp_writer<CR>")
        shows(nvim, "<Tab> is mapped by somebody else, so it does not accept the suggestion")
        shows(nvim, "the options are as they should be")
        nvim.save("writer-2-health")


def test_a_plug_mapping_can_be_put_on_any_key(machine: Machine) -> None:
    with Neovim(machine, init=f"{INIT}vim.keymap.set('i', '<C-y>', '<Plug>(lsp-writer-accept)')\n") as nvim:
        ready(nvim)
        nvim.press("Go<CR>")
        types(nvim, TYPED)
        shows(nvim, WHOLE)
        nvim.press("<C-y>")
        nvim.wait(lambda: nvim.line == WHOLE, "the suggestion")


def test_a_buffer_without_a_name(machine: Machine) -> None:
    with Neovim(machine) as nvim:
        nvim.press(":enew<CR>:setfiletype markdown<CR>")
        ready(nvim)
        nvim.press("i")
        types(nvim, TYPED)
        shows(nvim, WHOLE)
        nvim.press("<Tab><Esc>:write named.md<CR>")
        saved = machine.story.parent / "named.md"
        nvim.wait(saved.exists, "the file")
        assert saved.read_text() == f"{WHOLE}\n"
        nvim.press("o")
        types(nvim, TYPED)
        shows(nvim, f"{TYPED} harbour")


def test_a_rewrite_of_a_buffer_without_a_name_asks_for_one(machine: Machine) -> None:
    """Accepting it changed nothing that the writer saw: it went into a hidden buffer, of the folder `/`."""
    with Neovim(machine) as nvim:
        nvim.press(":enew<CR>:setfiletype markdown<CR>")
        ready(nvim)
        nvim.press("iThe colour of the harbour was grey, and Mara realised it.<Esc>")
        for command in ("rewrite american", "ask Make it shorter"):
            nvim.press(f":LspWriter {command}<CR>")
            shows(nvim, "save the document first")
            nvim.press(":echo<CR>")
        nvim.press(":write named.md<CR>")
        nvim.wait((machine.story.parent / "named.md").exists, "the file")
        nvim.press(":edit<CR>:LspWriter rewrite american<CR>")
        shows(nvim, "<CR> accept")
        nvim.press(":LspWriter accept<CR>")
        nvim.wait(lambda: nvim.line.startswith("The color of the harbor"), "the rewrite")


def test_a_buffer_that_is_closed_during_a_rewrite(machine: Machine) -> None:
    hold = machine.home / "hold"
    hold.touch()
    with Neovim(machine) as nvim:
        ready(nvim)
        nvim.press("3G0:LspWriter rewrite noir<CR>")
        shows(nvim, "Rewrite as noir …")
        nvim.press(":bwipeout<CR>")
        hold.unlink()
        nvim.wait(lambda: "was given up" in nvim.messages, "the word")
        nvim.wait(lambda: nvim.lua("#vim.api.nvim_list_wins()") == 1, "the preview to go")
        nvim.press(f":edit {machine.story}<CR>")
        nvim.wait(lambda: nvim.text == STORY, "the manuscript")
        nvim.press("Go<CR>")
        types(nvim, TYPED)
        shows(nvim, WHOLE)


def test_a_huge_manuscript(machine: Machine) -> None:
    huge = STORY * 25_000  # six million letters
    machine.story.write_text(huge)
    with Neovim(machine) as nvim:
        nvim.wait(lambda: str(nvim.lua("require('lsp_writer').status()")).startswith("ready"), "it", seconds=90)
        nvim.press("Go<CR>")
        types(nvim, TYPED)
        nvim.wait(lambda: WHOLE in nvim.screen, "ghost text", seconds=90)
        nvim.press("<Tab>")
        nvim.wait(lambda: nvim.line == WHOLE, "the suggestion")
        nvim.press("<Esc>:write<CR>")
        nvim.wait(lambda: machine.story.read_text() == f"{huge}\n{WHOLE}\n", "the file")


@pytest.mark.parametrize(
    "before",
    [
        "“🙂 你好,” she wrote. ",
        "Zoë’s naïve façade, à la carte. ",
        "她说：“码头很安静。” ",
        "👩‍👩‍👧 waved. ",
        "她在码头等了很久。" * 6,  # the caret's line wraps within the ghost text
        "It had rained on the harbour all day, and nobody had come. " * 2,
    ],
)
def test_ghost_text_stands_right_after_the_caret_whatever_is_before_it(machine: Machine, before: str) -> None:
    with Neovim(machine) as nvim:
        ready(nvim)
        nvim.press("Go<CR>")
        types(nvim, f"{before}{TYPED}")
        whole = f"{before}{TYPED}{ADDED}"

        def screen() -> str:
            """Without the breaks of wrapped lines, or the cell that a wide letter leaves empty at one."""
            return "".join(row.ljust(140) if _cells(row) > 138 else row for row in nvim.screen).replace(" ", "")

        nvim.wait(lambda: whole.replace(" ", "") in screen(), repr(whole))
        assert nvim.line == f"{before}{TYPED}"
        # Just where the next letter would come.
        place: Any = nvim.lua("vim.fn.screenpos(0, vim.fn.line('.'), vim.fn.col('$') - 1)")
        after: Any = nvim.lua(f"vim.fn.screenstring({place['row']}, {place['endcol'] + 2})")
        if place["endcol"] < 138:
            assert after == ADDED[1], f"{after!r} after the caret"
        nvim.press("<Tab>")
        nvim.wait(lambda: nvim.line == whole, "the suggestion")


def _cells(row: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in row)


def test_the_menu_and_ghost_text_together(machine: Machine) -> None:
    menu = (
        "vim.o.completeopt = 'menuone,noselect'\n"
        "vim.api.nvim_create_autocmd('LspAttach', { callback = function(event)\n"
        "  vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })\nend })\n"
    )
    spaced = f"{TYPED} {ADDED}"  # the model brings a space of its own
    with Neovim(machine, init=f"{INIT}{menu}") as nvim:
        ready(nvim)
        nvim.press("Go<CR>")
        types(nvim, f"{TYPED} ")
        nvim.wait(lambda: nvim.lua("vim.fn.pumvisible()") == 1, "the menu")
        nvim.wait(lambda: any(row.startswith(spaced) for row in nvim.screen), "ghost text beside it")
        nvim.save("writer-3-menu-and-ghost-text")
        items: Any = nvim.lua("vim.fn.complete_info({ 'items' }).items")
        assert [each["word"].strip() for each in items][:1] == ["harbour"]
        nvim.press("<C-n>")
        nvim.wait(lambda: nvim.line == f"{TYPED} harbour", "the word that was chosen")
        assert not any(row.startswith(spaced) for row in nvim.screen), "the menu goes first"
        nvim.press("<C-p>")
        nvim.wait(lambda: nvim.line == f"{TYPED} ", "nothing to be chosen")
        nvim.press("<C-y>")
        nvim.press("<M-Bslash>")
        nvim.wait(lambda: any(row.startswith(spaced) for row in nvim.screen), "ghost text")
        nvim.press("<Tab>")
        nvim.wait(lambda: nvim.line == spaced, "all of it")


def test_hover_floats_and_lenses_count(machine: Machine) -> None:
    with Neovim(machine) as nvim:
        ready(nvim)
        nvim.press("3GfbK")
        nvim.wait(lambda: nvim.lua("#vim.api.nvim_list_wins()") == 2, "the float")
        shows(nvim, "assive")
        nvim.save("writer-4-hover")
        nvim.press("<Esc>h:lua vim.lsp.codelens.refresh({ bufnr = 0 })<CR>")
        shows(nvim, "words")
        nvim.save("writer-5-lens")
