"""The menu's words, on the real engine with a model that knows one story by heart."""

from __future__ import annotations

import pytest

from lsp_writer.features.continuation import Continuation
from lsp_writer.features.word_choice import choose_words
from lsp_writer.settings import GhostTextSettings, MenuSettings, Settings
from tests.local_model import serving
from tests.marked import marked_manuscript
from tests.scripted_model import ScriptedModel

STORY = (
    "The old house stood empty above the road. It wasn’t far from the o'clock tower, a well-known one.\n\n"
    "夜里没有人。 He came with a key."
)
SETTINGS = Settings()


async def check_words(
    marked: str, expected: list[str], replaced: str, settings: Settings = SETTINGS, story: str = STORY
) -> None:
    manuscript, offset = marked_manuscript(marked)
    async with serving(ScriptedModel(story)) as model:
        choice = await choose_words(Continuation(model), manuscript, offset, settings)
    assert [word.text for word in choice.words] == expected
    assert manuscript.text.slice(choice.replaces.start, choice.replaces.end) == replaced


@pytest.mark.parametrize(
    ("marked", "expected", "replaced"),
    [
        ("The old hou$0", ["house"], "hou"),
        ("The old $0", ["house"], ""),
        ("above the road. It wa$0", ["wasn’t"], "wa"),
        ("above the road. It wasn$0", ["wasn’t"], "wasn"),
        ("above the road. It wasn’$0", ["wasn’t"], "wasn’"),
        ("from the o'clo$0", ["o'clock"], "o'clo"),
        ("clock tower, a we$0", ["well"], "we"),
        ("clock tower, a well-k$0", ["known"], "k"),
    ],
)
async def test_the_half_typed_word_is_finished(marked: str, expected: list[str], replaced: str) -> None:
    """The menu offered “wasn”."""
    await check_words(marked, expected, replaced)


@pytest.mark.parametrize("marked", ["above the road.$0", "```\nThe old hou$0\n```"], ids=["a full stop", "code"])
async def test_nothing_right_after_a_full_stop_or_in_code(marked: str) -> None:
    await check_words(marked, [], "")


async def test_the_first_word_of_a_paragraph() -> None:
    story = "A man came with a key.\n\nHe said that he was the heir."
    await check_words("A man came with a key.\n\n$0", ["He"], "", story=story)
    await check_words("A man came with a key.\n\nH$0", ["He"], "H", story=story)


async def test_without_spaces_a_character_and_never_a_sentence() -> None:
    await check_words("a well-known one.\n\n$0", ["夜"], "")


async def test_nothing_where_a_link_is_half_of_the_word() -> None:
    await check_words("The [old ho](map.md)us$0", [], "")


async def test_the_menu_can_be_switched_off() -> None:
    await check_words("The old hou$0", [], "", Settings(menu=MenuSettings(enabled=False)))


async def test_with_ghost_text_off_the_model_is_asked_for_words_alone() -> None:
    off = Settings(ghost_text=GhostTextSettings(mode="off"))
    manuscript, offset = marked_manuscript("The old hou$0")
    scripted = ScriptedModel(STORY)
    async with serving(scripted) as model:
        choice = await choose_words(Continuation(model), manuscript, offset, off)
        assert [word.text for word in choice.words] == ["house"]
    assert len(scripted.passes) < len(" house stood empty")
