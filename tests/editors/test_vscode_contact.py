"""The first contact with the VS Code extension, and what stands around the text, with the real model."""

from __future__ import annotations

import json
import os
from zipfile import ZipFile

import msgspec
import pytest

from tests.editors.conftest import ROOT, Machine
from tests.editors.test_vscode import drive, package_extension

pytestmark = pytest.mark.editor

STORY_TO_PLAY_WITH = (ROOT / "editors" / "vscode" / "walkthrough" / "story.md").read_text(encoding="utf-8")


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
        assert (images / f"{name}.png").stat().st_size < 120_000
