"""Which folder a document belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp_writer.server.word_files import WordFiles
from lsp_writer.server.workspace_folders import folder_around, path_of

FILE = Path("/shelf/novel/chapters/one.md")


@pytest.mark.parametrize(
    ("workspace", "folder"),
    [
        (["file:///shelf", "file:///shelf/novel", "file:///other"], "/shelf/novel"),
        (["file:///shelf/nov"], "/shelf/novel/chapters"),
        (["vscode-remote://host/shelf/novel"], "/shelf/novel/chapters"),
        ([], "/shelf/novel/chapters"),
    ],
    ids=["the innermost", "a name that begins alike", "another computer", "none"],
)
def test_the_folder_around_a_file(workspace: list[str], folder: str) -> None:
    """The report and the dictionary of a chapter had each their own way to say which folder it is in."""
    assert folder_around(FILE, workspace) == Path(folder)
    assert WordFiles(Path("/settings")).of(FILE.as_uri(), workspace).story == Path(folder)


def test_an_older_version_is_not_the_file() -> None:
    """A chapter as it was, shown beside the chapter, was taken for its text in a report on the folder."""
    assert path_of(FILE.as_uri()) == FILE
    assert path_of("git:/shelf/novel/chapters/one.md?HEAD") is None


def test_a_text_that_was_never_saved_is_of_the_first_folder() -> None:
    lists = WordFiles(Path("/settings"))
    assert lists.of("untitled:Untitled-1", ["file:///shelf", "file:///other"]).story == Path("/shelf")
    assert lists.of("untitled:Untitled-1", []).story is None
    assert lists.of("git:/shelf/one.md", ["file:///shelf"]).story is None
