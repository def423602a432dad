"""Writing a rewrite into the writer's file: whole, or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NoReturn

import pytest

from lsp_writer.cli.manuscript_file import ManuscriptFile
from lsp_writer.errors import InvalidRequest, StorageError


@pytest.fixture
def story(tmp_path: Path) -> Path:
    file = tmp_path / "story.md"
    file.write_bytes(b"Once.\r\nTwice.\n")
    return file


def check_untouched(story: Path, content: bytes) -> None:
    assert story.read_bytes() == content
    assert list(story.parent.iterdir()) == [story], "nothing is left beside it"


def test_what_was_read_is_replaced(story: Path) -> None:
    file = ManuscriptFile.read(story)
    file.replace(str(file.manuscript().text).replace("Twice", "Thrice"))
    check_untouched(story, b"Once.\r\nThrice.\n")


def test_a_full_disk(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk was full, and half of the story was gone."""

    def full(_handle: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    file = ManuscriptFile.read(story)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match=r"No space left on device.*as it was\. Free some space"):
        file.replace("New.")
    check_untouched(story, b"Once.\r\nTwice.\n")


def test_a_story_edited_meanwhile(story: Path) -> None:
    """“I went on writing while the rewrite was made, saved, and what I had written was gone.”"""
    file = ManuscriptFile.read(story)
    story.write_bytes(b"Once, long ago.\n")
    with pytest.raises(InvalidRequest, match=r"changed while .* Run the command again"):
        file.replace("New.")
    check_untouched(story, b"Once, long ago.\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes, and links need a privilege there")
def test_permissions_and_links_stay(story: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    story.chmod(0o640)
    link = tmp_path_factory.mktemp("links") / "draft.md"
    link.symlink_to(story)
    ManuscriptFile.read(link).replace("New.")
    assert link.is_symlink()
    assert stat.S_IMODE(story.stat().st_mode) == 0o640
    check_untouched(story, b"New.")


def test_a_byte_order_mark_is_kept_and_not_read(story: Path) -> None:
    """`rewrite --write` rewrote the front matter of a story that began with a byte-order mark."""
    story.write_bytes(b"\xef\xbb\xbf---\ntitle: Lamp\n---\n")
    file = ManuscriptFile.read(story)
    assert file.manuscript().text.line(0) == "---\n"
    file.replace("New.")
    check_untouched(story, b"\xef\xbb\xbfNew.")
