"""How the Neovim plugin is written: formatted by StyLua, and without what luacheck finds."""

from __future__ import annotations

import subprocess

import pytest

from tests.editors.conftest import ROOT

pytestmark = pytest.mark.editor

PLUGIN = ROOT / "editors" / "neovim"
FILES = sorted(str(file) for file in PLUGIN.rglob("*.lua"))


def test_the_plugin_is_formatted() -> None:
    """Otherwise: `make format`."""
    node = [ROOT / ".editors" / "bin" / "node", ROOT / "tests" / "editors" / "stylua.mjs"]
    assert len(FILES) > 10
    formatted = subprocess.run([*node, *FILES], capture_output=True, text=True, check=False)
    assert (formatted.stdout, formatted.stderr) == ("", "")


def test_luacheck_finds_nothing() -> None:
    luacheck = ["luacheck", "--no-color", "--config", str(PLUGIN / ".luacheckrc"), *FILES]
    checked = subprocess.run(luacheck, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
