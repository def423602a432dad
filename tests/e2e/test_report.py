"""A report under way when its editor goes: it must not outlive the server, nor hold up the writer's typing."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.stdio_editor import StdioEditor, started
from tests.lsp_editor import URI

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked for in /proc"),
]

SERVER = ("tests/e2e/scripted_server.py", '{"": " harbour."}')
# So that the process that looks for findings is not taken for one that makes a report.
ALONE = {"diagnostics": {"show": "off"}}
# Half a minute's work.
LONG = "“Where is he?” asked Mara. Nobody knew, and the boat lay at the wall in the rain.\n\n" * 20_000


@pytest.fixture(autouse=True)
def nothing_of_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path))


async def reporting(editor: StdioEditor, home: Path) -> asyncio.Task[object]:
    """A report that has begun."""
    editor.open(LONG)
    report = asyncio.create_task(editor.run("lspWriter.report", {"uri": URI}))
    await editor.until(lambda: workers(home), seconds=20)
    return report


def workers(home: Path) -> list[int]:
    """Processes that make a report for a server with this home, or did before it went."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"spawn_main" in (process / "cmdline").read_bytes():
                environment = (process / "environ").read_bytes().split(b"\0")
                found += [int(process.name)] if f"LSP_WRITER_DATA={home}".encode() in environment else []
        except OSError:
            continue
    return found


async def gone(home: Path) -> bool:
    for _ in range(100):
        if not workers(home):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_the_editor_leaves(tmp_path: Path) -> None:
    async with started(*SERVER, options=ALONE) as editor:
        report = await reporting(editor, tmp_path)
    await asyncio.gather(report, return_exceptions=True)
    assert editor.process.returncode == 0
    assert await gone(tmp_path)


async def test_the_server_is_killed(tmp_path: Path) -> None:
    with contextlib.suppress(RuntimeError):  # there is nobody to say goodbye to
        async with started(*SERVER, options=ALONE) as editor:
            report = await reporting(editor, tmp_path)
            editor.process.send_signal(signal.SIGKILL)
            await editor.process.wait()
            assert await gone(tmp_path)
            await asyncio.gather(report, return_exceptions=True)


async def test_the_writer_types_on(tmp_path: Path) -> None:
    async with started(*SERVER, options=ALONE) as editor:
        report = await reporting(editor, tmp_path)
        (item,) = await editor.ghost_text(LONG.index(" the rain."))
        assert str(item.insert_text).endswith(" harbour.")
        assert workers(tmp_path), "the report is still being made"
    await asyncio.gather(report, return_exceptions=True)
