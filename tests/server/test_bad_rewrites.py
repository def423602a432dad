"""Rewrites of what is no passage, ordered wrongly, or given up at any moment: one message or a narrower place, nothing
outside it changed and nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from lsp_writer.features.revision.proposal import Proposal
from tests.scripted_text_model import ScriptedTextModel
from tests.server.editor import EDITORS, URI, AttachedEditor, attached
from tests.server.scripted_revise import ScriptedRevise, scripted_revise

pytestmark = pytest.mark.slow

__all__ = ["scripted_revise"]

PASSAGE = "Mara opened the letter at the kitchen table and read it twice."
NEW = "Mara opened the letter under the naked bulb of the kitchen, and the rain read it twice with her."
PLAIN = EDITORS[1]


def model(seconds_a_word: float = 0.0) -> ScriptedTextModel:
    """Says the same of every passage."""
    return ScriptedTextModel({"Mara": NEW}, seconds_a_word=seconds_a_word)


@asynccontextmanager
async def writing(
    text: str, *, speaks: str = PLAIN, reviews: bool = False, seconds_a_word: float = 0.0
) -> AsyncIterator[AttachedEditor]:
    async with attached(model(seconds_a_word), speaks=speaks, options={"revisions": reviews}) as editor:
        editor.open(text)
        yield editor


async def settled(editor: AttachedEditor) -> None:
    """Nothing is being made or put in any more."""
    await editor.until(lambda: not editor.server.session.rewrites._tasks)


class TestWhatIsSelected:
    async def check_outside(self, marked: str, untouched: tuple[str, ...]) -> AttachedEditor:
        """The text between `$0` and `$1` is selected and rewritten. What stands outside the lines that it touches is as
        it was, and so are the parts `untouched` of them; the writer is told at most once."""
        before, selected, after = (part for half in marked.split("$0") for part in half.split("$1"))
        async with writing(before + selected + after) as editor:
            await editor.rewrite(len(before), len(before + selected))
            await settled(editor)
            edges = before[: before.rfind("\n") + 1], after[after.find("\n") :] if "\n" in after else ""
            assert editor.text.startswith(edges[0])
            assert editor.text.endswith(edges[1])
            assert all(part in editor.text for part in untouched)
            assert len(editor.messages) == (editor.text == before + selected + after)
            return editor

    @pytest.mark.parametrize(
        "marked",
        [
            pytest.param("$0$1", id="nothing of nothing"),
            pytest.param(f"{PASSAGE}\n\n$0 \n\n \t$1\n{PASSAGE}", id="white space"),
            pytest.param(f"$0# Mara and the letter$1\n\n{PASSAGE}\n", id="a heading"),
            pytest.param(f"$0---\ntitle: Mara\n---$1\n\n{PASSAGE}\n", id="front matter"),
            pytest.param(f"$0```\nMara = 1\n```$1\n\n{PASSAGE}\n", id="code"),
            pytest.param("$0\n\n* * *\n\n$1", id="a scene break"),
        ],
    )
    async def test_there_is_nothing_to_rewrite(self, marked: str) -> None:
        text = marked.replace("$0", "").replace("$1", "")
        editor = await self.check_outside(marked, ())
        assert editor.text == text
        assert "no prose" in editor.messages[0]

    @pytest.mark.parametrize(
        ("marked", "untouched"),
        [
            pytest.param(f"One.\n\nMara op$0ened the le$1tter at the kitchen table.\n\n{PASSAGE}", (), id="mid-word"),
            pytest.param(
                f"One.\n\nMara was *ve$0ry* tired. She op$1ened **the letter**.\n\n{PASSAGE}",
                ("Mara was *very* tired.", "**the letter**."),
                id="mid-emphasis",
            ),
            pytest.param(
                f"$0---\ntitle: Mara\n---\n\n# One\n\n{PASSAGE}\n\n```\nMara\n```\n\n[Mara](x.md)$1\n",
                ("---\ntitle: Mara\n---\n\n# One\n\n", "\n\n```\nMara\n```\n\n[Mara](x.md)\n"),
                id="all there is",
            ),
            pytest.param(
                "Before.\n\n$0| Mara | letter |\n| --- | --- |\n| one | two |$1\n\nAfter.\n",
                ("| --- | --- |",),
                id="a table",
            ),
        ],
    )
    async def test_the_rest_stays_as_it_is(self, marked: str, untouched: tuple[str, ...]) -> None:
        await self.check_outside(marked, untouched)

    async def test_a_whole_book_is_begun_and_stopped(self) -> None:
        book = "\n\n".join(f"{PASSAGE} It was day {number}." for number in range(5_000))
        async with writing(book, seconds_a_word=0.001) as editor:
            assert await editor.actions(0, len(book))
            proposal = await editor.rewrite(0, len(book))
            await editor.until(lambda: editor.model.steps, seconds=60)
            editor.replace(len(book), len(book), " The end.")
            await editor.run("lspWriter.stopRevision", {"id": proposal})
            await settled(editor)
            assert editor.text == f"{book} The end."


@pytest.mark.parametrize("command", ["accept", "discard", "retry", "stop", "continue"])
@pytest.mark.parametrize("named", [None, {}, {"id": 3}, {"id": None}, {"id": ["x"]}, [], "x", {"id": "x" * 10_000}])
async def test_a_proposal_that_is_none(command: str, named: object) -> None:
    async with writing(PASSAGE) as editor:
        assert await editor.run(f"lspWriter.{command}Revision", named) is None
        (message,) = editor.messages
        assert len(message) < 400


@pytest.mark.parametrize(
    "more",
    [
        {"alternatives": 0},
        {"alternatives": 99},
        {"alternatives": "2"},
        {"seed": -1},
        {"seed": 2**40},
        {"answer": "x" * 10_000},
        {"answer": 3},
        {"revision": "x" * 10_000},
        {"revision": 3},
        {"revision": "../../config"},
        {"uri": 3},
    ],
)
async def test_an_order_that_is_none(more: dict[str, object]) -> None:
    async with writing(PASSAGE) as editor:
        asked = {"uri": URI, "range": editor.range(0, 0), "revision": "noir", **more}
        assert await editor.run("lspWriter.revise", asked) is None
        (message,) = editor.messages
        assert len(message) < 2_000
        assert editor.text == PASSAGE


@pytest.mark.parametrize("hunks", [[-1], ["1"], [0.5], "0", {"0": 1}, [2**40]])
async def test_hunks_that_are_none(scripted_revise: ScriptedRevise, hunks: object) -> None:
    async with writing(PASSAGE, reviews=True) as editor:
        proposal = await editor.rewrite(0, 0)
        await editor.until(lambda: editor.revisions[-1]["state"] == "ready")
        await editor.run("lspWriter.acceptRevision", {"id": proposal, "hunks": hunks})
        (message,) = editor.messages
        assert "does not understand" in message
        assert editor.text == PASSAGE


class TestAClientThatCanDoLittle:
    """It shows no progress, takes no edits, knows no annotations, and no kinds of code actions."""

    async def test_without_progress_and_versions(self, scripted_revise: ScriptedRevise) -> None:
        bare = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(apply_edit=True))
        async with attached(speaks=bare) as editor:
            editor.open(PASSAGE)
            await editor.rewrite(0, 0)
            await editor.until(lambda: editor.text == PASSAGE.upper())
            assert editor.messages == []

    async def test_without_edits(self, scripted_revise: ScriptedRevise) -> None:
        async with attached(speaks=types.ClientCapabilities()) as editor:
            editor.open(PASSAGE)
            proposal = await editor.rewrite(0, 0)
            await settled(editor)
            (message,) = editor.messages
            assert "does not let a server change the text" in message
            assert editor.server.session.proposals.get(proposal).text == PASSAGE.upper(), "it is kept"


@pytest.mark.parametrize("speaks", EDITORS)
@given(
    turns=st.integers(0, 150),
    how=st.sampled_from(["progress bar", "stopRevision", "discardRevision", "close"]),
    reviews=st.booleans(),
)
async def test_given_up_while_it_is_made_it_changes_nothing(speaks: str, turns: int, how: str, reviews: bool) -> None:
    text = f"# One\r\n\r\n{PASSAGE} The rain went on.\r\n\r\nLast. 😀\n"
    async with writing(text, speaks=speaks, reviews=reviews) as editor:
        rewrites = editor.server.session.rewrites
        came_to, stop = [], rewrites.stop

        def note_and_stop(proposal: Proposal) -> None:
            came_to.append(proposal.state)
            stop(proposal)

        rewrites.stop = note_and_stop  # type: ignore[method-assign]  # it says how far the rewrite was
        start = text.index("Mara")
        proposal = await editor.rewrite(start, start)
        for _ in range(turns):
            await asyncio.sleep(0)
        await give_up(editor, how, proposal)
        await settled(editor)
        if reviews or "running" in came_to:
            assert editor.text == text
        else:
            assert editor.text in {text, text.replace(f"{PASSAGE} The rain went on.", NEW)}


async def give_up(editor: AttachedEditor, how: str, proposal: str) -> None:
    if how == "close":
        document = types.TextDocumentIdentifier(uri=URI)
        editor.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=document))
    elif how == "progress bar":
        for token in editor.client.progress_reports:
            editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))
    else:
        await editor.run(f"lspWriter.{how}", {"id": proposal})
