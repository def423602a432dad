"""Where the commands that work on files look for a story's lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp_writer.cli.silence import silence_for
from lsp_writer.features.critiques.finding import CritiqueKind


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder, with nothing of the writer's own."""
    home = (tmp_path / "home").resolve()
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    return home


@pytest.fixture
def chapter(home: Path) -> Path:
    file = home / "novel" / "chapters" / "one.md"
    file.parent.mkdir(parents=True)
    file.write_text("Mirek came home.\n", encoding="utf-8")
    return file


def learnt(folder: Path, word: str) -> None:
    (folder / ".lsp-writer").mkdir(parents=True)
    (folder / ".lsp-writer" / "dictionary.txt").write_text(f"{word}\n", encoding="utf-8")


def check_silenced(path: Path, expected: set[str]) -> None:
    silence = silence_for(path)
    words = {"inner", "outer", "elsewhere"}
    assert {word for word in words if silence.covers(CritiqueKind.SPELLING, word)} == expected


def test_a_chapter_in_a_folder_of_its_own_is_of_the_story(chapter: Path) -> None:
    """A word added in the editor to the dictionary of `novel` was found fault with by `lsp-writer critique
    novel/chapters/one.md`."""
    learnt(chapter.parents[1], "outer")
    check_silenced(chapter, {"outer"})
    check_silenced(chapter.parent, {"outer"})


def test_the_nearest_lists_are_the_storys(chapter: Path) -> None:
    learnt(chapter.parents[1], "outer")
    learnt(chapter.parent, "inner")
    check_silenced(chapter, {"inner"})
    check_silenced(chapter.parents[1], {"outer"})


def test_the_home_folder_is_no_story(chapter: Path, home: Path) -> None:
    learnt(home, "outer")
    learnt(home.parent, "elsewhere")
    check_silenced(chapter, set())
    (home / "note.md").write_text("A note.", encoding="utf-8")
    check_silenced(home / "note.md", {"outer"})


def test_a_link_that_leads_elsewhere_is_refused(
    chapter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learnt(tmp_path / "other", "elsewhere")
    (chapter.parents[1] / ".lsp-writer").symlink_to(tmp_path / "other" / ".lsp-writer")
    check_silenced(chapter, set())
    assert "leads elsewhere" in capsys.readouterr().err
