"""Dictionaries and lists of ignored findings as files: whatever is in them, nothing crashes and nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lsp_writer.errors import InvalidRequest, StorageError
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.word_lists import WordLists

SPELLING = CritiqueKind.SPELLING


@pytest.fixture
def lists(tmp_path: Path) -> WordLists:
    (tmp_path / "story").mkdir()
    return WordLists(tmp_path / "user", tmp_path / "story")


def of_user(lists: WordLists) -> Path:
    lists.user.mkdir(parents=True, exist_ok=True)
    return lists.files[0]


def of_story(lists: WordLists, number: int = 1) -> Path:
    file = lists.files[number]
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def silenced(lists: WordLists, word: str) -> bool:
    return lists.read()[0].covers(SPELLING, word)


def test_nothing_is_there() -> None:
    assert WordLists(Path("no", "where"), Path("nor", "here")).read()[1] == []


def test_added_words_are_known_and_what_was_there_stays(lists: WordLists) -> None:
    of_user(lists).write_bytes("Mirek\r\n# people\r\nZoë".encode())
    lists.add_word("“glimmerwood”", to_story=False)
    lists.add_word("Mirek", to_story=False)
    assert of_user(lists).read_bytes().decode() == "Mirek\r\n# people\r\nZoë\nglimmerwood\n"
    lists.add_word("out of the blue", to_story=True)
    lists.ignore(CritiqueKind.ADVERB, "very\n  softly")
    assert of_story(lists).read_text(encoding="utf-8").splitlines()[1:] == ["out of the blue"]
    assert of_story(lists, 2).read_text(encoding="utf-8").splitlines()[1:] == ["adverb: very softly"]
    silence, problems = lists.read()
    assert not problems
    assert all(silence.covers(SPELLING, word) for word in ("Mirek", "Zoë", "glimmerwood", "out of the blue"))
    assert silence.covers(CritiqueKind.ADVERB, "Very softly")


def test_a_phrase_that_would_be_read_back_cut_off(lists: WordLists) -> None:
    """Adding “flat #4” silenced every “flat”."""
    with pytest.raises(InvalidRequest, match="# after a space"):
        lists.add_word("flat #4", to_story=False)
    assert not silenced(lists, "flat")
    lists.add_word("flat#4", to_story=False)
    assert silenced(lists, "flat#4")
    assert not silenced(lists, "flat")


def test_windows_that_add_at_once_lose_nothing(lists: WordLists) -> None:
    words = [f"word{'x' * number}" for number in range(40)]
    with ThreadPoolExecutor(8) as windows:
        list(windows.map(lambda word: WordLists(lists.user).add_word(word, to_story=False), words))
    assert all(silenced(lists, word) for word in words)


@pytest.mark.parametrize("word", ["", "  ", "“”", "# note", "a\0b", "\ud83d", "x" * 500])
def test_what_is_no_word_is_refused(lists: WordLists, word: str) -> None:
    with pytest.raises(InvalidRequest, match="no word"):
        lists.add_word(word, to_story=False)
    assert not lists.user.exists()


def test_a_text_in_no_folder_has_no_story(lists: WordLists) -> None:
    with pytest.raises(InvalidRequest, match="Save it"):
        WordLists(lists.user).add_word("glimmer", to_story=True)
    with pytest.raises(InvalidRequest, match="Save it"):
        WordLists(lists.user).ignore(CritiqueKind.ADVERB, "softly")


def test_lines_in_another_encoding_are_passed_over(lists: WordLists) -> None:
    """A dictionary from an old word processor: its plain words are known, and adding to it loses none."""
    old = "glimmer\nZoë\nMirek\n".encode("latin-1")
    of_user(lists).write_bytes(old)
    assert silenced(lists, "Mirek")
    assert "1 were passed over" in lists.read()[1][0]
    lists.add_word("Wójcik", to_story=False)
    assert of_user(lists).read_bytes() == old + "Wójcik\n".encode()


def test_a_byte_order_mark_is_no_letter(lists: WordLists) -> None:
    of_user(lists).write_text("Mirek\n", encoding="utf-8-sig")
    assert silenced(lists, "Mirek")
    assert lists.read()[1] == []


def put_utf16(file: Path) -> None:
    file.write_text("Mirek\nglimmer\n", encoding="utf-16")


def put_binary(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 10)


def put_fifty_megabytes(file: Path) -> None:
    with file.open("wb") as target:
        target.truncate(50_000_000)


def put_pipe(file: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(file)


def put_circle(file: Path) -> None:
    file.symlink_to(file)


@pytest.mark.parametrize("put", [Path.mkdir, put_utf16, put_binary, put_fifty_megabytes, put_pipe, put_circle])
@pytest.mark.parametrize("place", [of_user, of_story])
def test_a_broken_file_is_left_aside(
    lists: WordLists, put: Callable[[Path], None], place: Callable[[WordLists], Path]
) -> None:
    """One sentence says what to do, the other files hold, and nothing is added to what would be spoilt by it."""
    put(place(lists))
    whole = os.lstat(place(lists))
    in_story = place is of_user
    lists.add_word("glimmerwood", to_story=in_story)
    silence, problems = lists.read()
    assert silence.covers(SPELLING, "glimmerwood")
    (problem,) = problems
    assert str(place(lists)) in problem
    assert problem.endswith(".")
    with pytest.raises(InvalidRequest, match="Nothing was added"):
        lists.add_word("moonwake", to_story=not in_story)
    assert os.lstat(place(lists)).st_size == whole.st_size


@pytest.mark.parametrize("linked", ["dictionary.txt", "ignored.txt", ".lsp-writer"])
def test_a_link_out_of_the_story_is_not_followed(lists: WordLists, tmp_path: Path, linked: str) -> None:
    """A story that somebody sent shows no other file of the writer's, and adds to none."""
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("dictionary.txt", "ignored.txt"):
        (outside / name).write_text("Mirek\n", encoding="utf-8")
    folder = of_story(lists).parent
    if linked == folder.name:
        folder.rmdir()
        folder.symlink_to(outside, target_is_directory=True)
    else:
        (folder / linked).symlink_to(outside / linked)
    silence, problems = lists.read()
    assert not silence.covers(SPELLING, "Mirek")
    assert problems
    if linked != "ignored.txt":
        with pytest.raises(InvalidRequest, match="link"):
            lists.add_word("glimmerwood", to_story=True)
    if linked != "dictionary.txt":
        with pytest.raises(InvalidRequest, match="link"):
            lists.ignore(CritiqueKind.ADVERB, "softly")
    assert {file.read_text(encoding="utf-8") for file in outside.iterdir()} == {"Mirek\n"}


def test_a_writers_own_dictionary_may_be_a_link(lists: WordLists, tmp_path: Path) -> None:
    kept = tmp_path / "synchronised.txt"
    kept.write_text("Mirek\n", encoding="utf-8")
    of_user(lists).symlink_to(kept)
    lists.add_word("glimmerwood", to_story=False)
    assert kept.read_text(encoding="utf-8") == "Mirek\nglimmerwood\n"


def test_a_folder_that_cannot_be_written(lists: WordLists) -> None:
    lists.user.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises((StorageError, InvalidRequest)):
        lists.add_word("glimmerwood", to_story=False)


def test_a_story_that_was_moved_away_gets_no_folder_in_its_old_place(lists: WordLists) -> None:
    """The word was kept in a folder that was made anew where the story had been, and the story never saw it."""
    assert lists.story is not None
    lists.story.rename(lists.story.with_name("moved"))
    with pytest.raises(InvalidRequest, match="Save it"):
        lists.add_word("glimmerwood", to_story=True)
    assert not lists.story.exists()


def test_no_half_of_a_word_is_kept(lists: WordLists) -> None:
    """On a full disk “extraordinarily” became “extraordina”, and stayed in the dictionary."""
    file = of_user(lists)
    file.write_text("glimmerwood\n", encoding="utf-8")
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 8, hard))
    try:
        with pytest.raises(StorageError, match="Make room"):
            lists.add_word("extraordinarily", to_story=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read_text(encoding="utf-8") == "glimmerwood\n"
