"""A client that `chooses`: the server asks the writer what to do, and what becomes of what was done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from lsprotocol import types

from tests.server.catalogue import small_catalogue
from tests.server.editor import URI, AttachedEditor, attached
from tests.server.scripted_revise import ScriptedRevise, scripted_revise

__all__ = ["scripted_revise", "small_catalogue"]

pytestmark = pytest.mark.usefixtures("small_catalogue")

CHANGED = "The passage was changed after it was read."
STORY = "The dog slept. Mara read the letter."
SHOUTED = STORY.upper()


class Asked:
    """A writer who presses the buttons, one after the other, or takes the choices, that the test names; else they turn
    away."""

    def __init__(self, *presses: str, takes: list[str] | None = None) -> None:
        self.presses = list(presses)
        #: Nothing is answered before.
        self.answers = asyncio.Event()
        self.answers.set()
        self.takes = takes
        self.messages: list[types.ShowMessageRequestParams] = []
        self.questions: list[Mapping[str, Any]] = []

    async def message(self, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        self.messages.append(params)
        await self.answers.wait()
        pressed = self.presses.pop(0) if self.presses else ""
        return next((action for action in params.actions or [] if action.title == pressed), None)

    async def question(self, params: Any) -> list[str] | None:
        self.questions.append(params._asdict())
        return self.takes

    @property
    def buttons(self) -> list[str]:
        return [action.title for action in self.messages[-1].actions or []]

    def offered(self, what: str = "label") -> list[str]:
        return [getattr(item, what) for item in self.questions[-1]["items"]]


@asynccontextmanager
async def story(writer: Asked, text: str = STORY) -> AsyncIterator[AttachedEditor]:
    async with attached(options={"revisions": True, "chooses": True}) as editor:

        async def message(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            return await writer.message(params)

        async def question(params: Any) -> list[str] | None:
            return await writer.question(params)

        editor.client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)(message)
        editor.client.feature("lspWriter/choose")(question)
        editor.open(text)
        yield editor


async def run(editor: AttachedEditor, command: str, **more: object) -> Any:
    return await editor.run(f"lspWriter.{command}", {"uri": URI, "range": editor.range(0, 0), **more})


async def until_asked(writer: Asked, count: int = 1) -> None:
    while len(writer.messages) < count:  # noqa: ASYNC110  the test's own time limit ends it
        await asyncio.sleep(0.01)


class TestWhatToDo:
    async def test_a_rewrite_is_chosen_from_the_catalogue(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked(takes=["gothic"])
        async with story(writer) as editor:
            proposal = await run(editor, "chooseRevision")
            await until_asked(writer)
            assert proposal == editor.revisions[-1]["id"]
        assert "Rewrite as gothic" in writer.offered()
        assert writer.offered("group")[:2] == ["Style", "Craft"]
        assert scripted_revise.commissions[0].entry.id == "gothic"

    async def test_an_entry_that_asks_has_its_answer(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked(takes=["French"])
        async with story(writer) as editor:
            await run(editor, "revise", revision="translate")
            await until_asked(writer)
        assert (writer.questions[0]["placeholder"], writer.questions[0]["typed"]) == ("Which language?", True)
        assert scripted_revise.commissions[0].answer == "French"

    async def test_it_is_behind_the_light_bulb_too(self, scripted_revise: ScriptedRevise) -> None:
        async with story(Asked()) as editor:
            titles = [action.title for action in await editor.actions(0, 0)]
        assert "Translate" in titles

    async def test_an_instruction_is_typed_or_one_of_those_before(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked(takes=["as a hymn"])
        async with story(writer) as editor:
            await run(editor, "ask")
            await until_asked(writer)
            await run(editor, "ask")
            assert writer.offered() == ["as a hymn"]
        assert scripted_revise.commissions[0].answer == "as a hymn"

    @pytest.mark.parametrize("command", ["chooseRevision", "ask", "chooseModel"])
    async def test_whoever_turns_away_has_ordered_nothing(self, scripted_revise: ScriptedRevise, command: str) -> None:
        writer = Asked()
        async with story(writer) as editor:
            assert await run(editor, command) is None
            assert editor.messages == []
        assert len(writer.questions) == 1
        assert not scripted_revise.commissions

    async def test_the_text_was_changed_while_they_chose(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked(takes=["gothic"])
        async with story(writer) as editor:
            version = editor.version
            editor.replace(0, 0, "Now. ")
            assert await run(editor, "chooseRevision", version=version) is None
            assert "Choose the rewrite again" in editor.messages[-1]


class TestWhatBecomesOfIt:
    async def test_all_of_it(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked("Accept")
        scripted_revise.note = "The last sentence stayed."
        async with story(writer) as editor:
            await run(editor, "revise", revision="gothic")
            await editor.until(lambda: editor.text == SHOUTED)
            await editor.until(lambda: editor.revisions[-1]["state"] == "applied")
            assert editor.messages == []
        assert writer.messages[0].message == "“Rewrite as gothic” is ready. The last sentence stayed."
        assert writer.buttons == ["Accept", "Accept Some …", "Try Again", "Discard"]

    async def test_some_of_it(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked("Accept Some …", takes=["1"])
        async with story(writer) as editor:
            await run(editor, "revise", revision="gothic")
            await editor.until(lambda: editor.text == "The dog slept. MARA READ THE LETTER.")
        assert writer.questions[0]["many"] is True
        assert writer.offered() == ["THE DOG SLEPT.", "MARA READ THE LETTER."]
        assert writer.offered("detail") == ["instead of: The dog slept.", "instead of: Mara read the letter."]

    async def test_one_of_several(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked("Choose …", takes=["1"])
        async with story(writer) as editor:
            await run(editor, "revise", revision="gothic", alternatives=2)
            await editor.until(lambda: editor.text == f"{SHOUTED} 1")
        assert writer.messages[0].message == "“Rewrite as gothic” has 2 versions."
        assert writer.offered("detail") == [SHOUTED, f"{SHOUTED} 1"]

    async def test_another_one(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked("Try Again", "Discard")
        async with story(writer) as editor:
            await run(editor, "revise", revision="gothic")
            await editor.until(lambda: [told["state"] for told in editor.revisions].count("discarded") == 2)
            assert editor.text == STORY
        assert [commission.seed for commission in scripted_revise.commissions] == [0, 16]

    async def test_no_answer(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked()
        async with story(writer) as editor:
            proposal = await run(editor, "revise", revision="gothic")
            await until_asked(writer)
            assert editor.revisions[-1]["state"] == "ready"
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert editor.text == SHOUTED

    async def test_a_late_answer(self, scripted_revise: ScriptedRevise) -> None:
        """The message was still there when the rewrite had been discarded by the title bar; its buttons did nothing."""
        writer = Asked("Accept")
        writer.answers.clear()
        async with story(writer) as editor:
            proposal = await run(editor, "revise", revision="gothic")
            await until_asked(writer)
            await editor.run("lspWriter.discardRevision", {"id": proposal})
            writer.answers.set()
            await editor.until(lambda: editor.messages)
            assert "decided about already" in editor.messages[-1]
            assert editor.text == STORY

    async def test_the_passage_has_changed_meanwhile(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked()
        async with story(writer) as editor:
            proposal = await run(editor, "revise", revision="gothic")
            await until_asked(writer)
            editor.replace(0, 3, "That")
            await editor.until(lambda: not editor.revisions[-1]["alternatives"][0].hunks)
            assert len(writer.messages) == 1, "nobody is asked at every key"
            writer.presses = ["Put It in All the Same"]
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            await editor.until(lambda: editor.text == SHOUTED)
        assert writer.messages[-1].message == f"{CHANGED} The rewrite is kept."

    async def test_every_try_to_put_one_in_whose_passage_has_changed_is_answered(
        self, scripted_revise: ScriptedRevise
    ) -> None:
        """The second one did nothing, and said nothing."""
        writer = Asked()
        async with story(writer) as editor:
            proposal = await run(editor, "revise", revision="gothic")
            await until_asked(writer)
            editor.replace(0, 3, "That")
            for count in (2, 3):
                await editor.run("lspWriter.acceptRevision", {"id": proposal})
                await until_asked(writer, count)
        assert writer.messages[1].message == writer.messages[2].message == f"{CHANGED} The rewrite is kept."

    async def test_the_passage_has_changed_before_it_is_finished(self, scripted_revise: ScriptedRevise) -> None:
        """It was called ready, as if nothing were the matter, with the button for one whose passage has changed."""
        writer = Asked()
        scripted_revise.goes_on.clear()
        scripted_revise.waits_at = 1
        async with story(writer) as editor:
            await run(editor, "revise", revision="gothic")
            await editor.until(lambda: editor.revisions and editor.revisions[-1]["text"])
            editor.replace(0, 3, "That")
            scripted_revise.goes_on.set()
            await until_asked(writer)
        assert writer.messages[0].message == f"“Rewrite as gothic” is ready. {CHANGED}"
        assert writer.buttons == ["Put It in All the Same", "Try Again", "Discard"]

    async def test_one_that_was_stopped_goes_on(self, scripted_revise: ScriptedRevise) -> None:
        writer = Asked("Go On", "Accept")
        scripted_revise.goes_on.clear()
        scripted_revise.waits_at = 1
        async with story(writer) as editor:
            proposal = await run(editor, "revise", revision="gothic")
            await editor.until(lambda: editor.revisions and editor.revisions[-1]["text"])
            await editor.run("lspWriter.stopRevision", {"id": proposal})
            await until_asked(writer)
            assert writer.buttons == ["Use the Beginning", "Go On", "Try Again", "Discard"]
            assert writer.messages[-1].message == "A part of it is finished and kept."
            scripted_revise.goes_on.set()
            await editor.until(lambda: editor.text == SHOUTED)

    async def test_one_that_failed_is_told(self, scripted_revise: ScriptedRevise) -> None:
        scripted_revise.rejects = "Nothing came of it."
        async with story(Asked()) as editor:
            await run(editor, "revise", revision="beat")
            await editor.until(lambda: editor.messages)
            assert editor.messages == ["Nothing came of it."]

    async def test_an_editor_without_buttons_after_all(self, scripted_revise: ScriptedRevise) -> None:
        async with attached(options={"revisions": True, "chooses": True}) as editor:
            editor.open(STORY)
            proposal = await run(editor, "revise", revision="gothic")
            await editor.until(lambda: editor.revisions and editor.revisions[-1]["state"] == "ready")
            assert await run(editor, "chooseRevision") is None
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert editor.text == SHOUTED
