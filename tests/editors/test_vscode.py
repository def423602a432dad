"""A writer's first minutes in VS Code, with the real model."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.editors.conftest import PASSAGE, ROOT, SLIPS, STORY, Machine

pytestmark = pytest.mark.editor

#: It ends in the middle of a word, of which the model is sure.
TYPED = "She shook her h"


class Seen(msgspec.Struct, rename="camel"):
    """What vscode.mjs saw. Texts are those of the saved file, but for `ghost_text`, `menu`, `hover` and `buttons`."""

    menu: list[str]
    ghost_text: str
    accepted: str
    typing_undone: str
    hover: str
    buttons: list[str]
    decisions: list[str]
    rewritten: str
    unchanged: str
    rewrite_undone: str


def test_a_writer_types_accepts_asks_and_rewrites(machine: Machine) -> None:
    seen = msgspec.json.decode(drive(machine, package_extension(machine), "firstMinutes", TYPED), type=Seen)

    assert seen.ghost_text.strip()
    assert seen.menu
    assert all(word.startswith("h") for word in seen.menu)
    # The browser shows spaces as non-breaking ones.
    shown = seen.ghost_text.replace("\N{NO-BREAK SPACE}", " ")
    assert seen.accepted == f"{STORY}\n{TYPED}{shown}", "Tab puts in what was shown, also while the menu is open"
    assert seen.typing_undone == STORY
    assert "passive" in seen.hover.lower()
    assert seen.buttons == ["Cancel"]
    assert seen.decisions == ["Accept", "Try Again", "Discard"]
    before, after = STORY.split(PASSAGE)
    assert seen.unchanged == STORY, "nothing changes before the writer has chosen"
    assert seen.rewritten != STORY
    assert seen.rewritten.startswith(before)
    assert seen.rewritten.endswith(after)
    assert seen.rewrite_undone == STORY


def package_extension(machine: Machine) -> Path:
    extension = machine.home / "lsp-writer.vsix"
    path = f"{machine.editors / 'bin'}:{machine.environment['PATH']}"
    environment = machine.environment | {"PATH": path, "PYTHON": sys.executable}
    command = ["npm", "run", "package", "--", "--out", str(extension)]
    subprocess.run(command, cwd=ROOT / "editors" / "vscode", env=environment, check=True, capture_output=True)
    return extension


class SeenOfGhostText(msgspec.Struct, rename="camel"):
    """Files as in `Seen`; the rest are ghost texts."""

    film: list[str]
    notices: list[str]
    word: str
    sentence: str
    sentence_undone: str
    selected: list[str]
    paused: list[str]


def test_what_a_writer_does_with_ghost_text(machine: Machine) -> None:
    machine.install_scripted_server()
    typed, whole = "The boat was tied to the", " harbour wall by a rope. Nobody was aboard."
    answer = drive(machine, package_extension(machine), "ghostText", typed, whole)
    seen = msgspec.json.decode(answer, type=SeenOfGhostText)

    *_, early, grown = [text for text in seen.film if text.strip()]
    assert grown == whole
    assert whole.startswith(early)
    assert seen.film[seen.film.index(early) :] == [early, grown], "nothing else is seen while it grows"
    assert seen.notices == []
    assert seen.word == f"{STORY}\n{typed} harbour"
    assert seen.sentence == f"{STORY}\n{typed} harbour wall by a rope."
    assert seen.sentence_undone == seen.word, "one undo takes back what one key took"
    assert seen.selected == []
    assert seen.paused == []


class SeenOfCritiques(msgspec.Struct, rename="camel"):
    """Files as in `Seen`, and the titles in the menu."""

    actions: list[str]
    mended: str
    silenced: str


def test_what_a_writer_does_about_slips(machine: Machine) -> None:
    machine.install_scripted_server()
    machine.story.write_text(SLIPS)
    seen = msgspec.json.decode(drive(machine, package_extension(machine), "critique", ""), type=SeenOfCritiques)

    assert seen.actions[0] == "Replace “recieved” with “received”"
    assert seen.mended == SLIPS.replace("recieved", "received")
    assert seen.silenced == seen.mended
    assert "untill" in (machine.home / "config" / "lsp-writer" / "dictionary.txt").read_text(encoding="utf-8")


def drive(machine: Machine, extension: Path, scene: str, typed: str = "", whole: str = "", **more: object) -> bytes:
    """What vscode.mjs saw in `scene`, as JSON. `whole` is the ghost text that `typed` leads to, where that is known;
    `more` is what the scene reads besides, and `settings`, which are the writer's."""
    plan = {
        "home": str(machine.home),
        "editors": str(machine.editors),
        "browser": shutil.which("chromium"),
        "shots": str(machine.shots),
        "story": str(machine.story),
        "extension": str(extension),
        "scene": scene,
        "typed": typed,
        "whole": whole,
        "hoverOver": "opened",
        "passageLine": STORY[: STORY.index(PASSAGE)].count("\n"),
        **more,
    }
    command = [machine.editors / "bin" / "node", Path(__file__).with_name("vscode.mjs")]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, env=machine.environment, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    )
    try:
        answer, errors = process.communicate(msgspec.json.encode(plan), timeout=300)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    assert process.returncode == 0, errors.decode()
    return answer
