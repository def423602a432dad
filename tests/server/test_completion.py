from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types

from lsp_writer.features import word_choice
from lsp_writer.generation import Generate
from tests.scripted_text_model import ScriptedTextModel
from tests.server.editor import EDITORS, AttachedEditor, attached

pytestmark = pytest.mark.parametrize("speaks", EDITORS)


def model() -> ScriptedTextModel:
    return ScriptedTextModel(words={"the old": ("harbour", "house", "hämmer")}, replies={"the old": " harbour wall."})


async def check_menu(speaks: str, marked: str, expected: list[str], settings: object = None) -> None:
    """Choosing any word of the menu gives one of the `expected` texts, in order."""
    async with attached(model(), speaks=speaks, settings=settings) as editor:
        menu = await editor.complete(editor.open(marked))
        assert menu.is_incomplete
        assert [chosen(editor, item) for item in menu.items] == expected


def chosen(editor: AttachedEditor, item: types.CompletionItem) -> str:
    assert isinstance(item.text_edit, types.TextEdit)
    start, end = (editor.offset(place) for place in (item.text_edit.range.start, item.text_edit.range.end))
    return editor.text[:start] + item.text_edit.new_text + editor.text[end:]


def words_alone(model: ScriptedTextModel) -> list[Generate]:
    """The requests for a menu's words without any text."""
    requests = (request for _, request in model.asked if isinstance(request, Generate))
    return [request for request in requests if not request.stops.max_new_tokens]


async def test_next_words_most_probable_first(speaks: str) -> None:
    await check_menu(
        speaks, "😀 At the old $0", ["😀 At the old harbour", "😀 At the old house", "😀 At the old hämmer"]
    )


async def test_a_half_typed_word_is_replaced(speaks: str) -> None:
    await check_menu(
        speaks, "“😀 At the old h$0", [f"“😀 At the old {word}" for word in ("harbour", "house", "hämmer")]
    )


async def test_a_menu_that_is_switched_off(speaks: str) -> None:
    await check_menu(speaks, "At the old $0", [], settings={"menu": {"enabled": False}})


async def test_nothing_to_offer_is_an_empty_menu(speaks: str) -> None:
    await check_menu(speaks, "", [])
    await check_menu(speaks, "Nobody wrote this $0", [])


async def test_what_an_item_says(speaks: str) -> None:
    async with attached(model(), speaks=speaks) as editor:
        menu = await editor.complete(editor.open("At the old h$0"))
        assert [item.label for item in sorted(menu.items, key=lambda item: item.sort_text or "")] == [
            "harbour",
            "house",
            "hämmer",
        ]
        assert all(item.filter_text == item.label for item in menu.items)
        assert not any(item.commit_characters for item in menu.items)


async def test_a_space_asks_for_the_menu(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        options = editor.server.server_capabilities.completion_provider
        assert options is not None
        assert options.trigger_characters == [" "]
        assert not options.all_commit_characters


async def test_ghost_text_that_is_at_hand_goes_before_work_for_the_menu(
    speaks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors ask for the menu first. The rest of a suggestion came when the model had been asked for the menu's words,
    and the next letter was sometimes there before it."""
    monkeypatch.setattr(word_choice, "_AT_HAND_SECONDS", 0.5)  # a busy machine may need more than is usual
    async with attached(model(), speaks=speaks) as editor:
        offset = editor.open("At the old$0")
        assert await editor.ghost_text(offset)
        await editor.until(lambda: not editor.model.running)
        editor.replace(offset, offset, " ")
        menu = asyncio.create_task(editor.complete(offset + 1))
        await asyncio.sleep(0)
        assert await editor.ghost_text(offset + 1)
        assert not words_alone(editor.model)
        assert [item.label for item in (await menu).items] == ["harbour", "house", "hämmer"]
