"""What a manuscript's front matter fixes for rewrites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.front_matter import switches
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.style_sheet import StyleSheet, style_sheet

NOTHING = StyleSheet()

LINES = r"""---
lspWriter:
tense: past
  tense: 'present
avoid:
avoid: [a, "b
avoid: [a, [b]]
- item
  - 'item
- - -
pov: {first: 1}
register: >
"""


def manuscript_of(text: str, *, markdown: bool = True) -> Manuscript:
    return Manuscript("file:///story.md", 1, Rope.of(text), markdown)


def check_style_sheet(front_matter: str, expected: StyleSheet) -> None:
    """What is read from `front_matter`, whatever the line ends and the program that saved it."""
    text = f"---\n{front_matter}\n---\n\ntense: present is what she typed.\n"
    for saved in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        assert style_sheet(manuscript_of(saved)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tense: past", StyleSheet(tense="past")),
        ("tense: PRESENT  # for now", StyleSheet(tense="present")),
        ("tense: 'past tense'", StyleSheet(tense="past")),
        ("pov: first", StyleSheet(viewpoint="first")),
        ("pov: Third Person", StyleSheet(viewpoint="third")),
        ("pov: close-third", StyleSheet(viewpoint="close third")),
        ("POV: third, limited", StyleSheet(viewpoint="third")),
        ("viewpoint: Ines, close third person", StyleSheet(viewpoint="close third")),
        ("pov: omniscient", StyleSheet(viewpoint="omniscient")),
        ('spelling: "British"', StyleSheet(spelling="british")),
        ("spelling: American English", StyleSheet(spelling="american")),
        ("register: plain", StyleSheet(register="plain")),
        ("register: plain, a little dry", StyleSheet(register="plain, a little dry")),
        ("register: [plain, dry]", StyleSheet(register="plain, dry")),
        ("avoid: suddenly", StyleSheet(avoid=("suddenly",))),
        ("avoid: [suddenly, 'a testament to', \"don't, ever\"]  # mine",
         StyleSheet(avoid=("suddenly", "a testament to", "don't, ever"))),
        ("avoid: [don't, a, a]", StyleSheet(avoid=("don't", "a"))),
        ("avoid:\n- suddenly\n\n# and\n- 'a testament to'\ntense: past",
         StyleSheet(tense="past", avoid=("suddenly", "a testament to"))),
        ("avoid:\n    - suddenly\n    - orbs", StyleSheet(avoid=("suddenly", "orbs"))),
        ("avoid:\n- suddenly\ntitle: x\n- orbs", StyleSheet(avoid=("suddenly",))),
        ("lspWriter:\n  tense: past\n  avoid:\n    - orbs\n  pov: first",
         StyleSheet(tense="past", viewpoint="first", avoid=("orbs",))),
        ("lspWriter:\n  avoid:\n  - orbs\n  pov: first", StyleSheet(viewpoint="first", avoid=("orbs",))),
        ("lspWriter:\n  tense: present\ntense: past", StyleSheet(tense="present")),
    ],
)  # fmt: skip
def test_what_is_fixed(line: str, expected: StyleSheet) -> None:
    check_style_sheet(line, expected)
    check_style_sheet(f"title: The Ferry\n{line}\nauthor: Mara", expected)


@pytest.mark.parametrize(
    "front_matter",
    [
        "title: past",
        "tense: future",
        "tense: pas",
        "tense:past",
        "tense:",
        "tense: [past]",
        "pov: Ruth",
        "spelling: Canadian",
        "style:\n  tense: past",
        "  tense: past",
        "# tense: past",
        "avoid: [a, b",
        "avoid: []",
        "avoid:",
        "register: " + "very " * 30 + "plain",
        "avoid: " + "x" * 5000,
    ],
)
def test_nothing_is_guessed(front_matter: str) -> None:
    check_style_sheet(front_matter, NOTHING)


def test_plain_text_and_a_text_without_front_matter_have_none() -> None:
    assert style_sheet(manuscript_of("---\ntense: past\n---\n", markdown=False)) == NOTHING
    assert style_sheet(manuscript_of("tense: past\n")) == NOTHING


def test_switches_stand_beside_it() -> None:
    manuscript = manuscript_of("---\nlspWriter:\n  avoid:\n  - orbs\n  menu: off\n  tense: past\n---\n")
    assert switches(manuscript).menu is False
    assert style_sheet(manuscript) == StyleSheet(tense="past", avoid=("orbs",))


def test_no_list_is_endless() -> None:
    words = "\n".join(f"- word {number}" for number in range(240))
    assert len(style_sheet(manuscript_of(f"---\navoid:\n{words}\n---\n")).avoid) == 100


@given(st.lists(st.sampled_from(LINES.splitlines()), max_size=12))
def test_any_front_matter_is_read_without_complaint(lines: list[str]) -> None:
    found = style_sheet(manuscript_of("\n".join(["---", *lines])))
    assert found.viewpoint is None
    assert found.register == ""
