"""A model that cannot be used: one message that says what to do, and a server that goes on without it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import tokenizers
from lsprotocol import types

from tests import tiny_model
from tests.e2e.stdio_editor import started

pytestmark = pytest.mark.process

STORY = "# One\n\nThe door was$0 opened by Mara.\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a sound model."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "data" / "models" / "default"
    folder.mkdir(parents=True)
    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    backend = tokenizers.Tokenizer(tokenizers.models.BPE({letter: n for n, letter in enumerate(letters)}, []))
    backend.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.save(str(folder / "tokenizer.json"))
    tiny_model.write_folder(folder)
    return tmp_path / "data"


async def test_a_server_lists_its_models_however_it_was_started(data: Path) -> None:
    """With the arguments that editors give it said that there are none."""
    for command in (("-m", "lsp_writer", "--stdio"), ("-m", "lsp_writer", "--device", "cpu")):
        async with started(*command, environment={"LSP_WRITER_DATA": str(data)}, wait_for="loading") as editor:
            (told,) = await editor.run("lspWriter.models")
            assert (told["name"], told["setting"], told["chosen"]) == ("default", "", True)


def model_of(data: Path) -> Path:
    return data / "models" / "default"


def everything_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def check_it_goes_on_without(data: Path, *says: str, options: Mapping[str, object] | None = None) -> None:
    environment = {"LSP_WRITER_DATA": str(data), "CUDA_VISIBLE_DEVICES": ""}
    command = ("-m", "lsp_writer", "--stdio")
    async with started(*command, options=options, environment=environment, wait_for="failed") as editor:
        offset = editor.open(STORY)
        hover = await editor.hover(offset)
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert "passive" in hover.contents.value
        assert [action.title for action in await editor.actions(offset, offset)]
        assert await editor.ghost_text(offset) == []
        assert not (await editor.complete(offset)).items
        (message,) = editor.messages
        for word in says:
            assert word in message
        assert editor.statuses[-1]["state"] == "failed"
        assert editor.statuses[-1]["message"] == message


async def test_no_model_folder(tmp_path: Path) -> None:
    await check_it_goes_on_without(tmp_path, "no model at", str(tmp_path), "python -m model_export default")


def truncated(model: Path) -> None:
    graph = model / "model.onnx"
    graph.write_bytes(graph.read_bytes()[:-1000])


def altered(model: Path) -> None:
    graph = model / "model.onnx"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)


def of_an_older_version(model: Path) -> None:
    changed(model, version=0)


def changed(model: Path, **fields: object) -> None:
    manifest = model / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | fields))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (truncated, "bytes instead of"),
        (altered, "was altered"),
        (of_an_older_version, "older lsp-writer"),
    ],
)
async def test_a_model_to_be_exported_again(data: Path, damage: Callable[[Path], None], says: str) -> None:
    damage(model_of(data))
    await check_it_goes_on_without(data, says, "Export it again: python -m model_export default --force")


async def test_a_model_of_a_later_version(data: Path) -> None:
    changed(model_of(data), version=99)
    await check_it_goes_on_without(data, "newer lsp-writer", "Update lsp-writer.")


async def test_a_device_that_is_not_there(data: Path) -> None:
    changed(model_of(data), target="cuda")
    await check_it_goes_on_without(data, "GPU", "set the device to cpu", options={"device": "cuda"})


async def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.write_text("")
    await check_it_goes_on_without(data, str(data))


async def test_folders_that_cannot_be_written(data: Path, tmp_path: Path) -> None:
    """Serving writes nothing, so that it needs no more than to read. The folder is compared as well, because whoever
    runs this may be allowed to write everywhere."""
    home = tmp_path / "home"
    home.mkdir()
    folders = [home, data, model_of(data)]
    before = everything_in(tmp_path)
    for folder in folders:
        folder.chmod(0o555)
    variables = {name: str(home / name) for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    environment = {"LSP_WRITER_DATA": str(data), "HOME": str(home), **variables}
    try:
        async with started("-m", "lsp_writer", "--stdio", environment=environment) as editor:
            offset = editor.open(STORY)
            assert await editor.hover(offset) is not None
            await editor.ghost_text(offset)
            assert editor.messages == []
            assert editor.statuses[-1]["state"] == "ready"
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert everything_in(tmp_path) == before
