"""What the writer has asked for in their own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp_writer.features.revision.entry import LONGEST_INSTRUCTION
from lsp_writer.features.revision.history import MOST_INSTRUCTIONS, Instructions


def test_the_newest_come_first_each_once(tmp_path: Path) -> None:
    instructions = Instructions(tmp_path / "made" / "instructions.json")
    assert instructions.newest() == ()
    for instruction in ("as a letter", "in the voice of a tired nurse", "as a letter"):
        instructions.add(instruction)
    assert instructions.newest() == ("as a letter", "in the voice of a tired nurse")


def test_only_so_many_are_remembered(tmp_path: Path) -> None:
    instructions = Instructions(tmp_path / "instructions.json")
    for number in range(MOST_INSTRUCTIONS + 3):
        instructions.add(f"{number} " + "é" * (LONGEST_INSTRUCTION - 3))
    assert len(instructions.newest()) == MOST_INSTRUCTIONS
    assert instructions.newest()[0].startswith(f"{MOST_INSTRUCTIONS + 2} ")


def test_another_server_adds_to_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "instructions.json"
    Instructions(file).add("as a letter")
    Instructions(file).add("as a hymn")
    assert Instructions(file).newest() == ("as a hymn", "as a letter")


@pytest.mark.parametrize("content", [b"", b"\xff", b"{}", b'["as a letter", 3]', b'[""]', b'["as a'])
def test_a_file_that_cannot_be_read_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "instructions.json"
    file.write_bytes(content)
    assert Instructions(file).newest() == ()
    Instructions(file).add("as a hymn")
    assert Instructions(file).newest() == ("as a hymn",)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "instructions.json").mkdir()
    instructions = Instructions(tmp_path / "instructions.json")
    instructions.add("as a hymn")
    assert instructions.newest() == ()
    assert [path.name for path in tmp_path.iterdir()] == ["instructions.json"]
