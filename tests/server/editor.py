"""An editor in the same process as the server: real messages and real capabilities, without pipes and start-up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from pygls.protocol import JsonRPCProtocol

from lsp_writer.server.app import WriterServer, build_server
from tests.lsp_editor import EDITORS, URI, Editor, shared_converter
from tests.scripted_text_model import ScriptedTextModel

__all__ = ["EDITORS", "URI", "AttachedEditor", "attached"]


class AttachedEditor(Editor):
    """An editor whose server and model the test can look into."""

    def __init__(self, server: WriterServer, model: ScriptedTextModel) -> None:
        super().__init__()
        self.server = server
        self.model = model
        # Making the code that reads and writes messages takes most of the time of a small test.
        server.protocol._converter = shared_converter()
        server.protocol.set_writer(_Wire(self.client.protocol))
        self.client.protocol.set_writer(_Wire(server.protocol))


class _Wire:
    """What one side writes, the other handles, in order and never inside the writing."""

    def __init__(self, reader: JsonRPCProtocol) -> None:
        self._reader = reader

    def write(self, data: bytes) -> None:
        body = data.partition(b"\r\n\r\n")[2]
        asyncio.get_running_loop().call_soon(self._deliver, body)

    def close(self) -> None:
        """Nothing to close."""

    def _deliver(self, body: bytes) -> None:
        self._reader.handle_message(json.loads(body, object_hook=self._reader.structure_message))


@asynccontextmanager
async def attached(
    model: ScriptedTextModel | None = None,
    *,
    speaks: str = EDITORS[0],
    options: Mapping[str, object] | None = None,
    make_model: Callable[..., ScriptedTextModel] | None = None,
    command_line: Mapping[str, object] | None = None,
    settings: object = None,
    wait_for: str = "ready",
) -> AsyncIterator[AttachedEditor]:
    """An editor that has just connected, and whose server has reached the state `wait_for`."""
    model = model or ScriptedTextModel()
    server = build_server(make_model or (lambda _: model), command_line or {})
    editor = AttachedEditor(server, model)
    editor.client.set_configuration(settings, section="lspWriter")
    try:
        await editor.connect(speaks, options or {}, wait_for=wait_for)
        yield editor
        await editor.client.shutdown_async(None)
    finally:
        server.shutdown()
