"""An editor in the same process as the server: real messages and real capabilities, without pipes and start-up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from lsprotocol import types
from pygls.protocol import JsonRPCProtocol

from lsp_writer.features.critiques.known import Known
from lsp_writer.features.critiques.margins import PageReader
from lsp_writer.features.critiques.reader_process import Page
from lsp_writer.generation import TextModel
from lsp_writer.server.app import WriterServer, build_server
from lsp_writer.server.session import ListModels, no_models
from lsp_writer.settings import Settings, read_settings
from tests.lsp_editor import EDITORS, URI, Editor, shared_converter
from tests.scripted_text_model import ScriptedTextModel

__all__ = ["EDITORS", "URI", "AttachedEditor", "attached"]


class AttachedEditor(Editor):
    """An editor whose server and model the test can look into."""

    def __init__(self, server: WriterServer, model: ScriptedTextModel) -> None:
        super().__init__()
        self.server = server
        self.model = model
        server.protocol.set_writer(_Wire(self.client.protocol))
        self.client.protocol.set_writer(_Wire(server.protocol))


class NoReader:
    """Finds nothing, and starts no process."""

    def ask(self, page: Page | None, seconds: float) -> Known:
        return Known(complete=True)

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


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
        self._reader.handle_message(self._reader.structure_message(json.loads(body)))


@asynccontextmanager
async def attached(
    model: ScriptedTextModel | None = None,
    *,
    speaks: str | types.ClientCapabilities = EDITORS[0],
    options: Mapping[str, object] | None = None,
    make_model: Callable[..., TextModel] | None = None,
    command_line: Mapping[str, object] | None = None,
    settings: object = None,
    wait_for: str = "ready",
    refuses_registration: bool = False,
    folders: Sequence[Path] = (),
    reader: PageReader | None = None,
    list_models: ListModels = no_models,
) -> AsyncIterator[AttachedEditor]:
    """An editor that has just connected, and whose server has reached the state `wait_for` and has the settings."""
    model = model or ScriptedTextModel()
    made_by = make_model or (lambda _: model)
    server = build_server(made_by, command_line or {}, reader or NoReader(), shared_converter, list_models)
    editor = AttachedEditor(server, model)
    editor.client.set_configuration(settings, section="lspWriter")
    if refuses_registration:
        del editor.client.protocol.fm.features[types.CLIENT_REGISTER_CAPABILITY]
    try:
        await editor.connect(speaks, options or {}, wait_for=wait_for, folders=folders)
        # The settings are asked for while the model loads, and may come later.
        initial, _ = read_settings(Settings(), options)
        expected, _ = read_settings(initial, settings)
        await editor.until(lambda: server.session.settings == expected)
        yield editor
        await editor.client.shutdown_async(None)
    finally:
        server.shutdown()
        # Some library keeps every server until the process ends; another test counts the texts that are held.
        server.session.documents.close(editor.uri)
