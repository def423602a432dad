"""A writer's first minutes over stdio, with the real default model, as each editor speaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from lsprotocol import types

from tests.e2e.stdio_editor import StdioEditor, started
from tests.lsp_editor import EDITORS

pytestmark = [pytest.mark.model, pytest.mark.parametrize("speaks", EDITORS)]

INVOKED = types.InlineCompletionTriggerKind.Invoked
BEFORE = "# The Ferry 😀\r\n\r\n"
PASSAGE = (
    "The letter was opened by Mara at the kitchen table. She suddenly felt that the room was really very cold. "
    "Her brother had gone to the harbour in the morning, and he had not come back."
)
AFTER = "\r\n\r\nShe walked down to the harbour. The boat was tied to the"
STORY = BEFORE + PASSAGE + AFTER


@asynccontextmanager
async def story(speaks: str) -> AsyncIterator[StdioEditor]:
    async with started("-m", "lsp_writer", "--stdio", speaks=speaks) as editor:
        editor.open(STORY)
        yield editor


async def test_ghost_text_comes_where_the_model_is_sure_and_ends_the_half_typed_word(speaks: str) -> None:
    async with story(speaks) as editor:
        shown = 0
        for letter in ". She shook her head":
            editor.replace(len(editor.text), len(editor.text), letter)
            for item in await editor.ghost_text(len(editor.text)):
                assert item.range is not None
                assert str(item.insert_text).startswith(editor.text[editor.offset(item.range.start) :])
                shown += editor.text.endswith(" he")
        assert shown, "her head"


async def test_whoever_asks_gets_several_different_ones_to_the_end_of_the_sentence(speaks: str) -> None:
    async with story(speaks) as editor:
        offered = [str(item.insert_text) for item in await editor.ghost_text(len(STORY), trigger_kind=INVOKED)]
        assert 2 <= len(offered) <= 5
        assert len({text.split()[0] for text in offered}) == len(offered)


async def test_the_menu_ends_the_half_typed_word(speaks: str) -> None:
    async with story(speaks) as editor:
        editor.replace(len(editor.text), len(editor.text), " wood")
        menu = await editor.complete(len(editor.text))
        assert 1 <= len(menu.items) <= 8
        for item in menu.items:
            assert item.label.startswith("wood")
            assert isinstance(item.text_edit, types.TextEdit)
            assert editor.text[editor.offset(item.text_edit.range.start) :] == "wood"


async def test_hover_finds_what_is_weak(speaks: str) -> None:
    async with story(speaks) as editor:
        hover = await editor.hover(STORY.index("opened"))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert "passive" in hover.contents.value.lower()


async def test_hover_finds_what_the_model_saw_coming(speaks: str) -> None:
    asked = {"critique": {"also": ["predictable"]}}
    async with started("-m", "lsp_writer", "--stdio", speaks=speaks, options=asked) as editor:
        sentence = "At the end of the day he wanted to make sure that everything was all right.\r\n"
        editor.open(f"# 😀\r\n\r\nHe counted the boats. {sentence}")
        hover = await editor.hover(editor.text.index("end of the day"))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert "**predictable**" in hover.contents.value, "which no rule says: only the model can"


@pytest.mark.parametrize("title", ["Expand scene", "Condense"])
async def test_a_rewrite_from_the_menu_to_the_undo(speaks: str, title: str) -> None:
    async with story(speaks) as editor:
        caret = STORY.index("Mara")
        action = next(action for action in await editor.actions(caret, caret) if action.title == title)
        assert action.command is not None
        await editor.run(action.command.command, (action.command.arguments or [])[0])
        await editor.until(lambda: editor.text != STORY or editor.messages, seconds=120)
        assert editor.messages == []
        assert editor.version == 2, "one change, which one undo takes back"
        assert editor.text.startswith(BEFORE)
        assert editor.text.endswith(AFTER)
        new = editor.text[len(BEFORE) : -len(AFTER)]
        assert new.strip()
        assert new != PASSAGE


async def test_a_rewrite_that_is_cancelled_leaves_the_text(speaks: str) -> None:
    async with story(speaks) as editor:
        await editor.rewrite(len(BEFORE), len(BEFORE + PASSAGE))
        await editor.until(lambda: editor.client.progress_reports)
        (token,) = editor.client.progress_reports
        await editor.until(lambda: editor.client.progress_reports[token])
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))
        await editor.until(lambda: editor.statuses[-1]["state"] == "ready")
        await editor.until(lambda: isinstance(editor.client.progress_reports[token][-1], types.WorkDoneProgressEnd))
        assert editor.text == STORY
        assert await editor.ghost_text(len(STORY), trigger_kind=INVOKED), editor.statuses[-1]
