"""The writer in charge: some of a rewrite or all of it, one of several, the finished part of one that was stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from lsprotocol import types

from lsp_writer.features.revision.hunks import Hunk, hunks_of
from lsp_writer.features.revision.units import units_of
from tests.server.catalogue import small_catalogue
from tests.server.editor import EDITORS, URI, AttachedEditor, attached
from tests.server.scripted_revise import ScriptedRevise, scripted_revise

__all__ = ["scripted_revise", "small_catalogue"]

pytestmark = pytest.mark.usefixtures("small_catalogue")

BEFORE = "# 😀 One\r\n\r\n"
PASSAGE = "The dog slept. Mara read the letter. The rain went on."
AFTER = "\r\n\r\nLast.\n"
STORY = BEFORE + PASSAGE + AFTER
START, END = len(BEFORE), len(BEFORE + PASSAGE)
#: Shows changes to choose from; puts in what it is sent; leaves the choice to its own plug-in.
CONFIRMS, PLAIN = EDITORS
UNASKED = {"rewrite": {"confirm": False}}


@asynccontextmanager
async def story(
    speaks: str = PLAIN, *, reviews: bool = False, settings: object = None, text: str = STORY
) -> AsyncIterator[AttachedEditor]:
    async with attached(speaks=speaks, options={"revisions": reviews}, settings=settings) as editor:
        editor.open(text)
        yield editor


async def ordered(editor: AttachedEditor, revision: str = "gothic", **more: object) -> str:
    """A rewrite of the passage, or of the paragraph there."""
    asked = {"uri": URI, "range": editor.range(START, START), "revision": revision, **more}
    return str(await editor.run("lspWriter.revise", asked))


async def came_to(editor: AttachedEditor, state: str) -> Mapping[str, Any]:
    """What a client that reviews is told when the last rewrite comes to `state`."""
    await editor.until(lambda: editor.revisions and editor.revisions[-1]["state"] == state)
    return editor.revisions[-1]


async def titles(editor: AttachedEditor) -> list[str]:
    """What is offered of finished rewrites."""
    names = ("Use", "Continue", "Try", "Discard")
    return [action.title for action in await editor.actions(START, START) if action.title.startswith(names)]


async def choose(editor: AttachedEditor, title: str) -> None:
    action = next(action for action in await editor.actions(START, START) if action.title == title)
    assert action.command is not None
    await editor.run(action.command.command, (action.command.arguments or [])[0])


def text_with(passage: str) -> str:
    return BEFORE + passage + AFTER


class TestSomeOfIt:
    async def test_a_client_that_reviews_is_told_the_changes_and_names_those_it_wants(
        self, scripted_revise: ScriptedRevise
    ) -> None:
        scripted_revise.note = "The last sentence stayed."
        async with story(reviews=True) as editor:
            proposal = await ordered(editor)
            told = await came_to(editor, "ready")
            (alternative,) = told["alternatives"]
            assert (told["note"], told["title"], told["seed"]) == ("The last sentence stayed.", "Rewrite as gothic", 0)
            assert [shown(editor, hunk) for hunk in alternative.hunks] == [
                ("The dog slept.", "THE DOG SLEPT."),
                ("Mara read the letter.", "MARA READ THE LETTER."),
                ("The rain went on.", "THE RAIN WENT ON."),
            ]
            assert alternative.hunks[0].words == [["cut", "The dog slept"], ["add", "THE DOG SLEPT"], ["keep", "."]]
            version = editor.version
            await editor.run("lspWriter.acceptRevision", {"id": proposal, "hunks": [0, 2]})
            assert editor.text == text_with("THE DOG SLEPT. Mara read the letter. THE RAIN WENT ON.")
            assert editor.version == version + 1, "one edit is one undo"
            assert editor.revisions[-1]["state"] == "applied"

    async def test_none_of_it(self, scripted_revise: ScriptedRevise) -> None:
        """A rewrite of which no change was ticked was gone, and said to be applied."""
        async with story(reviews=True) as editor:
            proposal = await ordered(editor)
            await came_to(editor, "ready")
            await editor.run("lspWriter.acceptRevision", {"id": proposal, "hunks": []})
            assert "None of its changes" in editor.messages[-1]
            assert editor.text == STORY
            assert editor.revisions[-1]["state"] == "ready"

    async def test_changes_are_told_again_where_they_stand_when_the_passage_is_as_it_was(
        self, scripted_revise: ScriptedRevise
    ) -> None:
        async with story(reviews=True) as editor:
            proposal = await ordered(editor)
            await came_to(editor, "ready")
            editor.replace(0, 0, "猫\r\n")
            editor.replace(START + 6, START + 6, "!")
            await editor.until(lambda: not editor.revisions[-1]["alternatives"][0].hunks)
            await editor.run("lspWriter.acceptRevision", {"id": proposal, "hunks": [0]})
            assert "cannot be told apart" in editor.messages[-1]
            editor.replace(START + 6, START + 7, "")
            await editor.until(lambda: editor.revisions[-1]["alternatives"][0].hunks)
            assert shown(editor, editor.revisions[-1]["alternatives"][0].hunks[0])[0] == "The dog slept."
            assert [told["message"] for told in editor.revisions] == [""] * len(editor.revisions)

    @pytest.mark.parametrize("wanted", [{"hunks": [3]}, {"hunks": [0, 2**31 - 1]}, {"alternative": 1}])
    async def test_what_is_not_there(self, scripted_revise: ScriptedRevise, wanted: dict[str, object]) -> None:
        async with story(reviews=True) as editor:
            proposal = await ordered(editor)
            await came_to(editor, "ready")
            await editor.run("lspWriter.acceptRevision", {"id": proposal, **wanted})
            (message,) = editor.messages
            assert "Choose" in message
            assert editor.text == STORY
            assert editor.revisions[-1]["state"] == "ready"


def shown(editor: AttachedEditor, hunk: Any) -> tuple[str, str]:
    """What stands where a hunk is, and what is to stand there."""
    places = (types.Position(place.line, place.character) for place in (hunk.range.start, hunk.range.end))
    start, end = (editor.offset(place) for place in places)
    return editor.text[start:end], hunk.newText


class TestTheEditorsOwnPreview:
    async def test_the_writer_takes_some_changes(self, scripted_revise: ScriptedRevise) -> None:
        async with story(CONFIRMS) as editor:
            editor.wants = lambda edit: edit.new_text != "MARA READ THE LETTER."
            await ordered(editor)
            await editor.until(lambda: editor.text != STORY)
            assert editor.text == text_with("THE DOG SLEPT. Mara read the letter. THE RAIN WENT ON.")
            await editor.until(lambda: not editor.server.session.proposals.of(URI))
            assert editor.messages == []

    async def test_every_change_says_what_it_is_and_waits_for_the_writer(self, scripted_revise: ScriptedRevise) -> None:
        seen: list[types.ApplyWorkspaceEditParams] = []
        async with story(CONFIRMS) as editor:

            def look(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
                seen.append(params)
                return editor.apply(params)

            editor.on_edit = look
            await ordered(editor)
            await editor.until(lambda: editor.text == text_with(PASSAGE.upper()))
            annotations = seen[0].edit.change_annotations or {}
            assert [annotation.label for annotation in annotations.values()] == [
                "The dog slept → THE DOG SLEPT",
                "Mara read the letter → MARA READ THE LETTER",
                "The rain went on → THE RAIN WENT ON",
            ]
            assert all(annotation.needs_confirmation for annotation in annotations.values())

    async def test_the_writer_takes_none(self, scripted_revise: ScriptedRevise) -> None:
        async with story(CONFIRMS) as editor:
            editor.wants = lambda _: False
            await ordered(editor)
            await editor.until(lambda: editor.messages)
            assert editor.text == STORY
            assert "Use the finished rewrite: Rewrite as gothic" in await titles(editor)

    async def test_the_writer_takes_their_time(
        self, scripted_revise: ScriptedRevise, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lsp_writer.server.apply_edit._SECONDS_TO_ANSWER", 0.01)
        monkeypatch.setattr("lsp_writer.server.apply_edit._SECONDS_TO_LAND", 0.01)
        decided = asyncio.Event()
        async with story(CONFIRMS) as editor:
            answers_after(editor, decided)
            proposal = await ordered(editor)
            await editor.until(lambda: state(editor, proposal) == "applying")
            await asyncio.sleep(0.05)
            assert state(editor, proposal) == "applying"
            assert editor.statuses[-1]["state"] == "ready", "the model rests meanwhile"
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert "not finished" in editor.messages.pop()
            decided.set()
            await editor.until(lambda: editor.text == text_with(PASSAGE.upper()))
            await editor.until(lambda: not editor.server.session.proposals.of(URI))

    @pytest.mark.parametrize("how", ["discardRevision", "stopRevision", "close"])
    async def test_it_is_given_up_while_the_preview_is_open(self, scripted_revise: ScriptedRevise, how: str) -> None:
        decided = asyncio.Event()
        async with story(CONFIRMS) as editor:
            answers_after(editor, decided)
            proposal = await ordered(editor)
            await editor.until(lambda: state(editor, proposal) == "applying")
            if how == "close":
                close(editor)
            else:
                await editor.run(f"lspWriter.{how}", {"id": proposal})
            await editor.until(lambda: state(editor, proposal) == ("kept" if how == "stopRevision" else ""))
            assert editor.text == STORY

    async def test_the_preview_is_shown_again_from_the_menu_and_given_up(self, scripted_revise: ScriptedRevise) -> None:
        decided = asyncio.Event()
        async with story(CONFIRMS) as editor:
            editor.wants = lambda _: False
            proposal = await ordered(editor)
            await editor.until(lambda: editor.messages)
            answers_after(editor, decided)
            chosen = asyncio.create_task(choose(editor, "Use the finished rewrite: Rewrite as gothic"))
            await editor.until(lambda: state(editor, proposal) == "applying")
            await editor.run("lspWriter.stopRevision", {"id": proposal})
            assert state(editor, proposal) == "kept"
            editor.wants = lambda _: True
            decided.set()
            await chosen
            assert editor.text == text_with(PASSAGE.upper()), "the editor puts it in after all"
            assert len(editor.messages) == 1

    async def test_a_preview_that_was_given_up_says_nothing_of_a_later_one(
        self, scripted_revise: ScriptedRevise
    ) -> None:
        """“The editor did not put the rewrite in”, while its preview was open; what was taken then did not count."""
        asked = [asyncio.Event(), asyncio.Event()]
        waiting = iter(asked)

        async def answer(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            decided = next(waiting)
            await decided.wait()
            first = decided is asked[0]
            return types.ApplyWorkspaceEditResult(applied=False) if first else editor.apply(params)

        async with story(CONFIRMS) as editor:
            editor.wants = lambda _: False
            proposal = await ordered(editor)
            await editor.until(lambda: editor.messages)
            del editor.client.protocol.fm.features[types.WORKSPACE_APPLY_EDIT]
            editor.client.feature(types.WORKSPACE_APPLY_EDIT)(answer)
            given_up = asyncio.create_task(choose(editor, "Use the finished rewrite: Rewrite as gothic"))
            await editor.until(lambda: state(editor, proposal) == "applying")
            await editor.run("lspWriter.stopRevision", {"id": proposal})
            chosen = asyncio.create_task(choose(editor, "Use the finished rewrite: Rewrite as gothic"))
            await editor.until(lambda: state(editor, proposal) == "applying")
            asked[0].set()
            await given_up
            assert state(editor, proposal) == "applying"
            assert len(editor.messages) == 1
            editor.wants = lambda change: "MARA" in change.new_text
            asked[1].set()
            await chosen
            assert state(editor, proposal) == ""

    async def test_the_writer_wants_no_preview(self, scripted_revise: ScriptedRevise) -> None:
        async with story(CONFIRMS, settings=UNASKED) as editor:
            editor.wants = lambda _: False
            await ordered(editor)
            await editor.until(lambda: editor.text == text_with(PASSAGE.upper()))

    async def test_an_editor_that_says_yes_and_changes_nothing(
        self, scripted_revise: ScriptedRevise, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lsp_writer.server.apply_edit._SECONDS_TO_LAND", 0.05)
        async with story(CONFIRMS) as editor:
            editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=True)
            await ordered(editor)
            await editor.until(lambda: editor.messages)
            assert "did not put" in editor.messages[0]


class TestAClientThatReviewsWithoutAsking:
    """The writer has switched `lspWriter.rewrite.confirm` off."""

    @pytest.mark.parametrize("speaks", EDITORS)
    async def test_a_rewrite_is_put_in_at_once(self, scripted_revise: ScriptedRevise, speaks: str) -> None:
        async with story(speaks, reviews=True, settings=UNASKED) as editor:
            await ordered(editor)
            await came_to(editor, "applied")
            assert editor.text == text_with(PASSAGE.upper())
            states = [told["state"] for told in editor.revisions]
            assert list(dict.fromkeys(states)) == ["running", "applying", "applied"], "nobody is asked about it"
            assert editor.messages == []

    async def test_alternatives_wait_for_the_writer(self, scripted_revise: ScriptedRevise) -> None:
        async with story(reviews=True, settings=UNASKED) as editor:
            await ordered(editor, alternatives=2)
            await came_to(editor, "ready")
            assert editor.text == STORY

    async def test_it_is_kept_if_the_passage_was_changed(self, scripted_revise: ScriptedRevise) -> None:
        async with story(reviews=True, settings=UNASKED) as editor:
            scripted_revise.wait_after(1)
            await ordered(editor)
            editor.replace(START, START + 3, "Our")
            changed = editor.text
            scripted_revise.goes_on.set()
            assert "was changed" in (await came_to(editor, "kept"))["message"]
            assert editor.text == changed

    async def test_it_is_kept_if_the_editor_refuses_it(self, scripted_revise: ScriptedRevise) -> None:
        async with story(reviews=True, settings=UNASKED) as editor:
            editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=False)
            await ordered(editor)
            assert "did not put" in (await came_to(editor, "kept"))["message"]


def answers_after(editor: AttachedEditor, decided: asyncio.Event) -> None:
    """The editor answers when the writer has looked at the changes."""

    async def answer(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        await decided.wait()
        return editor.apply(params)

    del editor.client.protocol.fm.features[types.WORKSPACE_APPLY_EDIT]
    editor.client.feature(types.WORKSPACE_APPLY_EDIT)(answer)


def state(editor: AttachedEditor, proposal: str) -> str:
    found = editor.server.session.proposals.find(proposal)
    return found.state.value if found else ""


def close(editor: AttachedEditor) -> None:
    document = types.TextDocumentIdentifier(uri=URI)
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=document))


class TestAlternatives:
    async def test_a_client_that_reviews_is_told_all_and_names_one(self, scripted_revise: ScriptedRevise) -> None:
        async with story(reviews=True) as editor:
            proposal = await ordered(editor, alternatives=3, seed=7)
            told = await came_to(editor, "ready")
            assert [alternative.seed for alternative in told["alternatives"]] == [7, 7, 7]
            await editor.run("lspWriter.acceptRevision", {"id": proposal, "alternative": 2})
            assert editor.text == text_with(f"{PASSAGE.upper()} 9")

    @pytest.mark.parametrize("speaks", EDITORS)
    async def test_any_other_client_offers_them_and_puts_none_in_by_itself(
        self, scripted_revise: ScriptedRevise, speaks: str
    ) -> None:
        async with story(speaks, settings={"rewrite": {"alternatives": 2}}) as editor:
            await ordered(editor)
            await editor.until(lambda: editor.messages)
            assert "2 alternatives" in editor.messages[0]
            assert editor.text == STORY
            offered = await titles(editor)
            assert [title[:26] for title in offered[:2]] == ["Use alternative 1 of 2: TH", "Use alternative 2 of 2: TH"]
            await choose(editor, offered[1])
            assert editor.text == text_with(f"{PASSAGE.upper()} 1")

    async def test_trying_again_takes_seeds_that_were_not_used(self, scripted_revise: ScriptedRevise) -> None:
        async with story(reviews=True) as editor:
            first = await ordered(editor, alternatives=2)
            await came_to(editor, "ready")
            second = await editor.run("lspWriter.retryRevision", {"id": first})
            assert second != first
            told = await came_to(editor, "ready")
            assert [alternative.seed for alternative in told["alternatives"]] == [16, 16]

    async def test_choosing_it_again_gives_another_text(self, scripted_revise: ScriptedRevise) -> None:
        """Undo and the same rewrite once more gave the same words."""
        async with story() as editor:
            for _ in range(2):
                await ordered(editor)
                await editor.until(lambda: editor.text == text_with(PASSAGE.upper()))
                editor.replace(START, END, PASSAGE)
            await ordered(editor, seed=0)
            await editor.until(lambda: len(scripted_revise.commissions) == 3)
            assert [commission.seed for commission in scripted_revise.commissions] == [0, 16, 0]

    async def test_so_does_choosing_again_what_was_fit_for_nothing(self, scripted_revise: ScriptedRevise) -> None:
        scripted_revise.rejects = "It gave nothing."
        async with story(text="One.") as editor:
            for _ in range(2):
                editor.replace(0, len(editor.text), "ONE.")
                await editor.rewrite(0, 0, "gothic")
                await editor.until(lambda: editor.messages)
                assert editor.messages == ["It gave nothing."]
                editor.client.messages.clear()
            assert [commission.seed for commission in scripted_revise.commissions] == [0, 16]


async def test_rewrites_that_nobody_decides_on_do_not_pile_up(
    scripted_revise: ScriptedRevise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lsp_writer.server.rewrites._MOST_UNDECIDED", 3)
    async with story(reviews=True) as editor:
        made = []
        for _ in range(5):
            made.append(await ordered(editor))
            await came_to(editor, "ready")
        assert [proposal.id for proposal in editor.server.session.proposals.of(URI)] == made[2:]


class TestInsertions:
    async def test_it_stands_after_the_passage(self, scripted_revise: ScriptedRevise) -> None:
        story_text = "One. Two.\nThree.\n"
        async with story(text=story_text) as editor:
            await editor.rewrite(0, 0, "beat")
            await editor.until(lambda: editor.text != story_text)
            assert editor.text == "One. Two.\nThree.\n\nInsertion 0.\n"

    async def test_the_writer_has_gone_on_there(self, scripted_revise: ScriptedRevise) -> None:
        async with story(reviews=True, text="One. Two.") as editor:
            proposal = await editor.rewrite(0, 0, "beat")
            await came_to(editor, "ready")
            editor.replace(9, 9, " Three.")
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert editor.text == "One. Two. Three."
            assert editor.revisions[-1]["state"] == "kept"


class TestStopping:
    @pytest.fixture(autouse=True)
    def after_one_sentence(self, scripted_revise: ScriptedRevise) -> None:
        scripted_revise.wait_after(1)

    async def stopped(self, editor: AttachedEditor) -> str:
        """A rewrite that was stopped when one sentence was told."""
        proposal = await ordered(editor)
        await editor.until(lambda: editor.server.session.proposals.get(proposal).part)
        await editor.run("lspWriter.stopRevision", {"id": proposal})
        await editor.until(lambda: state(editor, proposal) == "stopped")
        assert editor.text == STORY
        return proposal

    async def test_what_is_finished_is_kept_and_can_be_used(self) -> None:
        async with story() as editor:
            await self.stopped(editor)
            await editor.until(lambda: editor.messages)
            assert "finished and kept" in editor.messages[0]
            assert await titles(editor) == [
                "Use the finished part: Rewrite as gothic",
                "Continue: Rewrite as gothic",
                "Try again: Rewrite as gothic",
                "Discard the finished rewrite: Rewrite as gothic",
            ]
            await choose(editor, "Use the finished part: Rewrite as gothic")
            assert editor.text == text_with("THE DOG SLEPT. Mara read the letter. The rain went on.")

    async def test_neither_that_nor_trying_again_holds_up_the_editor(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Typing stood still for a second when a rewrite of a long scene was stopped, and when it was tried again."""
        threads: list[int] = []

        def noted(made: Callable[..., Any]) -> Callable[..., Any]:
            def call(*arguments: Any) -> Any:
                threads.append(threading.get_ident())
                return made(*arguments)

            return call

        monkeypatch.setattr("lsp_writer.features.revision.proposal.hunks_of", noted(hunks_of))
        monkeypatch.setattr("lsp_writer.features.revision.units.units_of", noted(units_of))
        async with story() as editor:
            proposal = await self.stopped(editor)
            await editor.run("lspWriter.retryRevision", {"id": proposal})
            assert len(threads) == 2
            assert threading.get_ident() not in threads

    async def test_stopping_it_twice_keeps_as_much(self) -> None:
        async with story() as editor:
            proposal = await ordered(editor)
            await editor.until(lambda: editor.server.session.proposals.get(proposal).part)
            for _ in range(2):
                editor.server.session.rewrites.stop(editor.server.session.proposals.get(proposal))
                await asyncio.sleep(0)
            await editor.until(lambda: state(editor, proposal) == "stopped")
            assert (await titles(editor))[0] == "Use the finished part: Rewrite as gothic"

    async def test_discarding_what_is_being_kept_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It must not come back when its differences are found."""
        begun, goes_on = threading.Event(), threading.Event()

        def slowly(old: str, new: str) -> tuple[Hunk, ...]:
            begun.set()
            goes_on.wait(5)
            return hunks_of(old, new)

        monkeypatch.setattr("lsp_writer.features.revision.proposal.hunks_of", slowly)
        async with story() as editor:
            proposal = await ordered(editor)
            await editor.until(lambda: editor.server.session.proposals.get(proposal).part)
            await editor.run("lspWriter.stopRevision", {"id": proposal})
            await editor.until(begun.is_set)
            await editor.run("lspWriter.discardRevision", {"id": proposal})
            goes_on.set()
            await asyncio.sleep(0.05)
            assert editor.server.session.proposals.find(proposal) is None
            assert await titles(editor) == []

    async def test_the_progress_bar_does_the_same(self) -> None:
        async with story() as editor:
            proposal = await ordered(editor)
            await editor.until(lambda: editor.server.session.proposals.get(proposal).part)
            (token,) = editor.client.progress_reports
            editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))
            await editor.until(lambda: state(editor, proposal) == "stopped")
            assert editor.text == STORY

    async def test_it_goes_on_from_where_it_was(self, scripted_revise: ScriptedRevise) -> None:
        async with story(reviews=True) as editor:
            proposal = await self.stopped(editor)
            scripted_revise.goes_on.set()
            editor.replace(0, 0, "猫\r\n")
            await editor.run("lspWriter.continueRevision", {"id": proposal})
            told = await came_to(editor, "ready")
            assert scripted_revise.read[-1] == " Mara read the letter. The rain went on."
            assert scripted_revise.before[-1].endswith("\r\n\r\nTHE DOG SLEPT.")
            assert told["text"] == PASSAGE.upper()
            assert told["id"] == proposal
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert editor.text == "猫\r\n" + text_with(PASSAGE.upper())

    async def test_it_is_stopped_again(self, scripted_revise: ScriptedRevise) -> None:
        async with story(reviews=True) as editor:
            proposal = await self.stopped(editor)
            scripted_revise.wait_after(1)
            await editor.run("lspWriter.continueRevision", {"id": proposal})
            two = "THE DOG SLEPT. MARA READ THE LETTER."
            await editor.until(lambda: editor.server.session.proposals.get(proposal).part == two)
            await editor.run("lspWriter.stopRevision", {"id": proposal})
            assert (await came_to(editor, "stopped"))["text"] == f"{two} The rain went on."

    async def test_going_on_fails_and_what_was_finished_is_still_there(self, scripted_revise: ScriptedRevise) -> None:
        async with story() as editor:
            proposal = await self.stopped(editor)
            scripted_revise.goes_on.set()
            scripted_revise.rejects = "It gave nothing more."
            await editor.run("lspWriter.continueRevision", {"id": proposal})
            await editor.until(lambda: len(editor.messages) == 2)
            assert editor.messages[1].startswith("It gave nothing more. A part of it is finished")
            assert state(editor, proposal) == "stopped"

    async def test_going_on_over_a_changed_passage(self) -> None:
        async with story() as editor:
            proposal = await self.stopped(editor)
            editor.replace(START, START + 3, "A")
            await editor.run("lspWriter.continueRevision", {"id": proposal})
            assert "cannot go on" in editor.messages[-1]
            assert "Continue: Rewrite as gothic" not in await titles(editor)
            await choose(editor, "Use the finished part: Rewrite as gothic (the passage has changed since)")
            assert editor.text == text_with("THE DOG SLEPT. Mara read the letter. The rain went on.")

    async def test_going_on_with_one_that_is_at_its_end(self, scripted_revise: ScriptedRevise) -> None:
        scripted_revise.goes_on.set()
        async with story(reviews=True) as editor:
            proposal = await ordered(editor)
            await came_to(editor, "ready")
            await editor.run("lspWriter.continueRevision", {"id": proposal})
            assert "at its end" in editor.messages[-1]

    async def test_nothing_was_finished(self, scripted_revise: ScriptedRevise) -> None:
        scripted_revise.wait_after(0)
        async with story() as editor:
            proposal = await ordered(editor)
            await editor.until(lambda: scripted_revise.commissions)
            await editor.run("lspWriter.stopRevision", {"id": proposal})
            await editor.until(lambda: state(editor, proposal) == "")
            assert editor.messages == []

    async def test_it_is_stopped_before_its_turn(self) -> None:
        async with story() as editor:
            await ordered(editor)
            second = await ordered(editor, revision="past")
            await editor.run("lspWriter.stopRevision", {"id": second})
            await editor.until(lambda: state(editor, second) == "")
            assert editor.text == STORY

    async def test_stopping_what_is_finished_does_nothing(self, scripted_revise: ScriptedRevise) -> None:
        scripted_revise.goes_on.set()
        async with story(reviews=True) as editor:
            proposal = await ordered(editor)
            await came_to(editor, "ready")
            await editor.run("lspWriter.stopRevision", {"id": proposal})
            assert state(editor, proposal) == "ready"
            assert editor.messages == []

    async def test_discarding_drops_all_of_it(self) -> None:
        async with story(reviews=True) as editor:
            proposal = await ordered(editor)
            await editor.until(lambda: editor.server.session.proposals.get(proposal).part)
            await editor.run("lspWriter.discardRevision", {"id": proposal})
            await came_to(editor, "discarded")
            assert await titles(editor) == []


async def test_words_that_no_rewrite_may_bring_in(scripted_revise: ScriptedRevise) -> None:
    async with story(reviews=True, settings={"rewrite": {"avoid": ["tapestry", "a testament to"]}}) as editor:
        await ordered(editor)
        await came_to(editor, "ready")
        assert scripted_revise.commissions[0].banned == ("tapestry", "a testament to")
