"""Rewrites of a writer's own: what is read of their files, and what is turned away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision import entry as entry_module
from lsp_writer.features.revision.entry import LONGEST_FILE, LONGEST_INSTRUCTION, Entry, read_entry
from lsp_writer.features.revision.library import library, shipped

NURSE = """
title = "As a tired nurse"

[instructions]
en = "Tell this passage in the voice of a tired nurse."
"""


def entry_of(folder: Path, content: str | bytes, name: str = "nurse.toml") -> Entry:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_entry(file)


def test_a_title_and_an_instruction_are_enough(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, NURSE)
    assert (entry.id, entry.title, entry.takes, entry.does, entry.group) == (
        "nurse",
        "As a tired nurse",
        "paragraph",
        "replace",
        "own",
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (NURSE + "\n[lenght]\nmost_share = 2.0\n", "lenght"),
        (NURSE.replace("title", "titel"), "titel"),
        ('title = "X"\n', "instructions"),
        ('title = "X"\n[instructions]\n', "instructions"),
        ('title = "X"\n[instructions]\nen = 3\n', "str"),
        ('title = "X"\n[instructions]\nit = "Riscrivi."\n', "it"),
        (NURSE.replace("[instructions]", 'takes = "page"\n[instructions]'), "page"),
        (NURSE + "\n[length]\nmost_share = -1.0\n", "most_share"),
        (NURSE + "\n[sampling]\ntemperature = 99.0\n", "temperature"),
        (NURSE.replace("Tell", "x" * 10_000), str(LONGEST_INSTRUCTION)),
        ('id = "noir"\n' + NURSE, "name of the file"),
        ("title = ", "ignored"),
        ("[" * 10_000, "ignored"),
        (b"\xff\xfe\x00", "ignored"),
        ("#" * (LONGEST_FILE + 1), "longer than"),
        ("", "it lacks `title`"),
        (NURSE.replace("en =", "xx ="), "“xx” is not among the languages en, de"),
        (b"\xe9", "UTF-8"),
    ],
)
def test_a_file_with_a_fault_is_named_with_it(tmp_path: Path, content: str | bytes, says: str) -> None:
    with pytest.raises(InvalidRequest, match=r"nurse\.toml was ignored") as caught:
        entry_of(tmp_path, content)
    assert says in str(caught.value)


def nurse(setting: str = "", more: str = "") -> str:
    return f"{setting}\n{NURSE}\n{more}\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (nurse('takes = "caret"'), 'needs does = "insert" or "alternatives"'),
        (nurse('form = "list"'), 'form = "list" needs does = "alternatives"'),
        (nurse('way = "continue"\ntakes = "paragraph"\ndoes = "insert"'), 'way = "continue" needs takes = "caret"'),
        (nurse('way = "continue"\ntakes = "caret"\ndoes = "alternatives"'), 'and does = "insert"'),
        (nurse('way = "expand"\ndoes = "insert"'), 'way = "expand" needs does = "replace"'),
        (nurse('way = "respell"'), "under [becomes]"),
        (nurse("model_writes = false"), "model_writes = false needs a way"),
        (nurse(more="[length]\nleast_words = 9\nmost_words = 8"), "least_words is more than most_words"),
        (nurse(more="[length]\nleast_share = 0.9\nmost_share = 0.8"), "least_share is more than most_share"),
        (NURSE.replace("As a tired nurse", "  "), "title is blank"),
        (NURSE.replace("As a", "As a\\n"), "one line"),
        (NURSE.replace("As a", "As a\\u0007"), "control characters"),
        (NURSE.replace("As a", "As a\\u2028"), "one line"),
        (NURSE.replace("As a", "As a\\u202e"), "control characters"),
        ('title = "A"\n[instructions]\nen = " "\n', "blank instruction"),
    ],
)
def test_settings_that_cannot_be_together_are_named(tmp_path: Path, content: str, says: str) -> None:
    """A list that was to replace the paragraph was read without a word, and failed each time it was chosen."""
    with pytest.raises(InvalidRequest, match=r"nurse\.toml was ignored") as caught:
        entry_of(tmp_path, content)
    assert says in str(caught.value)


def test_a_copy_edit_by_rules_needs_an_instruction_as_well(tmp_path: Path) -> None:
    """“Copy-edit failed by a fault of lsp-writer”, each time: the model was to copy the passage, and told nothing."""
    content = 'title = "A"\nway = "copy-edit"\nmodel_writes = false\n[instructions]\n'
    with pytest.raises(InvalidRequest, match=r"has no \[instructions\]"):
        entry_of(tmp_path, content)
    by_table = content.replace("copy-edit", "respell") + '[becomes]\nspelling = "british"\n'
    assert entry_of(tmp_path, by_table).instructions == {}


@pytest.mark.parametrize("share", ["most_share = 1.5", "least_share = 0.5"])
def test_at_a_caret_a_length_is_told_in_words(tmp_path: Path, share: str) -> None:
    """“It was too long”, whatever was written: three words were a share of none."""
    content = nurse('takes = "caret"\ndoes = "insert"', f"[length]\n{share}")
    with pytest.raises(InvalidRequest, match="least_words and most_words"):
        entry_of(tmp_path, content)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """A file saved by Windows' Notepad was ignored as invalid TOML at its first character."""
    assert entry_of(tmp_path, NURSE.encode("utf-8-sig")).title == "As a tired nurse"


def test_every_shipped_file_is_read() -> None:
    files = list((Path(entry_module.__file__).parent / "catalogue").glob("*.toml"))
    assert {read_entry(file).id for file in files} == set(shipped().entries)


def test_a_file_whose_name_is_no_id(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="small letters"):
        entry_of(tmp_path, NURSE, "Tired Nurse.toml")


def test_a_name_that_leads_to_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "nurse.toml")
    found, problems = library([tmp_path])
    assert "nurse" not in found.entries
    assert problems == [f"{tmp_path / 'nurse.toml'} was ignored: it is not a file."]


def test_the_instruction_is_in_the_passage_s_language_or_english(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, NURSE + 'de = "Erzähle das als müde Krankenschwester."\n')
    assert entry.instruction("de").startswith("Erzähle")
    assert entry.instruction("fi").startswith("Tell")
    assert entry_of(tmp_path, NURSE.replace("en =", "fr =")).instruction("en").startswith("Tell"), "the only one"


@pytest.mark.parametrize(
    ("instead", "says"), [("{answr}", "only {answer} stands for something"), ("{answer}", "it asks nothing")]
)
def test_braces_that_stand_for_nothing(tmp_path: Path, instead: str, says: str) -> None:
    """A slip in “{answer}” was taken, and the model was told to write in the voice of “{answr}”."""
    with pytest.raises(InvalidRequest, match=says):
        entry_of(tmp_path, NURSE.replace("a tired nurse", instead))


def test_the_writer_s_answer_stands_in_one_line(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, 'asks = "Whose?"\n' + NURSE.replace("of a tired nurse", "of {answer}"))
    assert entry.instruction("en", "a\n\ntired  nurse").endswith("of a tired nurse.")


class TestTheLibrary:
    def test_own_rewrites_come_first(self, tmp_path: Path) -> None:
        (tmp_path / "nurse.toml").write_text(NURSE)
        found, problems = library([tmp_path, tmp_path / "not there"])
        assert next(iter(found.entries)) == "nurse"
        assert set(shipped().entries) < set(found.entries)
        assert problems == []

    def test_a_later_folder_goes_before_an_earlier(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "noir.toml").write_text(NURSE.replace("nurse", name))
        found, _ = library([tmp_path / "a", tmp_path / "b"])
        assert found.find("noir").title == "As a tired b"

    def test_a_bad_file_is_told_and_leaves_the_others(self, tmp_path: Path) -> None:
        (tmp_path / "nurse.toml").write_text(NURSE)
        (tmp_path / "bad.toml").write_text("title = ")
        found, problems = library([tmp_path])
        assert "nurse" in found.entries
        assert [str(tmp_path / "bad.toml") in problem for problem in problems] == [True]

    def test_an_unknown_name_is_answered_with_what_may_have_been_meant(self) -> None:
        with pytest.raises(InvalidRequest, match=r"“haikoo”. Did you mean haiku\?"):
            shipped().find("haikoo")
        with pytest.raises(InvalidRequest, match=r"“zzz”. Choose one of: .*noir"):
            shipped().find("zzz")
