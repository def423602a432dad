"""What a manuscript's front matter says about suggestions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.front_matter import Switches, switches
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

NOTHING = Switches()
ALL_OFF = Switches(ghost_text="off", menu=False, critique=False)

LINES = r"""---
...
lspWriter:
lspWriter: off
  ghostText: off
    menu: on
  critique: on
  critiqueOff: [
lspWriter: [
  ghostText: 'off
"
{
&a *a
- - -
title: Sea
"""
ODD = (" " * 300, "#" * 300, "\tmenu: no", "\ud83d\0", "é:\u2028")


def read(text: str, *, markdown: bool = True) -> Switches:
    return switches(Manuscript("file:///story.md", 1, Rope.of(text), markdown))


def check_switches(front_matter: str, expected: Switches) -> None:
    """What is read from `front_matter`, whatever the line ends and the program that saved it."""
    text = f"---\n{front_matter}\n---\n\nlspWriter: off is what she typed.\n"
    assert read(text) == expected
    assert read(text.replace("\n", "\r\n")) == expected
    assert read("\ufeff" + text) == expected


@pytest.mark.parametrize("value", ["off", "Off", "OFF", '"off"', "'off'", "false", "no", "off  # not in this one"])
def test_all_suggestions_off(value: str) -> None:
    check_switches(f"title: The Ferry\nlspWriter: {value}\nauthor: Mara", ALL_OFF)


@pytest.mark.parametrize(
    ("value", "mode"), [("off", "off"), ("false", "off"), ("automatic", "automatic"), ("onDemand", "onDemand")]
)
def test_a_mode_for_ghost_text(value: str, mode: str) -> None:
    check_switches(f"lspWriter:\n  ghostText: {value}\n", read(f"---\nlspWriter:\n  ghostText: {mode}\n---\n"))
    assert read(f"---\nlspWriter:\n  ghostText: {value}\n---\n").ghost_text == mode


@pytest.mark.parametrize(("value", "shown"), [("off", False), ("no", False), ("on", True), ("true", True)])
def test_the_menu(value: str, shown: bool) -> None:
    check_switches(f"lspWriter:\n  menu: {value}", Switches(menu=shown))


@pytest.mark.parametrize(("value", "shown"), [("off", False), ("no", False), ("on", True), ("true", True)])
def test_critiques(value: str, shown: bool) -> None:
    check_switches(f"lspWriter:\n  critique: {value}", Switches(critique=shown))


@pytest.mark.parametrize(
    "listed", [" [Adverb, 'passive']", " adverb, passive", "\n    - adverb\n    - passive  # here"]
)
def test_kinds_of_critique(listed: str) -> None:
    named = ("adverb", "passive")
    check_switches(f"lspWriter:\n  critiqueOff:{listed}\n  menu: on", Switches(menu=True, critique_off=named))
    check_switches(f"lspWriter:\n  critiqueAlso:{listed}\n", Switches(critique_also=named))


def test_both_among_other_things() -> None:
    check_switches(
        "title: 'lspWriter: a life'\nlspWriter:   # for this chapter\n\n  # quiet, please\n    ghostText: onDemand\n"
        "    style:\n      menu: on\n    menu: off\nmenu: on\nghostText: off",
        Switches(ghost_text="onDemand", menu=False),
    )


@pytest.mark.parametrize(
    "front_matter",
    [
        "title: The Ferry",
        "lspWriter: on",
        "lspWriter: of",
        "lspWriter:off",
        "lspwriter: off",
        "  lspWriter: off",
        "other:\n  ghostText: off",
        "critique: off",
        "critiqueOff: [adverb]",
        "lspWriter:\n  critique: [off]",
        "lspWriter:\n  critiqueOff: []",
        "lspWriter:\n  critiqueOff: [",
        "lspWriter:\nghostText: off",
        "lspWriter:\n  ghostText: sometimes",
        "lspWriter:\n  ghostText: [off]",
        "lspWriter:\n  ghostText: off and on",
        "lspWriter: [\n  menu: off",
        "# lspWriter: off",
        "lspWriter:\n  menu:\n" + "x" * 1000 + ":\n  menu: off",
    ],
)
def test_nothing_is_guessed(front_matter: str) -> None:
    check_switches(front_matter, NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lspWriter: off\n",
        "Prose.\n\n---\nlspWriter: off\n---\n",
        "---\n\nlspWriter: off\n---\n",
        "--- a\nlspWriter: off\n---\n",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert read(text) == NOTHING


def test_while_its_end_is_not_yet_typed() -> None:
    assert read("---\nlspWriter: off\n\nShe walked down to the harbour.\n") == ALL_OFF


def test_plain_text_has_none() -> None:
    assert read("---\nlspWriter: off\n---\n", markdown=False) == NOTHING


@given(st.lists(st.sampled_from([*LINES.splitlines(), *ODD]), max_size=12))
def test_any_front_matter_is_read_without_complaint(lines: list[str]) -> None:
    found = read("\n".join(["---", *lines]))
    if not any(re.search("off|no|on", line) for line in lines):
        assert found == NOTHING
