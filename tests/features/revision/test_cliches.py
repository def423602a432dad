from __future__ import annotations

from pathlib import Path

from lsp_writer.features.revision.cliches import FILE, cliches


def test_the_shipped_list(tmp_path: Path) -> None:
    shipped = cliches(tmp_path)
    assert "a testament to" in shipped
    assert not any(phrase.startswith("#") for phrase in shipped)


def test_the_writer_s_list_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("# mine\nall of a sudden  # twice in chapter two\n\nall of a sudden\n")
    assert cliches(tmp_path) == ("all of a sudden",)


def test_an_unreadable_list_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    assert cliches(tmp_path) == cliches(tmp_path / "elsewhere")
