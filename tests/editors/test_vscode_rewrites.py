"""Rewrites in VS Code, with the real model: how a writer orders one, watches it, and decides about it."""

from __future__ import annotations

import msgspec
import pytest

from tests.editors.conftest import Machine
from tests.editors.test_vscode import drive, package_extension

pytestmark = pytest.mark.editor

#: Each of its sentences but the last can be shorter.
WORDY = (
    "It was really very cold in the kitchen, and Mara suddenly felt that the letter in her hand was quite heavy. "
    "She could hear the clock ticking in the hall, which was very loud. "
    "She began to read it slowly, and then she noticed that her brother had not really signed it at all. "
    "The harbour lights seemed to be going out."
)
#: Spelt in the American way, each of its sentences is another, and the model is not asked.
BRITISH = (
    "The colour of the harbour was grey. Mara realised that her neighbour had gone. The theatre in the centre was dark."
)
AMERICAN = (
    "The color of the harbor was gray. Mara realized that her neighbor had gone. The theater in the center was dark."
)
STORY = f"# The Ferry\n\n{WORDY}\n\n{BRITISH}\n\nShe walked down to the harbour.\n"


def american(*sentences: int) -> str:
    """The story with these sentences of the British passage in American spelling."""
    old, new = (passage.split(". ") for passage in (BRITISH, AMERICAN))
    return STORY.replace(BRITISH, ". ".join((new if number in sentences else old)[number] for number in range(3)))


class Seen(msgspec.Struct, rename="camel"):
    """Texts are those of the saved file, but for headings, buttons and messages."""

    decisions: list[str]
    unchanged: str
    accepted: str
    undone: str
    headings: list[str]
    changes: list[str]
    some: str
    some_undone: str
    some_by_title_bar: str
    refused: str
    some_by_keyboard: str
    all_by_keyboard: str


def test_every_way_to_order_a_rewrite_and_to_decide_about_it(machine: Machine) -> None:
    machine.story.write_text(STORY)
    seen = msgspec.json.decode(
        drive(machine, package_extension(machine), "rewrites", wordy=3, british=5, last=7), type=Seen
    )

    before, after = STORY.split(WORDY)
    assert seen.decisions == ["Accept", "Accept Some …", "Try Again", "Discard"]
    assert seen.unchanged == STORY, "nothing changes before the writer has chosen"
    assert seen.accepted.startswith(before)
    assert seen.accepted.endswith(after)
    assert len(seen.accepted) < len(STORY)
    assert seen.undone == STORY, "one undo takes a rewrite back"
    assert seen.headings == ["Craft", "Grammar of narrative", "Invention", "Needs a larger model"]
    assert len(seen.changes) > 1
    first = WORDY.split(". ", maxsplit=1)[0]
    assert seen.some.startswith(f"{before}{first}. "), "what the writer has unticked stays as it was"
    assert seen.some.endswith(after)
    assert seen.accepted != seen.some != STORY
    assert seen.some_undone == STORY
    assert seen.some_by_title_bar == american(0, 2)
    assert seen.refused == STORY
    assert seen.some_by_keyboard == american(1, 2)
    assert seen.all_by_keyboard == american(0, 1, 2)


class SeenUnderWay(msgspec.Struct, rename="camel"):
    """As in `Seen`."""

    given_up: str
    messages_after_giving_up: list[str]
    growing: str
    stopped: str
    stopped_decisions: list[str]
    went_on: str


def test_a_rewrite_is_watched_cancelled_and_continued(machine: Machine) -> None:
    machine.story.write_text(STORY)
    answer = drive(machine, package_extension(machine), "rewritesUnderWay", wordy=3)
    seen = msgspec.json.decode(answer, type=SeenUnderWay)

    before, after = STORY.split(WORDY)
    assert seen.given_up == STORY
    assert seen.messages_after_giving_up == [], "of what is given up before there is anything of it, nothing is said"
    assert "words …" in seen.growing
    assert "She began to read" in seen.growing, "the text shows as it comes"
    assert seen.stopped == STORY
    assert seen.stopped_decisions == ["Use the Beginning", "Go On", "Try Again", "Discard"]
    assert seen.went_on.startswith(before)
    assert seen.went_on.endswith(after)
    assert len(seen.went_on) > len(STORY)
