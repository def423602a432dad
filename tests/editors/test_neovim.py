"""A writer's first minutes in Neovim, with the real model."""

from __future__ import annotations

import pytest

from tests.editors.conftest import STORY, Machine
from tests.editors.neovim import Neovim

pytestmark = pytest.mark.editor

#: It ends in the middle of a word.
TYPED = "The boat was tied to the h"


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

        nvim.press("<Esc>3G0:LspWriter rewrite noir<CR>")
        nvim.wait(lambda: nvim.text != STORY, "the rewrite", seconds=120)
        nvim.save("4-rewritten")
        assert nvim.text.startswith("# The Ferry\n\n")
        assert nvim.text.endswith("\n\nShe walked down to the harbour.\n")
        nvim.press("u")
        nvim.wait(lambda: nvim.text == STORY, "one undo to bring the passage back")
