"""The first contact with the VS Code extension, and what stands around the text, with the real model."""

from __future__ import annotations

import json
import os
from zipfile import ZipFile

import msgspec
import pytest

from tests.editors.conftest import ROOT, STORY, Machine
from tests.editors.test_vscode import drive, package_extension

pytestmark = pytest.mark.editor

#: Of normal text, by the Web Content Accessibility Guidelines.
LEAST_CONTRAST = 4.5
#: It ends in the middle of a word, of which the model is sure.
TYPED = "She shook her h"
STORY_TO_PLAY_WITH = (ROOT / "editors" / "vscode" / "walkthrough" / "story.md").read_text(encoding="utf-8")


class Menu(msgspec.Struct):
    rows: list[str]
    says: str


class SeenAtFirst(msgspec.Struct, rename="camel"):
    ghost_text: str
    entered: str
    menu: list[str]
    chosen: str
    took_chosen: str
    silent: Menu
    paused: Menu
    models: list[str]
    steps: list[tuple[str, bool]]
    at_end: str
    asked: list[str]
    word_taken: str
    last_line: str


def test_a_writers_first_minute(machine: Machine) -> None:
    parts = ["typing", "menu", "walkthrough"]
    answer = drive(machine, package_extension(machine), "contact", TYPED, parts=parts)
    seen = msgspec.json.decode(answer, type=SeenAtFirst)

    assert seen.ghost_text.strip()
    assert seen.entered == f"{STORY}{TYPED}\n", "Enter is a new line, while ghost text and the menu are there"
    assert all(word.startswith("h") for word in seen.menu)
    assert not any(word.startswith("heading") for word in seen.menu), "nothing of VS Code's own is among the words"
    assert seen.took_chosen == f"{STORY}{TYPED.removesuffix('h')}{seen.chosen}", "Tab takes what was chosen in the menu"
    assert "Pause suggestions" in seen.silent.rows[0]
    assert seen.silent.says.startswith("Writer is ready. ")
    assert "No suggestion: " in seen.silent.says
    assert "Resume suggestions" in seen.paused.rows[0]
    assert seen.paused.says == "Writer is paused. No suggestion: suggestions are paused."
    assert seen.paused.rows[1:] == seen.silent.rows[1:]
    assert [model for model in seen.models if model.startswith("default") and "in use" in model]
    assert len(seen.steps) == 5
    assert all(is_drawn for _, is_drawn in seen.steps)
    assert seen.at_end == seen.asked[0]
    first, second, third, *back = seen.asked
    assert len({first, second, third}) == 3
    assert back == [second, first]
    assert first.endswith(seen.word_taken)
    assert seen.last_line.endswith(f"beginning {first}")


class Look(msgspec.Struct):
    """`paper` is a luminance, and what stands on it a contrast."""

    paper: float
    text: float
    small: float
    ink: float
    labels: float
    charts: int
    wider: float


class SeenAround(msgspec.Struct, rename="camel"):
    lens: list[str]
    outline: list[str]
    actions: list[str]
    looks: dict[str, Look]
    report_tab: str
    folder_tab: str
    found: str


def test_what_stands_around_the_text(machine: Machine) -> None:
    machine.story.write_text(f"{STORY_TO_PLAY_WITH} to end.\n\n", encoding="utf-8")
    answer = drive(machine, package_extension(machine), "contact", TYPED, parts=["around", "report"])
    seen = msgspec.json.decode(answer, type=SeenAround)

    assert seen.lens[0].startswith("267 words")
    assert any("The Tide Clock" in row for row in seen.outline)
    assert seen.actions[0] == "Replace “recieved” with “received”"
    assert "report" in seen.report_tab
    assert "manuscript: report" in seen.folder_tab
    assert seen.found == "nobody"
    assert seen.looks["light"].paper > 0.9
    assert seen.looks["dark"].paper < 0.05, "the theme is VS Code's, whatever the browser prefers"
    for name, look in seen.looks.items():
        assert min(look.text, look.small, look.ink, look.labels) >= LEAST_CONTRAST, name
        assert look.charts > 5
        assert look.wider <= 0, f"{name}: the page does not scroll sideways"


class SeenOfAnother(msgspec.Struct, rename="camel"):
    told: list[int]
    message: str
    remark: str
    remark_again: str


def test_another_extension_that_suggests_is_told_of_once(machine: Machine) -> None:
    other = machine.home / "other.vsix"
    package = {"name": "codeium", "publisher": "Codeium", "displayName": "Other Ghost", "version": "1.0.0"}
    with ZipFile(other, "w") as archive:
        archive.writestr("extension/package.json", json.dumps(package | {"engines": {"vscode": "*"}}))
    answer = drive(machine, package_extension(machine), "contact", "", parts=["another"], others=[str(other)])
    seen = msgspec.json.decode(answer, type=SeenOfAnother)

    assert seen.told == [1, 0], "once, and not again when the window is opened anew"
    assert "Other Ghost" in seen.message
    assert "Other Ghost" in seen.remark
    assert "Other Ghost" in seen.remark_again


@pytest.mark.skipif("LSP_WRITER_MEASURE" not in os.environ, reason="measures, and judges nothing")
def test_what_activation_costs(machine: Machine) -> None:
    seen = drive(machine, package_extension(machine), "contact", "", parts=["activation"])
    print(msgspec.json.decode(seen)["milliseconds"])  # noqa: T201  it is what the test is for


@pytest.mark.skipif("LSP_WRITER_IMAGES" not in os.environ, reason="makes the README's pictures anew")
def test_the_readmes_pictures(machine: Machine) -> None:
    machine.story.write_text(STORY_TO_PLAY_WITH, encoding="utf-8")
    images = ROOT / "editors" / "vscode" / "images"
    images.mkdir(exist_ok=True)
    line = STORY_TO_PLAY_WITH[: STORY_TO_PLAY_WITH.index("He had brought")].count("\n")
    extension = package_extension(machine)
    drive(
        machine, extension, "contact", "", parts=["pictures"], images=str(images), passageLine=line, rewrite="Condense"
    )
    for name in ("ghost-text", "slips", "status", "rewrite", "report"):
        assert (images / f"{name}.png").stat().st_size < 150_000
