"""A rewrite from the menu of code actions to the undo, in editors that behave and in one that does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from lsprotocol import types

from lsp_writer.features.revision.commission import Alternative
from lsp_writer.generation import Generate
from lsp_writer.server.rewrites import _end_of
from tests.scripted_text_model import ScriptedTextModel
from tests.server.editor import EDITORS, URI, AttachedEditor, attached

BEFORE = "😀 One.\r\n\r\n"
PASSAGE = "Mara opened the letter at the kitchen table and read it twice."
NOIR = "Mara opened the letter under the naked bulb of the kitchen, and the rain read it twice with her."
AFTER = "\r\n\r\nLast.\u2028Line.\n"
STORY = BEFORE + PASSAGE + AFTER
START, END = len(BEFORE), len(BEFORE + PASSAGE)
USE = "Use the finished rewrite: Rewrite as noir"


def model(seconds_a_word: float = 0.0) -> ScriptedTextModel:
    return ScriptedTextModel({"noir": NOIR}, seconds_a_word=seconds_a_word)


@asynccontextmanager
async def story(
    speaks: str = EDITORS[0], *, seconds_a_word: float = 0.0, reviews: bool = False
) -> AsyncIterator[AttachedEditor]:
    async with attached(model(seconds_a_word), speaks=speaks, options={"revisions": reviews}) as editor:
        editor.open(STORY)
        yield editor


async def titles(editor: AttachedEditor, start: int = START, end: int = START) -> list[str]:
    return [action.title for action in await editor.actions(start, end)]


async def choose(editor: AttachedEditor, action: types.CodeAction) -> None:
    assert action.command is not None
    await editor.run(action.command.command, (action.command.arguments or [])[0])


def instead(editor: AttachedEditor, method: str, answer: Callable[..., object]) -> None:
    """From now on the editor answers `method` in this way."""
    del editor.client.protocol.fm.features[method]
    editor.client.feature(method)(answer)


def ended(editor: AttachedEditor) -> bool:
    return any(isinstance(report, types.WorkDoneProgressEnd) for bar in bars(editor) for report in bar)


def bars(editor: AttachedEditor) -> list[list[object]]:
    return [list(reports) for reports in editor.client.progress_reports.values()]


@pytest.mark.parametrize("speaks", EDITORS)
async def test_one_edit_puts_it_in_and_progress_shows_the_way(speaks: str) -> None:
    async with story(speaks) as editor:
        version = editor.version
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.text == BEFORE + NOIR + AFTER)
        assert editor.version == version + 1
        await editor.until(lambda: ended(editor))
        begin = bars(editor)[0][0]
        assert isinstance(begin, types.WorkDoneProgressBegin)
        assert begin.cancellable
        assert editor.messages == []
        assert "busy" in [status["state"] for status in editor.statuses]
        await editor.until(lambda: editor.statuses[-1]["state"] == "ready")
        assert USE not in await titles(editor)
        assert not editor.server.work_done_progress.tokens, "pygls would keep them for ever"


@pytest.mark.parametrize("speaks", EDITORS)
async def test_typing_elsewhere_does_not_kill_it(speaks: str) -> None:
    async with story(speaks, seconds_a_word=0.01) as editor:
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.model.steps)
        editor.replace(0, 0, "猫\r\n")
        editor.replace(len(editor.text), len(editor.text), "More.")
        await editor.until(lambda: editor.text == f"猫\r\n{BEFORE}{NOIR}{AFTER}More.")


async def test_a_changed_passage_is_not_overwritten_and_the_rewrite_is_offered_there() -> None:
    async with story(seconds_a_word=0.01) as editor:
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.model.steps)
        editor.replace(END - 1, END, "!")
        changed = editor.text
        await editor.until(lambda: editor.messages)
        assert "was changed" in editor.messages[0]
        assert editor.text == changed
        actions = await editor.actions(START, START)
        assert actions[0].title == f"{USE} (the passage has changed since)"
        assert actions[0].command is not None
        await editor.run(actions[0].command.command, (actions[0].command.arguments or [])[0])
        await editor.until(lambda: editor.text == BEFORE + NOIR + AFTER)
        assert not any(title.startswith(USE) for title in await titles(editor))


async def test_a_passage_that_is_changed_and_changed_back_is_the_same_passage() -> None:
    async with story(seconds_a_word=0.01) as editor:
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.model.steps)
        editor.replace(END - 1, END, "!")
        editor.replace(END - 1, END, ".")
        await editor.until(lambda: editor.text == BEFORE + NOIR + AFTER)


async def test_an_editor_that_refuses_the_edit() -> None:
    async with story() as editor:
        editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=False)
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.messages)
        assert editor.text == STORY
        assert USE in await titles(editor)


async def test_an_editor_that_says_yes_and_drops_the_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsp_writer.server.apply_edit._SECONDS_TO_LAND", 0.05)
    async with story() as editor:
        editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=True)
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.messages)
        assert "did not put" in editor.messages[0]
        assert USE in await titles(editor)
        # It may only have been late.
        editor.replace(START, END, NOIR)
        assert USE not in await titles(editor)


async def test_a_shorter_text_that_was_never_put_in_is_not_taken_for_put_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finished “Condense” was gone from the code actions after the next letter, typed anywhere."""
    monkeypatch.setattr("lsp_writer.server.apply_edit._SECONDS_TO_LAND", 0.05)
    async with story(reviews=True) as editor:
        session = editor.server.session
        proposal = await editor.rewrite(START, END)
        await editor.until(lambda: editor.revisions and editor.revisions[-1]["state"] == "ready")
        short = Alternative(text=PASSAGE.removesuffix(" and read it twice."), seed=0)
        session.proposals.put(session.proposals.get(proposal).with_alternatives((short,)))
        editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=True)
        await editor.run("lspWriter.acceptRevision", {"id": proposal})
        assert editor.revisions[-1]["state"] == "kept"
        editor.replace(START, START + 4, "Nora")
        editor.replace(0, 0, "A letter. ")
        assert f"{USE} (the passage has changed since)" in await titles(editor, START + 20, START + 20)


async def test_an_editor_that_never_answers_gets_the_rewrite_offered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The status stayed “busy” for ever, and the rewrite could be neither used nor discarded."""
    monkeypatch.setattr("lsp_writer.server.apply_edit._SECONDS_TO_ANSWER", 0.05)
    async with story(EDITORS[1]) as editor:
        silent = asyncio.Event()

        async def answer(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            await silent.wait()
            return editor.apply(params)

        instead(editor, types.WORKSPACE_APPLY_EDIT, answer)
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.messages)
        assert "did not put" in editor.messages[0]
        await editor.until(lambda: editor.statuses[-1]["state"] == "ready")
        assert USE in await titles(editor)
        # An answer after all: the edit is seen to have landed.
        silent.set()
        await editor.until(lambda: editor.text == BEFORE + NOIR + AFTER)
        assert USE not in await titles(editor)


async def test_an_editor_that_never_makes_the_progress_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rewrite never began."""
    monkeypatch.setattr("lsp_writer.server.progress._SECONDS_TO_CREATE", 0.05)
    async with story() as editor:

        async def create(_params: types.WorkDoneProgressCreateParams) -> None:
            await asyncio.Event().wait()

        instead(editor, types.WINDOW_WORK_DONE_PROGRESS_CREATE, create)
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.text == BEFORE + NOIR + AFTER)


async def test_words_typed_after_the_menu_was_opened_are_not_overwritten() -> None:
    """The action “Use the finished rewrite” was fetched, a word typed into the passage, the action run: the word was
    gone."""
    async with story() as editor:
        editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=False)
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.messages)
        editor.on_edit = editor.apply
        fits = (await editor.actions(START, START))[0]
        assert fits.title == USE
        editor.replace(START, START + 4, "Nora")
        changed = (await editor.actions(START, START))[0]
        assert changed.title == f"{USE} (the passage has changed since)"
        editor.replace(START, START + 4, "Dora")
        text = editor.text
        await choose(editor, fits)
        assert "was changed" in editor.messages[-1]
        await choose(editor, changed)
        assert "changed after the menu" in editor.messages[-1]
        assert editor.text == text
        await choose(editor, (await editor.actions(START, START))[0])
        assert editor.text == BEFORE + NOIR + AFTER


async def test_typing_elsewhere_after_the_menu_was_opened_does_no_harm() -> None:
    async with story() as editor:
        editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=False)
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.messages)
        editor.on_edit = editor.apply
        action = (await editor.actions(START, START))[0]
        editor.replace(0, 0, "猫 ")
        await choose(editor, action)
        assert editor.text == f"猫 {BEFORE}{NOIR}{AFTER}"


async def test_a_kept_rewrite_can_be_discarded_from_the_menu() -> None:
    """A rewrite that nobody wanted was offered for the passage until the document was closed."""
    async with story() as editor:
        editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=False)
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.messages)
        actions = {action.title: action for action in await editor.actions(START, START)}
        await choose(editor, actions["Discard the finished rewrite: Rewrite as noir"])
        assert not [title for title in await titles(editor) if "finished" in title]
        assert editor.text == STORY


async def test_an_editor_that_reports_the_edit_together_with_later_typing() -> None:
    async with story() as editor:

        def late(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            asyncio.get_running_loop().call_later(0.05, editor.replace, 0, END, f"He typed. {BEFORE}{NOIR}")
            return types.ApplyWorkspaceEditResult(applied=True)

        editor.on_edit = late
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.version == 2 and not editor.server.session.proposals.of(URI))
        assert editor.messages == []


async def test_cancelling_by_the_progress_bar() -> None:
    async with story(seconds_a_word=0.02) as editor:
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.model.steps)
        (token,) = editor.client.progress_reports
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))
        await check_nothing_came_of_it(editor)


async def test_discarding_while_it_runs() -> None:
    async with story(seconds_a_word=0.02) as editor:
        proposal = await editor.rewrite(START, END)
        await editor.until(lambda: editor.model.steps)
        await editor.run("lspWriter.discardRevision", {"id": proposal})
        await check_nothing_came_of_it(editor)


CLOSED = "“Rewrite as noir” was given up, because the document was closed or renamed. Open it and choose again."


async def test_closing_the_document_while_it_runs(caplog: pytest.LogCaptureFixture) -> None:
    """The rewrite was gone without a word."""
    async with story(seconds_a_word=0.02) as editor:
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.model.steps)
        close(editor)
        await check_nothing_came_of_it(editor, CLOSED)
        assert not caplog.records


async def test_renaming_the_document_while_rewrites_run_and_wait(caplog: pytest.LogCaptureFixture) -> None:
    async with story(seconds_a_word=0.02) as editor:
        await editor.rewrite(START, END)
        await editor.rewrite(START, END, "gothic")
        await editor.until(lambda: editor.model.steps)
        close(editor)
        editor.uri = "file:///renamed.md"
        editor.open(STORY)
        both = "“Rewrite as noir”, “Rewrite as gothic” were given up, because the document was closed or renamed."
        await check_nothing_came_of_it(editor, f"{both} Open it and choose again.")
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.text == BEFORE + NOIR + AFTER)
        assert not caplog.records


@pytest.mark.parametrize(("reviews", "most"), [(False, 50), (True, 150)])
async def test_the_end_of_the_growing_text_stands_beside_the_bar(reviews: bool, most: int) -> None:
    """It began in the midst of a word, and a notification with room for three lines showed one."""
    async with story(seconds_a_word=0.02, reviews=reviews) as editor:
        long = " ".join([NOIR] * 4)
        editor.replace(START, END, " ".join([PASSAGE] * 4))
        editor.model.replies = {"noir": long}
        await editor.rewrite(START, START + 4 * len(PASSAGE))
        await editor.until(lambda: [tail for tail in tails(editor) if len(tail) > most - 20])
        for tail in tails(editor):
            assert len(tail) <= most
            assert f" {tail}" in f" {long}"


def tails(editor: AttachedEditor) -> list[str]:
    reports = [report for bar in bars(editor) for report in bar if isinstance(report, types.WorkDoneProgressReport)]
    return [str(report.message).partition(" words …")[2] for report in reports]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Rain.", "Rain."),
        ("the rain went on", "went on"),
        ("the rains went on", "went on"),
        ("It rained.\n\nIt went on.", "It went on."),
        ("雨は一晩中降り続いていた。誰も来なかった。", "いた。誰も来なかった。"),
    ],
)
def test_where_the_end_of_a_text_begins(text: str, end: str) -> None:
    assert _end_of(text, 11) == end


async def test_closing_the_document_after_it_is_finished() -> None:
    async with story() as editor:
        editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=False)
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.messages)
        close(editor)
        await editor.until(lambda: not editor.server.session.proposals.of(URI))
        assert len(editor.messages) == 1, "that it was kept"


def close(editor: AttachedEditor) -> None:
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=editor.document))


async def check_nothing_came_of_it(editor: AttachedEditor, *told: str) -> None:
    await editor.until(lambda: not editor.model.running and ended(editor))
    steps = editor.model.steps
    await asyncio.sleep(0.05)
    assert editor.model.steps == steps
    assert editor.text == STORY
    assert editor.messages == list(told)
    assert not editor.server.session.proposals.of(URI)


async def test_a_rewrite_that_fails_its_checks_is_told_and_not_offered() -> None:
    async with story() as editor:
        editor.model.replies = {"noir": " As an AI, I cannot."}
        await editor.rewrite(START, END)
        await editor.until(lambda: editor.messages)
        assert "gave nothing fit to offer" in editor.messages[0]
        assert editor.text == STORY
        assert USE not in await titles(editor)


async def test_a_second_rewrite_waits_for_the_first() -> None:
    async with story(seconds_a_word=0.005) as editor:
        other = len(editor.text)
        editor.replace(other, other, f"\n{PASSAGE}")
        await editor.rewrite(START, END)
        await editor.rewrite(other + 1, other + 1 + len(PASSAGE))
        await editor.until(lambda: editor.model.steps)
        assert editor.model.running == 1
        await editor.until(lambda: editor.text == f"{BEFORE}{NOIR}{AFTER}\n{NOIR}")


async def test_going_on_from_the_caret_again_gives_another_text() -> None:
    """“Continue from here”, undone and chosen once more, wrote the same sentence."""
    async with story() as editor:
        told = "The rain went on all night, and nobody came up the road to the house where she sat over her tea."
        editor.model.replies = {"Mara": f" {told}"}
        for _ in range(2):
            await editor.rewrite(END, END, "continue")
            await editor.until(lambda: editor.text != STORY)
            editor.replace(0, len(editor.text), STORY)
        seeds = [request.sampling.seed for _, request in editor.model.asked if isinstance(request, Generate)]
        assert seeds == [0, 16]


class TestAClientThatReviews:
    async def test_it_sees_the_text_grow_and_accepts(self) -> None:
        async with story(seconds_a_word=0.02, reviews=True) as editor:
            proposal = await editor.rewrite(START, END)
            await editor.until(lambda: editor.revisions and editor.revisions[-1]["state"] == "ready")
            assert {told["id"] for told in editor.revisions} == {proposal}
            growing = [told["text"] for told in editor.revisions if told["state"] == "running"]
            assert growing == sorted(growing, key=len)
            assert editor.revisions[-1]["text"] == NOIR
            assert editor.text == STORY
            assert USE in await titles(editor)
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert editor.text == BEFORE + NOIR + AFTER
            assert editor.revisions[-1]["state"] == "applied"

    async def test_accepting_over_a_changed_passage_keeps_both(self) -> None:
        async with story(reviews=True) as editor:
            proposal = await editor.rewrite(START, END)
            await editor.until(lambda: editor.revisions and editor.revisions[-1]["state"] == "ready")
            editor.replace(START, START + 4, "Nora")
            changed = editor.text
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert editor.text == changed
            assert editor.revisions[-1]["state"] == "kept"

    async def test_retrying_takes_another_seed(self) -> None:
        async with story(reviews=True) as editor:
            first = await editor.rewrite(START, END)
            await editor.until(lambda: editor.revisions and editor.revisions[-1]["state"] == "ready")
            second = await editor.run("lspWriter.retryRevision", {"id": first})
            assert second != first
            assert [told["state"] for told in editor.revisions if told["id"] == first][-1] == "discarded"
            assert editor.server.session.proposals.get(second).commission.seed == 16
            await editor.until(lambda: editor.revisions[-1]["state"] == "ready")

    async def test_retrying_where_there_is_no_prose_any_more_keeps_the_finished_one(self) -> None:
        """The passage was made a heading, and trying again gave up the finished rewrite for none."""
        async with story(reviews=True) as editor:
            first = await editor.rewrite(START, END)
            await editor.until(lambda: editor.revisions and editor.revisions[-1]["state"] == "ready")
            editor.replace(START, START, "# ")
            assert await editor.run("lspWriter.retryRevision", {"id": first}) is None
            assert "no prose" in editor.messages[-1]
            assert editor.server.session.proposals.get(first).finished

    async def test_a_passage_that_was_deleted_is_not_written_to(self) -> None:
        """Its rewrite was put at the end of the paragraph before it, without a space."""
        async with story(reviews=True) as editor:
            proposal = await editor.rewrite(START, END)
            await editor.until(lambda: editor.revisions and editor.revisions[-1]["state"] == "ready")
            editor.replace(START, END, "")
            await editor.run("lspWriter.acceptRevision", {"id": proposal, "evenIfChanged": True})
            assert "was deleted" in editor.messages[-1]
            assert editor.text == BEFORE + AFTER
            assert editor.server.session.proposals.get(proposal).finished

    async def test_closing_the_document_is_told_with_the_first_of_those_under_way(self) -> None:
        async with story(seconds_a_word=0.02, reviews=True) as editor:
            await editor.rewrite(START, END)
            await editor.rewrite(START, END, "gothic")
            close(editor)
            await editor.until(lambda: len([t for t in editor.revisions if t["state"] == "discarded"]) == 2)
            first, second = (told["message"] for told in editor.revisions if told["state"] == "discarded")
            assert "“Rewrite as noir”, “Rewrite as gothic” were given up" in first
            assert second == ""
            assert editor.messages == []

    async def test_accepting_too_early_or_twice(self) -> None:
        async with story(seconds_a_word=0.05, reviews=True) as editor:
            proposal = await editor.rewrite(START, END)
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert "not finished" in editor.messages[-1]
            await editor.run("lspWriter.discardRevision", {"id": proposal})
            await editor.run("lspWriter.acceptRevision", {"id": proposal})
            assert "no longer there" in editor.messages[-1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda asked: {**asked} | {"revision": "sonata"}, "sonata"),
        (lambda asked: {**asked} | {"uri": "file:///other.md"}, "not open"),
        (lambda asked: {**asked} | {"version": 7}, "changed after the menu"),
        (lambda asked: {"uri": asked["uri"]}, "range"),
        (lambda asked: None, "does not understand"),
        (lambda asked: {**asked} | {"range": {"start": "here"}}, "does not understand"),
        (lambda asked: {**asked} | {"range": _at(1)}, "no prose"),
        # These were internal errors, and the writer was told nothing.
        (lambda asked: {**asked} | {"range": _at(-1)}, "does not understand"),
        (lambda asked: {**asked} | {"range": _at(2**40)}, "does not understand"),
        (lambda asked: {**asked} | {"range": _at(2, 2**40)}, "does not understand"),
    ],
)
async def test_a_bad_request_gets_one_message_and_no_answer(
    change: Callable[[Mapping[str, object]], object], says: str
) -> None:
    async with story() as editor:
        asked = {"uri": URI, "range": _at(2), "revision": "noir"}
        assert await editor.run("lspWriter.revise", change(asked)) is None
        (message,) = editor.messages
        assert says in message


def _at(line: int, character: int = 0) -> dict[str, dict[str, int]]:
    return {side: {"line": line, "character": character} for side in ("start", "end")}
