"""What only shows through real pipes: the end of the process, broken input, what is written where."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.stdio_editor import ROOT, started
from tests.lsp_editor import EDITORS, URI

pytestmark = pytest.mark.process

SECRET = "Quennellwyn"
STORY = f"{SECRET} went home. The letter was really very quickly read by {SECRET} at the old$0"
REPLIES = json.dumps({"": f" harbour of {SECRET}."})


@pytest.fixture(autouse=True)
def no_configuration_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def scripted(level: str = "WARNING") -> tuple[str, ...]:
    return ("tests/e2e/scripted_server.py", REPLIES, level)


@pytest.mark.parametrize("speaks", EDITORS)
async def test_from_start_to_end(speaks: str) -> None:
    async with started(*scripted(), speaks=speaks) as editor:
        (item,) = await editor.ghost_text(editor.open(STORY))
        assert item.insert_text == f"old harbour of {SECRET}."
    assert editor.process.returncode == 0


async def test_a_burst_leaves_the_server_answering() -> None:
    async with started(*scripted()) as editor:
        offset = editor.open(STORY)
        await asyncio.gather(*(editor.ghost_text(offset) for _ in range(50)))
        assert await editor.ghost_text(offset)


@pytest.mark.parametrize("level", ["INFO", "WARNING"])
async def test_no_word_of_the_manuscript_is_logged(level: str, capfd: pytest.CaptureFixture[str]) -> None:
    async with started(*scripted(level)) as editor:
        offset = editor.open(STORY)
        await editor.ghost_text(offset)
        await editor.complete(offset)
        await editor.hover(30)
        await editor.actions(0, offset)
        await editor.rewrite(0, offset, revision=SECRET)
        with pytest.raises(Exception, match="not defined"):
            await editor.run(SECRET, SECRET)
        for broken in (
            {"jsonrpc": "2.0", "id": "x", "method": "textDocument/hover", "params": {"position": SECRET}},
            {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"contentChanges": SECRET}},
            {"jsonrpc": "2.0", "method": f"unknown/{SECRET}", "params": {"text": SECRET}},
        ):
            editor.write(message(broken))
        await editor.ghost_text(offset)
    logged = capfd.readouterr().err
    assert SECRET not in logged
    assert logged, "the broken requests are logged"


def run(data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *scripted()],
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def message(body: Mapping[str, object]) -> bytes:
    text = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(text), text)


def test_a_client_that_goes_away() -> None:
    ended = run(b"")
    assert ended.returncode == 1
    assert ended.stdout == b""


def test_a_client_that_leaves_without_asking() -> None:
    assert run(message({"jsonrpc": "2.0", "method": "exit"})).returncode == 1


def test_a_request_that_cannot_be_read_is_answered() -> None:
    params = {"textDocument": {"uri": URI}, "position": {"line": -1, "character": 0}}
    hover = {"jsonrpc": "2.0", "id": 7, "method": "textDocument/hover", "params": params}
    answer = json.loads(run(message(hover)).stdout.partition(b"\r\n\r\n")[2])
    assert answer["id"] == 7
    assert answer["error"]["code"] == -32602


def test_garbage_is_passed_over() -> None:
    initialize = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
    ended = run(b"Content-Length: 4\r\n\r\n\xff{]:" + message(initialize))
    assert b'"capabilities"' in ended.stdout


def test_nothing_heavy_is_imported_before_initialize_is_answered() -> None:
    heavy = {"numpy", "onnxruntime", "tokenizers", "nupunkt", "typer", "rich", "jinja2", "torch", "transformers"}
    program = (
        "import sys; from lsp_writer.composition import make_model; from lsp_writer.serve import build_server; "
        "build_server(make_model, {}); print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True, cwd=ROOT
    ).stdout
    assert not heavy & set(loaded.split())
