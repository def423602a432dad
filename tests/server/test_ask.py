"""A rewrite by the writer's own instruction."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp_writer.features.revision.entry import LONGEST_INSTRUCTION
from tests.server.catalogue import small_catalogue
from tests.server.editor import URI, AttachedEditor, attached
from tests.server.scripted_revise import ScriptedRevise, scripted_revise

__all__ = ["scripted_revise", "small_catalogue"]

pytestmark = pytest.mark.usefixtures("small_catalogue")

NURSE = "in the voice of a tired nurse"


async def ask(editor: AttachedEditor, instruction: object) -> object:
    return await editor.run(
        "lspWriter.ask", {"uri": URI, "range": editor.range(0, 0), "instruction": instruction, "alternatives": 2}
    )


async def offered(editor: AttachedEditor) -> list[str]:
    return [action.title for action in await editor.actions(0, 0) if action.title.startswith("Ask")]


async def test_it_is_carried_out_remembered_and_offered_again(scripted_revise: ScriptedRevise, tmp_path: Path) -> None:
    async with attached(options={"revisions": True}) as editor:
        editor.open("One. Two.")
        assert await ask(editor, f"  {NURSE}\n")
        await editor.until(lambda: editor.revisions[-1]["state"] == "ready")
        (commission,) = scripted_revise.commissions
        assert (commission.entry.id, commission.answer, commission.alternatives) == ("ask", NURSE, 2)
        assert await editor.run("lspWriter.instructions") == [NURSE]
        (action,) = [action for action in await editor.actions(0, 0) if action.title == f"Ask again: {NURSE}"]
        assert action.command is not None
        assert action.kind == "refactor.rewrite.craft"
        assert await editor.run(action.command.command, (action.command.arguments or [])[0])
        await editor.until(lambda: len(scripted_revise.commissions) == 2)
        assert scripted_revise.commissions[1].answer == NURSE
        assert scripted_revise.commissions[1].seed == 16, "another text"
    assert (tmp_path / "instructions.json").exists()


async def test_the_newest_three_are_offered(scripted_revise: ScriptedRevise) -> None:
    async with attached() as editor:
        editor.open("One. Two.")
        for instruction in ("as a hymn", "as a letter", NURSE, "with " + "more and more " * 20):
            await ask(editor, instruction)
        titles = await offered(editor)
        assert titles[1:] == [f"Ask again: {NURSE}", "Ask again: as a letter"]
        assert titles[0].startswith("Ask again: with more and more")
        assert len(titles[0]) < 70


@pytest.mark.parametrize(
    ("instruction", "says"),
    [
        ("", "Say what"),
        (" \n", "Say what"),
        ("\u200b\x00\u202e", "Say what"),
        ("x" * 10_000, f"{LONGEST_INSTRUCTION} characters"),
        (3, "does not understand"),
        (None, "does not understand"),
    ],
)
async def test_what_is_no_instruction(scripted_revise: ScriptedRevise, instruction: object, says: str) -> None:
    async with attached() as editor:
        editor.open("One. Two.")
        assert await ask(editor, instruction) is None
        (message,) = editor.messages
        assert says in message
        assert len(message) < 500
        assert await editor.run("lspWriter.instructions") == []
        assert scripted_revise.commissions == []


async def test_half_of_a_pair_and_control_characters_are_left_out(scripted_revise: ScriptedRevise) -> None:
    """Half an emoji was an internal error after the rewrite had begun, and nobody had its id."""
    async with attached() as editor:
        editor.open("One. Two.")
        assert await ask(editor, "as\x1b \ud83d noir\u202e")
        assert await editor.run("lspWriter.instructions") == ["as noir"]


async def test_what_cannot_be_carried_out_is_not_remembered(scripted_revise: ScriptedRevise) -> None:
    async with attached() as editor:
        editor.open("```\ncode\n```\n")
        assert await ask(editor, NURSE) is None
        assert await editor.run("lspWriter.instructions") == []


@pytest.mark.parametrize(("answer", "given"), [({}, None), ({"answer": "German"}, "German")])
async def test_an_entry_that_asks_gets_its_answer(
    scripted_revise: ScriptedRevise, answer: dict[str, str], given: str | None
) -> None:
    async with attached() as editor:
        editor.open("One. Two.")
        asked = {"uri": URI, "range": editor.range(0, 0), "revision": "translate", **answer}
        started = await editor.run("lspWriter.revise", asked)
        if given is None:
            assert started is None
            assert "Which language?" in editor.messages[0]
        else:
            await editor.until(lambda: scripted_revise.commissions)
            assert scripted_revise.commissions[0].answer == given
