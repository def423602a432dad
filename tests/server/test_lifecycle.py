from __future__ import annotations

import msgspec
import pytest
from lsprotocol import types

from lsp_writer import __version__
from lsp_writer.errors import ModelUnavailable
from lsp_writer.generation import InstalledModel, ModelState, ModelStatus
from lsp_writer.settings import MachineSettings
from tests.scripted_text_model import LOADING, READY, ScriptedTextModel
from tests.server.editor import EDITORS, URI, attached


@pytest.mark.parametrize("speaks", EDITORS)
async def test_what_the_server_offers(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        offered = editor.server.server_capabilities
        assert offered.position_encoding == ("utf-8" if speaks == "neovim" else "utf-16")
        assert isinstance(offered.text_document_sync, types.TextDocumentSyncOptions)
        assert offered.text_document_sync.open_close
        assert offered.text_document_sync.change is types.TextDocumentSyncKind.Incremental
        assert offered.inline_completion_provider is not None
        assert offered.completion_provider is not None
        assert offered.hover_provider
        assert isinstance(offered.code_action_provider, types.CodeActionOptions)
        kinds = ["quickfix", "refactor.rewrite", "source.fixAll.lspWriter"]
        assert offered.code_action_provider.code_action_kinds == kinds
        assert offered.execute_command_provider is not None
        assert set(offered.execute_command_provider.commands) == {
            "lspWriter.revise",
            "lspWriter.ask",
            "lspWriter.acceptRevision",
            "lspWriter.discardRevision",
            "lspWriter.retryRevision",
            "lspWriter.stopRevision",
            "lspWriter.continueRevision",
            "lspWriter.chooseRevision",
            "lspWriter.chooseHunks",
            "lspWriter.chooseAlternative",
            "lspWriter.chooseModel",
            "lspWriter.revisions",
            "lspWriter.instructions",
            "lspWriter.models",
            "lspWriter.report",
            "lspWriter.addToDictionary",
            "lspWriter.ignore",
            "lspWriter.fixAll",
            "lspWriter.pause",
            "lspWriter.resume",
        }


async def test_a_client_lists_the_models_to_choose_from() -> None:
    def list_models(machine: MachineSettings) -> list[InstalledModel]:
        name = machine.model
        return [InstalledModel(name=name, setting=name, megabytes=1786, precision="int8", chosen=True)]

    async with attached(list_models=list_models, options={"model": "large"}) as editor:
        (told,) = await editor.run("lspWriter.models")
        assert told == {"name": "large", "setting": "large", "megabytes": 1786, "precision": "int8", "chosen": True}


async def test_the_server_says_what_it_is() -> None:
    async with attached() as editor:
        assert editor.server_info == types.ServerInfo("lsp-writer", __version__)


async def test_the_model_loads_after_the_answer_to_initialize() -> None:
    model = ScriptedTextModel(becomes=LOADING)
    async with attached(model, wait_for="loading") as editor:
        await editor.until(lambda: editor.server.session.model is model)
        model.turn(READY)
        await editor.until(lambda: editor.statuses[-1]["state"] == "ready")
        assert [status["state"] for status in editor.statuses] == ["loading", "ready"]


async def test_a_model_that_cannot_be_loaded_is_one_message_and_the_server_lives() -> None:
    failed = ModelStatus(ModelState.FAILED, "The model's folder is damaged. Run `make demo` to make it again.")
    async with attached(ScriptedTextModel(becomes=failed), wait_for="failed") as editor:
        offset = editor.open("One two$0 three.")
        assert await editor.ghost_text(offset) == []
        assert not (await editor.complete(offset)).items
        await editor.rewrite(0, 7)
        assert editor.messages == [failed.message, failed.message], "once by itself, once for the rewrite asked for"
        assert await editor.actions(offset, offset)


async def test_a_resting_model_is_ready_to_be_asked() -> None:
    resting = msgspec.structs.replace(READY, state=ModelState.RESTING)
    async with attached(ScriptedTextModel({"Once": " upon a time."})) as editor:
        editor.model.turn(resting)
        await editor.until(lambda: editor.statuses[-1]["message"] == "The model rests until you write.")
        assert editor.statuses[-1]["state"] == "ready"
        (item,) = await editor.ghost_text(editor.open("Once$0"))
        assert item.insert_text == "Once upon a time."
        await editor.rewrite(0, 4)
        assert editor.messages == []


async def test_a_fallback_is_told() -> None:
    fallback = msgspec.structs.replace(READY, message="The graphics card gave wrong answers, so the CPU is used.")
    async with attached(ScriptedTextModel(becomes=fallback)) as editor:
        await editor.until(lambda: editor.messages == [fallback.message])
        assert editor.statuses[-1]["message"] == fallback.message


async def test_no_model_folder() -> None:
    def make_model(_: MachineSettings) -> ScriptedTextModel:
        raise ModelUnavailable("There is no model here. Run `python -m model_export default`.")

    async with attached(make_model=make_model, wait_for="failed") as editor:
        offset = editor.open("The door was op$0ened by Mara.")
        assert editor.messages == ["There is no model here. Run `python -m model_export default`."]
        assert await editor.ghost_text(offset) == []
        assert not (await editor.complete(offset)).items
        hover = await editor.hover(offset)
        assert hover is not None, "most critiques need no model"


async def test_a_defect_while_loading_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def make_model(_: MachineSettings) -> ScriptedTextModel:
        raise ZeroDivisionError

    async with attached(make_model=make_model, wait_for="failed") as editor:
        assert editor.statuses[-1]["state"] == "failed"
        assert "fault" in editor.messages[0]
        await editor.until(lambda: any(record.exc_info for record in caplog.records))


async def test_closing_stops_the_model() -> None:
    async with attached() as editor:
        model = editor.model
    assert model.closed


@pytest.mark.parametrize("text", ["", "\0", "\r", "\ud83d", "\u2028", "x" * 1_000_000])
async def test_odd_documents_get_answers(text: str) -> None:
    async with attached() as editor:
        editor.open(text)
        for offset in (0, len(text)):
            await editor.complete(offset)
            await editor.ghost_text(offset)
            await editor.hover(offset)
            await editor.actions(offset, offset)
        editor.replace(len(text), len(text), "\ude00 end")
        await editor.hover(0)
        assert str(editor.server.session.documents.get(URI).text) == editor.text


async def test_an_answer_may_hold_half_a_surrogate_pair() -> None:
    async with attached(ScriptedTextModel({"once": " upon\ud83d a time."})) as editor:
        (item,) = await editor.ghost_text(editor.open("once$0"))
        assert "\ud83d" in str(item.insert_text)


async def test_positions_far_past_the_end() -> None:
    async with attached(ScriptedTextModel({"One": " two."})) as editor:
        editor.open("One")
        far = types.Position(2**31 - 1, 2**31 - 1)
        document = types.TextDocumentIdentifier(uri=URI)
        answer = await editor.client.text_document_inline_completion_async(
            types.InlineCompletionParams(
                types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked), document, far
            )
        )
        assert isinstance(answer, types.InlineCompletionList)
        assert answer.items[0].range == types.Range(types.Position(0, 0), types.Position(0, 3))


async def test_answers_for_a_text_that_has_changed_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their ranges would lie in the wrong place."""
    async with attached(ScriptedTextModel(words={"was": ("opened",)})) as editor:
        offset = editor.open("The door was$0 opened by Mara.")
        monkeypatch.setattr(editor.server.session.documents, "is_current", lambda _: False)
        assert await editor.hover(offset) is None
        assert not (await editor.complete(offset)).items
        monkeypatch.undo()
        assert await editor.hover(offset) is not None
        assert (await editor.complete(offset)).items


async def test_a_status_is_sent_only_when_it_changes() -> None:
    async with attached() as editor:
        offset = editor.open("Nobody wrote this$0")
        for _ in range(3):
            await editor.ghost_text(offset)
        assert len(editor.statuses) == len({tuple(status.values()) for status in editor.statuses})


async def test_a_document_that_was_never_opened() -> None:
    async with attached() as editor:
        assert not (await editor.complete(0)).items
        assert await editor.ghost_text(0) == []
        assert await editor.hover(0) is None
        assert await editor.actions(0, 0) == []
        editor.change([types.TextDocumentContentChangeWholeDocument(text="new")])
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=URI))
        )
        assert editor.messages == []


async def test_a_defect_fails_only_its_own_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async with attached() as editor:
        offset = editor.open("The door was op$0ened by Mara.")
        with monkeypatch.context() as broken:
            broken.setattr("lsp_writer.features.critiques.review.review", lambda *_, **__: 1 / 0)
            with pytest.raises(Exception, match="division"):
                await editor.hover(offset)
        assert await editor.hover(offset) is not None
        assert editor.messages == []
