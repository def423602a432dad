from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from lsp_writer.errors import InvalidRequest, StorageError
from lsp_writer.features.report.book import book_of
from lsp_writer.features.report.files import sources_of, title_of, write_report

REPORT = '<meta name="generator" content="lsp-writer 0.1.0">\n<title>Old</title>'


def laid_out(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def check_sources(folder: Path, expected: list[str]) -> None:
    assert [str(source.manuscript.text) for source in sources_of(folder)] == expected


def test_files_are_read_as_a_reader_counts(tmp_path: Path) -> None:
    names = ("10 end.md", "2 Middle.markdown", "1 start.txt", "part 2/1.md")
    check_sources(
        laid_out(tmp_path, {name: name for name in names}),
        ["1 start.txt", "2 Middle.markdown", "10 end.md", "part 2/1.md"],
    )


def test_what_is_no_prose_is_left_out(tmp_path: Path) -> None:
    files = {"one.md": "One.", "notes.html": "No.", ".hidden.md": "No.", ".git/no.md": "No.", "cover.png": "No."}
    check_sources(laid_out(tmp_path, files), ["One."])


def test_links_out_of_the_folder_are_left_out(tmp_path: Path) -> None:
    laid_out(tmp_path, {"book/one.md": "One.", "diary/secret.md": "Mine."})
    (tmp_path / "book" / "two.md").symlink_to(tmp_path / "diary" / "secret.md")
    (tmp_path / "book" / "diary").symlink_to(tmp_path / "diary")
    (tmp_path / "book" / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "book" / "round").symlink_to(tmp_path / "book")
    check_sources(tmp_path / "book", ["One."])


def test_what_the_editor_shows_stands_for_the_file(tmp_path: Path) -> None:
    laid_out(tmp_path, {"one.md": "As saved.", "two.md": "Two."})
    (one, two) = sources_of(tmp_path, {tmp_path / "one.md": "As typed."})
    assert (str(one.manuscript.text), str(two.manuscript.text)) == ("As typed.", "Two.")


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    check_sources(laid_out(tmp_path, {"one.md": "\ufeffOne."}), ["One."])


@pytest.mark.parametrize(
    ("files", "title"),
    [
        ({"one.md": "---\ntitle: The Long Ferry\n---\n\n# One\n\nIt rained.\n"}, "The Long Ferry"),
        ({"one.md": "# The Ferry\n\n## One\n\nIt rained.\n\n## Two\n\nIt rained.\n"}, "The Ferry"),
        ({"one.md": "# One\n\nIt rained.\n\n# Two\n\nIt rained.\n"}, "my book"),
        ({"one.md": "# One\n\n## A\n\nIt rained.\n", "two.md": "# Two\n\n## B\n\nIt rained.\n"}, "my book"),
        ({"one.md": "It rained.\n"}, "my book"),
    ],
    ids=["front matter", "a heading over all", "chapters", "two files", "no heading"],
)
def test_the_title(tmp_path: Path, files: Mapping[str, str], title: str) -> None:
    assert title_of(sources_of(laid_out(tmp_path, files)), "my book") == title


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no file that ends in"):
        sources_of(tmp_path)
    with pytest.raises(InvalidRequest, match="no file or folder"):
        sources_of(tmp_path / "nowhere")


def test_a_file_that_is_not_utf_8_is_left_out(tmp_path: Path) -> None:
    """Old notes from another program, in Latin-1, cost the report on the whole novel."""
    laid_out(tmp_path, {"one.md": "One.", "two.md": "Two."})
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "notes.txt").write_bytes("Café".encode("latin-1"))
    unread = {source.name: source.unread for source in sources_of(tmp_path) if source.unread}
    assert list(unread) == [str(Path("more") / "notes.txt")]
    assert "Save it as UTF-8" in unread[str(Path("more") / "notes.txt")]
    whole = book_of("Novel", sources_of(tmp_path))
    assert [source.name for source in whole.sources] == ["one", "two"]
    assert whole.left_out == tuple(unread)


def test_what_the_editor_shows_of_it_is_read(tmp_path: Path) -> None:
    laid_out(tmp_path, {"one.md": "One."})
    (tmp_path / "two.md").write_bytes("Café".encode("latin-1"))
    assert not any(source.unread for source in sources_of(tmp_path, {tmp_path / "two.md": "Café"}))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read anything, and Windows differs")
def test_a_file_that_may_not_be_read_is_left_out(tmp_path: Path) -> None:
    """A chapter, or its folder, without permission cost the report as well."""
    laid_out(tmp_path, {"one.md": "One.", "two.md": "Two.", "hidden/three.md": "Three."})
    (tmp_path / "two.md").chmod(0)
    (tmp_path / "hidden").chmod(0o400)
    try:
        assert [source.name for source in sources_of(tmp_path) if source.unread] == ["hidden/three.md", "two.md"]
    finally:
        (tmp_path / "hidden").chmod(0o700)


def test_the_title_is_that_of_what_can_be_read(tmp_path: Path) -> None:
    laid_out(tmp_path, {"2.md": "---\ntitle: The Long Ferry\n---\n\nIt rained.\n"})
    (tmp_path / "1.md").write_bytes(b"\xff")
    assert title_of(sources_of(tmp_path), "my book") == "The Long Ferry"


def test_nothing_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidRequest, match="UTF-8"):
        sources_of(tmp_path)
    (tmp_path / "two.md").write_text("Two.", encoding="utf-8")
    with pytest.raises(InvalidRequest, match="UTF-8"):
        sources_of(tmp_path / "one.md")


def test_an_older_report_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(REPORT, encoding="utf-8")
    write_report(file, REPORT.replace("Old", "New"))
    assert "New" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["chapter.md", "report.html"])
def test_nothing_else_is_written_over(tmp_path: Path, name: str) -> None:
    """`lsp-writer report . --out chapter.md` must not cost a chapter."""
    file = tmp_path / name
    file.write_text("My only copy.", encoding="utf-8")
    with pytest.raises(InvalidRequest, match="is no report"):
        write_report(file, REPORT)
    assert file.read_text(encoding="utf-8") == "My only copy."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="another place"):
        write_report(tmp_path / "report.html", REPORT)


def test_a_place_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="another place"):
        write_report(tmp_path / "file" / "report.html", REPORT)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_report_may_be_read_by_whoever_may_read_other_files(tmp_path: Path) -> None:
    """A report that was put on a shared folder nobody else could open."""
    (tmp_path / "story.md").write_text("A story.", encoding="utf-8")
    write_report(tmp_path / "report.html", REPORT)
    assert (tmp_path / "report.html").stat().st_mode == (tmp_path / "story.md").stat().st_mode
