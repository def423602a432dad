"""Rewrites in VS Code, with the real model: how a writer orders one, watches it, and decides about it; what else
happens meanwhile, with a model that waits for the test."""

from __future__ import annotations

import re

import msgspec
import pytest

from tests.editors.conftest import Machine
from tests.editors.scripted_server import REPLIES
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
LAST = "She walked down to the harbour."
STORY = f"# The Ferry\n\n{WORDY}\n\n{BRITISH}\n\n{LAST}\n"


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
    #: What the diff showed of them, with its heading at the second one.
    versions: list[str]
    heading: str
    version_decisions: list[str]
    #: Whether the title bar offers the next version: of a rewrite that has one, and of one that has several beside it.
    next_versions: list[bool]
    second_version: str


def test_a_rewrite_is_watched_cancelled_and_continued(machine: Machine) -> None:
    machine.story.write_text(STORY)
    answer = drive(machine, package_extension(machine), "rewritesUnderWay", wordy=3, british=5, last=7)
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
    assert re.match(r"Expand scene \(2 of [23]\)", seen.heading)
    assert seen.version_decisions == ["Choose …", "Try Again", "Discard"]
    assert seen.next_versions == [False, True]
    before, after = STORY.split(LAST)
    assert seen.second_version.startswith(before)
    assert words(seen.second_version.removeprefix(before)) == words(seen.versions[1]) != words(seen.versions[0])


def words(text: str) -> list[str]:
    """The diff wraps its lines."""
    return text.split()


class SeenMeanwhile(msgspec.Struct, rename="camel"):
    """As in `Seen`."""

    typed: str
    followed: str
    followed_undone: str
    changed: str
    said_of_changed: list[str]
    kept: str
    kept_decisions: list[str]
    all_the_same: str
    all_the_same_undone: str
    changed_waiting: str
    still_changed: str
    changed_back: str
    before: list[list[str]]
    asked: list[str]
    at_once: str
    diffs_at_once: int
    messages_at_once: list[str]
    at_once_undone: str


TOLD = "Mara opened the letter at the kitchen table and read it twice."
MEANWHILE = f"# The Ferry\n\n{TOLD}\n\n{BRITISH}\n\n{LAST}\n"


def test_the_writer_goes_on_while_a_rewrite_is_made_and_waits(machine: Machine) -> None:
    machine.install_scripted_server()
    machine.story.write_text(MEANWHILE)
    instruction = "in the voice of a tired nurse"
    extension = package_extension(machine)
    answer = drive(machine, extension, "rewritesMeanwhile", told=3, british=5, instruction=instruction)
    seen = msgspec.json.decode(answer, type=SeenMeanwhile)

    noir = MEANWHILE.replace(TOLD, REPLIES["noir"])
    typed = "# The Ferry\n\nIt had rained all day."
    assert seen.typed == MEANWHILE.replace("# The Ferry", typed), "no key is lost when the diff opens"
    assert seen.followed == noir.replace("# The Ferry", typed)
    assert seen.followed_undone == seen.typed, "one undo takes the rewrite back, and nothing that was typed"

    assert seen.changed == seen.kept == MEANWHILE.replace("Mara opened", "Mara soon opened")
    assert "was changed" in seen.said_of_changed[0]
    assert seen.kept_decisions == ["Put It in All the Same", "Try Again", "Discard"]
    assert seen.all_the_same == noir
    assert seen.all_the_same_undone == seen.changed
    assert seen.changed_waiting == seen.still_changed == MEANWHILE.replace("The colour", "The old colour")
    assert seen.changed_back == MEANWHILE.replace(BRITISH, AMERICAN), "a passage that is changed back is the same"

    assert seen.before == [[], [instruction]], "what was asked for before is there in a window that is opened anew"
    assert seen.asked == [MEANWHILE.replace(TOLD, REPLIES["tired nurse"])] * 2

    assert seen.at_once == seen.changed_back
    assert seen.diffs_at_once == 0
    assert seen.messages_at_once == []
    assert seen.at_once_undone == MEANWHILE


class SeenInTrouble(msgspec.Struct, rename="camel"):
    """As in `Seen`."""

    untitled: str
    instead_of_rewrites: list[str]
    said_of_read_only: list[str]
    said_of_closed: list[str]
    closed: str
    tabs: list[str]
    changed_in_another_window: str
    removed: str
    removed_while_made: str
    said_of_renamed: list[str]
    renamed: str


def test_what_a_rewrite_is_for_goes_away_or_cannot_be_written(machine: Machine) -> None:
    machine.install_scripted_server()
    machine.story.write_text(MEANWHILE)
    machine.story.with_name("locked.md").write_text(BRITISH)
    settings = {"files.readonlyInclude": {"**/locked.md": True}}
    extension = package_extension(machine)
    answer = drive(machine, extension, "rewritesInTrouble", told=3, british=5, settings=settings)
    seen = msgspec.json.decode(answer, type=SeenInTrouble)

    given_up = "“Rewrite as noir” was given up, because the document was closed or renamed. Open it and choose again."
    assert seen.untitled == "The color was gray."
    assert not [row for row in seen.instead_of_rewrites if "spelling" in row or "ewrite" in row]
    assert seen.said_of_read_only == ["Writer: this document is read-only, by files.readonlyInclude."]
    assert seen.said_of_closed == seen.said_of_renamed == [given_up]
    assert seen.closed == seen.renamed == MEANWHILE
    assert len(seen.tabs) == 1, "no diff is left of a rewrite that is not there any more"
    assert seen.changed_in_another_window == MEANWHILE.replace("The colour", "The old colour"), "it is kept"
    assert seen.removed_while_made == MEANWHILE.replace(TOLD, REPLIES["noir"])
    assert seen.removed == MEANWHILE.replace(BRITISH, AMERICAN), "what is saved then is the file anew"
