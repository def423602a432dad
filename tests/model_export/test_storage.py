"""A disk with too little room: which one, and what helps."""

from __future__ import annotations

import errno
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lsp_writer.errors import StorageError
from model_export.storage import require_space, storage_errors, writing_to

DATA = "or choose another folder with --data"
CACHE = "or set XDG_CACHE_HOME to another folder"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setattr("model_export.storage.cache_folder", lambda: folder)
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


def full(*names: Path) -> OSError:
    """What the system raises: in copying with two names."""
    first, *second = map(str, names) if names else (None,)
    return OSError(errno.ENOSPC, "No space left on device", first, None, *second)


def said(error: OSError, models: Path) -> str:
    with pytest.raises(StorageError) as caught, storage_errors(models):
        raise error
    return str(caught.value)


def test_a_full_disk(tmp_path: Path, cache: Path) -> None:
    """--data was suggested for a cache on a full disk, and changed nothing."""
    models = tmp_path / "models"
    assert said(full(cache / "part"), models) == (
        f"{cache / 'part'} cannot be written (No space left on device). Make room or check its permissions, {CACHE}, "
        "and run the command again."
    )
    assert DATA in said(full(models / "weights"), models)
    message = said(full(cache / "weights", models / "weights"), models)
    assert message.startswith(f"{models / 'weights'} cannot be written")
    assert DATA in message


def test_a_full_disk_that_does_not_say_where(tmp_path: Path, cache: Path) -> None:
    models = tmp_path / "models"
    assert said(full(), models).startswith(f"{models} cannot be written")
    with pytest.raises(OSError, match="No space") as caught, writing_to(models), writing_to(cache):
        raise full()
    assert said(caught.value, models).startswith(f"{cache} cannot be written")


def test_windows_has_one_place_for_its_cache(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert "check its permissions, and run the command again." in said(full(cache), tmp_path / "models")


def test_too_little_space_is_said_before_anything_is_done(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**8))
    needs = r"needs 1\.5 GB in .*, and 0\.1 GB are free\. Free some space"
    with pytest.raises(StorageError, match=f"{needs}, {DATA}"):
        require_space(tmp_path / "not" / "yet" / "there", 1_500_000_000)
    with pytest.raises(StorageError, match=f"{needs}, {CACHE}"):
        require_space(cache, 1_500_000_000)
