from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types

from tests.scripted_text_model import LOADING, ScriptedTextModel
from tests.server.editor import EDITORS, AttachedEditor, attached

pytestmark = pytest.mark.parametrize("speaks", EDITORS)

INVOKED = types.InlineCompletionTriggerKind.Invoked


def model(seconds_a_word: float = 0.0) -> ScriptedTextModel:
    replies = {"the old ha": "rbour wall.", "the old": " harbour wall."}
    return ScriptedTextModel(replies, seconds_a_word=seconds_a_word)


async def check_ghost_text(speaks: str, marked: str, expected: str, settings: object = None) -> None:
    """Accepting the ghost text gives `expected`; with none, the text stays as it is."""
    async with attached(model(), speaks=speaks, settings=settings) as editor:
        items = await editor.ghost_text(editor.open(marked))
        assert accepted(editor, items) == expected


def accepted(editor: AttachedEditor, items: list[types.InlineCompletionItem]) -> str:
    if not items:
        return editor.text
    (item,) = items
    assert item.range is not None
    start, end = editor.offset(item.range.start), editor.offset(item.range.end)
    replaced = editor.text[start:end]
    assert str(item.insert_text).startswith(replaced), "the editor shows what comes after the half-typed word"
    return editor.text[:start] + str(item.insert_text) + editor.text[end:]


async def test_the_sentence_goes_on(speaks: str) -> None:
    await check_ghost_text(speaks, "😀 At the old$0", "😀 At the old harbour wall.")


async def test_a_half_typed_word_is_finished(speaks: str) -> None:
    await check_ghost_text(speaks, "“😀 At the old ha$0", "“😀 At the old harbour wall.")


async def test_in_the_middle_of_a_book_with_every_kind_of_line(speaks: str) -> None:
    before, after = "One\r\ntwo\u2028three\0\r", "\nLast \ud83d line."
    await check_ghost_text(speaks, f"{before}At the old$0{after}", f"{before}At the old harbour wall.{after}")


async def test_switched_off(speaks: str) -> None:
    await check_ghost_text(speaks, "At the old$0", "At the old", settings={"ghostText": {"mode": "off"}})


async def test_on_demand(speaks: str) -> None:
    async with attached(model(), speaks=speaks, settings={"ghostText": {"mode": "onDemand"}}) as editor:
        offset = editor.open("At the old$0")
        assert await editor.ghost_text(offset) == []
        assert await editor.ghost_text(offset, trigger_kind=INVOKED)


async def test_it_goes_on_from_the_word_that_the_menu_shows(speaks: str) -> None:
    async with attached(model(), speaks=speaks) as editor:
        offset = editor.open("At the old h$0\nThen they left.")
        chosen = types.SelectedCompletionInfo(range=editor.range(offset - 1, offset), text="harbour")
        editor.model.replies = {"the old harbour": " wall."}
        (item,) = await editor.ghost_text(offset, selected_completion_info=chosen)
        assert item.insert_text == "harbour wall."
        assert item.range == chosen.range


async def test_why_there_is_none(speaks: str) -> None:
    async with attached(model(), speaks=speaks) as editor:
        offset = editor.open("Nobody wrote this$0")
        assert await editor.ghost_text(offset) == []
        await editor.until(lambda: editor.statuses[-1]["reason"])
        assert editor.statuses[-1]["state"] == "ready"


async def test_an_answer_for_a_text_that_has_changed_is_dropped(speaks: str) -> None:
    async with attached(model(seconds_a_word=0.02), speaks=speaks) as editor:
        offset = editor.open("At the old$0")
        request = asyncio.create_task(editor.ghost_text(offset))
        await editor.until(lambda: editor.model.running)
        editor.replace(0, 2, "By")
        assert await request == []


async def test_a_cancelled_request_stops_the_model(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        editor.model.replies = {"the old": " harbour" * 1000}
        editor.model.seconds_a_word = 0.005
        offset = editor.open("At the old$0")
        request = asyncio.create_task(editor.ghost_text(offset))
        await editor.until(lambda: editor.model.steps > 1)
        (sent,) = editor.client.protocol._request_futures
        editor.cancel(sent)
        await editor.until(lambda: not editor.model.running)
        steps = editor.model.steps
        await asyncio.sleep(0.02)
        assert editor.model.steps == steps
        with pytest.raises(Exception, match="cancel"):
            await request


async def test_fifty_requests_in_a_burst_leave_the_server_answering(speaks: str) -> None:
    async with attached(model(), speaks=speaks) as editor:
        offset = editor.open("At the old$0")
        answers = await asyncio.gather(*(editor.ghost_text(offset) for _ in range(50)))
        assert len(answers) == 50
        assert accepted(editor, await editor.ghost_text(offset)) == "At the old harbour wall."
        assert not editor.model.running


async def test_while_the_model_loads(speaks: str) -> None:
    async with attached(ScriptedTextModel(becomes=LOADING), speaks=speaks, wait_for="loading") as editor:
        assert await editor.ghost_text(editor.open("At the old$0")) == []
        assert editor.messages == []


async def test_what_it_cost_for_a_client_that_measures(speaks: str) -> None:
    async with attached(model(), speaks=speaks, options={"timings": True}) as editor:
        timings: list[dict[str, Any]] = []
        editor.client.feature("lspWriter/timing")(lambda params: timings.append(params._asdict()))
        assert await editor.ghost_text(editor.open("At the old$0"))
        assert await editor.ghost_text(0) == []
        await editor.until(lambda: len(timings) == 2)
        assert [timing["version"] for timing in timings] == [1, 1]
        assert timings[0]["answered"].seconds > timings[0]["asked"].seconds
        assert timings[0]["reason"] == ""
        assert timings[1]["reason"]
