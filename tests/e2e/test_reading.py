"""A manuscript read in a process beside the server, through real pipes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stdio_editor import ROOT, StdioEditor, started
from tests.lsp_editor import EDITORS, URI

pytestmark = pytest.mark.process

SCRIPTED = ("tests/e2e/scripted_server.py", "{}")
STORY = "The the door stood open 😀.\n\nShe has a aunt in the next village.\n"


@pytest.fixture(autouse=True)
def no_configuration_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


async def until_marked(editor: StdioEditor, *codes: str) -> None:
    await editor.until(
        lambda: [each.code for each in editor.client.diagnostics.get(URI, ())] == list(codes), seconds=60
    )


async def test_slips_are_marked_and_go_when_they_are_mended() -> None:
    async with started(*SCRIPTED) as editor:
        editor.open(STORY)
        await until_marked(editor, "doubled-word", "grammar")
        editor.replace(0, 4, "")
        await until_marked(editor, "grammar")
        start = editor.text.index("a aunt")
        editor.replace(start, start + 1, "an")
        await until_marked(editor)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")
async def test_the_reader_ends_with_the_server() -> None:
    async with started(*SCRIPTED) as editor:
        editor.open(STORY)
        await until_marked(editor, "doubled-word", "grammar")
        started_by = list(children(editor.process.pid))
    assert started_by
    await editor.until(lambda: not any(command(pid) for pid in started_by))


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")
async def test_the_reader_ends_with_a_server_that_is_killed() -> None:
    editor = StdioEditor()
    await editor.client.start_io(sys.executable, *SCRIPTED, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    await editor.connect(EDITORS[0], {}, wait_for="ready")
    editor.open(STORY)
    await until_marked(editor, "doubled-word", "grammar")
    started_by = list(children(editor.process.pid))
    assert started_by
    editor.process.kill()
    await editor.process.wait()
    await editor.until(lambda: not any(command(pid) for pid in started_by))
    await editor.client.stop()  # type: ignore[no-untyped-call]  # pytest-lsp leaves it untyped


async def test_nothing_of_the_folder_that_the_server_was_started_in_runs(tmp_path: Path) -> None:
    """A manuscript's folder with a `multiprocessing` of its own had that run, by the process that reads."""
    trap = tmp_path / "multiprocessing"
    trap.mkdir()
    (trap / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    editor = StdioEditor()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = str(ROOT / SCRIPTED[0])
    await editor.client.start_io(sys.executable, script, SCRIPTED[1], cwd=tmp_path, env=environment)
    await editor.connect(EDITORS[0], {}, wait_for="ready")
    editor.open(STORY)
    await until_marked(editor, "doubled-word", "grammar")
    await editor.client.shutdown_session()
    await editor.client.stop()  # type: ignore[no-untyped-call]  # pytest-lsp leaves it untyped
    assert not (tmp_path / "ran").exists()


def children(parent: int) -> Iterator[int]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        fields = status.read_text().rpartition(")")[2].split()
        if int(fields[1]) == parent:
            yield int(status.parent.name)


def command(pid: int) -> bytes:
    """What the process runs; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
