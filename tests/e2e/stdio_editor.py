"""An editor that starts the server as a program and speaks to it through pipes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.lsp_editor import EDITORS, Editor

ROOT = Path(__file__).parents[2]


class StdioEditor(Editor):
    @property
    def process(self) -> asyncio.subprocess.Process:
        process = self.client._server
        assert process is not None
        return process

    def write(self, data: bytes) -> None:
        """Send bytes that no client would."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)


@asynccontextmanager
async def started(
    *command: str,
    speaks: str = EDITORS[0],
    options: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    wait_for: str = "ready",
) -> AsyncIterator[StdioEditor]:
    """An editor whose server, `python COMMAND` in the project's folder, has reported the state `wait_for`. It is ended
    in order. It learns nothing, so that one test does not change another."""
    editor = StdioEditor()
    options = {"ghostText": {"learn": False}, **(options or {})}
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    await editor.client.start_io(sys.executable, *command, cwd=ROOT, env=variables)
    try:
        await editor.connect(speaks, options, wait_for=wait_for)
        yield editor
        await editor.client.shutdown_session()
    finally:
        if editor.process.returncode is None:
            editor.process.kill()
        await editor.client.stop()  # type: ignore[no-untyped-call]  # pytest-lsp leaves it untyped
