from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from lsprotocol import types

from lsp_writer.settings import MachineSettings
from tests.scripted_text_model import ScriptedTextModel
from tests.server.editor import EDITORS, attached


@pytest.mark.parametrize("speaks", EDITORS)
async def test_settings_are_pulled_at_the_start_and_at_every_change(speaks: str) -> None:
    async with attached(speaks=speaks, settings={"menu": {"maxItems": 3}}) as editor:
        await editor.until(lambda: editor.server.session.settings.menu.max_items == 3)
        editor.configure({"menu": {"maxItems": 5}})
        await editor.until(lambda: editor.server.session.settings.menu.max_items == 5)
        editor.configure(None)
        await editor.until(lambda: editor.server.session.settings.menu.max_items == 8)


async def test_a_client_that_refuses_to_tell_of_changes() -> None:
    """Its settings were never asked for, and the defaults stayed in force."""
    async with attached(settings={"menu": {"maxItems": 3}}, refuses_registration=True) as editor:
        await editor.until(lambda: editor.server.session.settings.menu.max_items == 3)
        assert editor.messages == []


@pytest.mark.parametrize(
    "pushed",
    [
        {"lspWriter": {"menu": {"maxItems": 3}}},
        {"menu": {"maxItems": 3}},
        {"menu": {"maxItems": 3}, "python": {"path": "somebody else's"}},
    ],
)
async def test_a_client_that_only_pushes(pushed: object) -> None:
    # What is pulled at the start shows when it has come, and so does not come after what is pushed.
    async with attached(settings={"menu": {"maxItems": 5}}) as editor:
        session = editor.server.session
        session.client = msgspec.structs.replace(session.client, answers_configuration=False)
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=pushed))
        await editor.until(lambda: editor.server.session.settings.menu.max_items == 3)
        assert editor.messages == []


async def test_settings_from_the_start_stay_under_those_pulled_later() -> None:
    options = {"menu": {"maxItems": 3}, "ghostText": {"maxTokens": 5}}
    async with attached(options=options, settings={"ghostText": {"maxTokens": 7}}) as editor:
        await editor.until(lambda: editor.server.session.settings.ghost_text.max_tokens == 7)
        assert editor.server.session.settings.menu.max_items == 3


async def test_a_bad_setting_is_named_once_and_the_rest_used() -> None:
    bad = {"menu": {"maxItems": "many", "enabled": False}, "ghostText": {"mode": "sometimes"}}
    async with attached(settings=bad) as editor:
        await editor.until(lambda: len(editor.messages) == 2)
        assert any("lspWriter.menu.maxItems" in message for message in editor.messages)
        assert any("lspWriter.ghostText.mode" in message for message in editor.messages)
        assert not editor.server.session.settings.menu.enabled
        assert editor.server.session.settings.ghost_text.mode == "automatic"
        editor.configure(bad | {"critique": {"enabled": False}})
        await editor.until(lambda: not editor.server.session.settings.critique.enabled)
        assert len(editor.messages) == 2


async def test_a_workspace_cannot_choose_what_runs(tmp_path: Path) -> None:
    """The configuration that a client answers with holds the workspace's own settings."""
    asked: list[MachineSettings] = []

    def make_model(settings: MachineSettings) -> ScriptedTextModel:
        asked.append(settings)
        return ScriptedTextModel()

    evil = {"model": str(tmp_path), "device": "cuda", "threads": 1, "command": ["sh"]}
    async with attached(make_model=make_model, settings=evil | {"menu": {"maxItems": 3}}) as editor:
        await editor.until(lambda: editor.server.session.settings.menu.max_items == 3)
        editor.configure(evil)
        await editor.until(lambda: editor.server.session.settings.menu.max_items == 8)
        assert asked == [MachineSettings()]


async def test_a_trusted_client_and_the_command_line_may(tmp_path: Path) -> None:
    asked: list[MachineSettings] = []

    def make_model(settings: MachineSettings) -> ScriptedTextModel:
        asked.append(settings)
        return ScriptedTextModel()

    file = tmp_path / "lsp-writer" / "config.toml"
    file.parent.mkdir()
    file.write_text('device = "cpu"\nthreads = 1\nmodel = "file"\n')
    options = {"model": "client", "threads": 2}
    async with attached(make_model=make_model, options=options, command_line={"threads": 3}):
        assert asked == [MachineSettings(model="client", device="cpu", threads=3)]
