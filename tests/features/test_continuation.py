"""Ghost text and menu on the real engine, with a model that knows one story by heart."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import pytest

from lsp_writer.features.continuation import Continuation, NothingToSuggest, Suggestion
from lsp_writer.features.word_choice import choose_words
from lsp_writer.generation import Event, Finished, JobKey, Kind, ModelStatus, Request
from lsp_writer.inference.local import LocalModel
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.settings import GhostTextSettings, MenuSettings, Settings
from tests.local_model import serving
from tests.marked import marked_manuscript
from tests.scripted_model import ByteTokenizer, ScriptedModel

STORY = (
    "The old house stood empty above the road. Nobody went there after dark. Mrs. Hale had seen a light in it, "
    "and the dogs would not pass the gate. In the spring a man came with a key.\n\nHe said that he was the heir."
)
SETTINGS = Settings(ghost_text=GhostTextSettings(max_tokens=80))


async def suggest(marked: str, settings: Settings = SETTINGS, *, invoked: bool = False) -> tuple[str, str]:
    """What the ghost text adds at the caret, and the half-word it starts from; or an empty text and the reason."""
    manuscript, offset = marked_manuscript(marked)
    async with serving(ScriptedModel(STORY)) as model:
        answer = await Continuation(model).suggest(manuscript, offset, settings, invoked=invoked)
    if isinstance(answer, NothingToSuggest):
        return "", answer.reason
    replaced = manuscript.text.slice(answer.replaces.start, answer.replaces.end)
    assert answer.replaces.end == offset
    assert answer.text.startswith(replaced)
    return answer.text.removeprefix(replaced), replaced


async def check_ghost_text(marked: str, expected: str) -> None:
    assert (await suggest(marked))[0] == expected


async def check_silence(marked: str, reason: str, settings: Settings = SETTINGS) -> None:
    assert await suggest(marked, settings) == ("", reason)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("The old$0", " house stood empty above the road."),
        ("The old house stood empty above the road.$0", " Nobody went there after dark."),
        ("Nobody went there after dark. Mrs$0", ". Hale had seen a light in it, and the dogs would not pass the gate."),
        ("In the spring a man came with a key.\n\n$0", "He said that he was the heir."),
    ],
    ids=["a sentence's end", "the next sentence", "no end at a title", "a new paragraph"],
)
async def test_ghost_text_goes_to_the_end_of_the_sentence(marked: str, expected: str) -> None:
    await check_ghost_text(marked, expected)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("The old $0", "house stood empty above the road."),
        ("The old hou$0", "se stood empty above the road."),
        ("The old house$0", " stood empty above the road."),
    ],
)
async def test_a_half_typed_word_is_finished_and_white_space_not_doubled(marked: str, expected: str) -> None:
    await check_ghost_text(marked, expected)


async def test_no_repeat_of_what_stands_after_the_caret() -> None:
    await check_ghost_text("The old house $0 empty above the road. He left.", "stood")


async def test_no_repeat_of_what_stands_before_the_caret() -> None:
    """A model that has begun to go round in circles offers the last sentence again."""
    circle = "Nobody went there after dark at all. Nobody went there after dark at all."
    manuscript, offset = marked_manuscript("Nobody went there after dark at all.$0")
    async with serving(ScriptedModel(circle)) as model:
        answer = await Continuation(model).suggest(manuscript, offset, SETTINGS, invoked=False)
    assert answer == NothingToSuggest("the model has nothing new to say here")


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("---\ntitle: The$0\n---\n\nThe old house.", "the caret is in front matter"),
        ("```\nThe old$0\n```\n", "the caret is in code"),
        ("See [the map](http://the$0.example/) there.", "the caret is in a link"),
        ("The `old$0 house` stood", "the caret is in code"),
        ("# The old$0", "the caret is in a heading"),
        ("The old <!-- house$0 --> stood", "the caret is in a comment"),
    ],
)
async def test_nothing_where_there_is_no_prose(marked: str, reason: str) -> None:
    await check_silence(marked, reason)


@pytest.mark.parametrize("marked", ["The [old ho](map.md)us$0", "The old <b>ho</b>us$0"])
async def test_what_is_replaced_stands_before_the_caret_whatever_markup_is_inside_the_word(marked: str) -> None:
    """“See [the o](mara.md)ld” was to become “See [the o](mara.mdold house”: the link's end was taken for letters."""
    text, replaced = await suggest(marked)
    assert (text, replaced) == ("e stood empty above the road.", "us")


async def test_nothing_inside_a_word() -> None:
    """“hou|nd slept” was to become “house stood empty above the road.nd slept”."""
    await check_silence("The old hou$0nd slept.", "the caret is inside a word")


async def test_before_a_word_the_suggestion_brings_its_own_space() -> None:
    await check_ghost_text("The old $0man slept.", "house stood empty above the road. ")


async def test_ghost_text_can_be_off_or_wait_to_be_asked() -> None:
    off = Settings(ghost_text=GhostTextSettings(mode="off"))
    await check_silence("The old$0", "ghost text is switched off", off)
    asked = Settings(ghost_text=GhostTextSettings(mode="onDemand", max_tokens=80))
    await check_silence("The old$0", "ghost text is set to come only when asked for", asked)
    assert (await suggest("The old$0", asked, invoked=True))[0] == " house stood empty above the road."


async def check_words(marked: str, expected: list[str], replaced: str, settings: Settings = SETTINGS) -> None:
    manuscript, offset = marked_manuscript(marked)
    async with serving(ScriptedModel(STORY)) as model:
        choice = await choose_words(Continuation(model), manuscript, offset, settings)
    assert [word.text for word in choice.words] == expected
    assert manuscript.text.slice(choice.replaces.start, choice.replaces.end) == replaced


async def test_the_menu_finishes_the_half_typed_word() -> None:
    await check_words("The old hou$0", ["house"], "hou")


async def test_the_menu_has_nothing_right_after_a_full_stop_or_in_code() -> None:
    await check_words("stood empty above the road.$0", [], "")
    await check_words("```\nThe old hou$0\n```", [], "")


async def test_the_menu_begins_a_paragraph() -> None:
    await check_words("came with a key.\n\n$0", ["He"], "")
    await check_words("came with a key.\n\nH$0", ["He"], "H")


async def test_no_menu_where_a_link_is_half_of_the_word() -> None:
    await check_words("The [old ho](map.md)us$0", [], "")


async def test_the_menu_can_be_switched_off() -> None:
    await check_words("The old hou$0", [], "", Settings(menu=MenuSettings(enabled=False)))


async def test_menu_and_ghost_text_at_one_caret_cost_one_job() -> None:
    manuscript, offset = marked_manuscript("The old hou$0")
    async with serving(ScriptedModel(STORY)) as model:
        continuation = Continuation(model)
        choice, suggestion = await asyncio.gather(
            choose_words(continuation, manuscript, offset, SETTINGS),
            continuation.suggest(manuscript, offset, SETTINGS, invoked=False),
        )
        assert model.scheduler.submitted == 1
    assert isinstance(suggestion, Suggestion)
    assert suggestion.text.startswith(choice.words[0].text), "menu and ghost text agree"


async def test_ghost_text_asked_for_after_the_menu_finds_its_job() -> None:
    """The menu closed the job that it had begun, and ghost text began another."""
    manuscript, offset = marked_manuscript("The old hou$0")
    async with serving(ScriptedModel(STORY)) as model:
        continuation = Continuation(model)
        await choose_words(continuation, manuscript, offset, SETTINGS)
        await continuation.suggest(manuscript, offset, SETTINGS, invoked=False)
        assert model.scheduler.submitted == 1


async def test_a_menu_alone_does_not_keep_the_model_busy() -> None:
    """With ghost text switched off nobody comes for the rest of the sentence."""
    manuscript, offset = marked_manuscript("The old hou$0")
    scripted = ScriptedModel(STORY)
    async with serving(scripted) as model:
        off = Settings(ghost_text=GhostTextSettings(mode="off", max_tokens=80))
        await choose_words(Continuation(model), manuscript, offset, off)
        passes = len(scripted.passes)
        await asyncio.sleep(0.05)
        assert len(scripted.passes) <= passes + 1


@pytest.mark.parametrize(("spelled", "offered"), [("wasn", False), ("L", False), ("can", True), ("won", True)])
async def test_a_fragment_is_no_word(spelled: str, offered: bool) -> None:
    """The menu offered “wasn”; the first mend of it took “can” and “won” away as well."""
    tokenizer = ByteTokenizer([" " + spelled])
    manuscript, offset = marked_manuscript("The old $0")
    book = f"The old {spelled} "
    async with serving(ScriptedModel(book, vocabulary_size=len(tokenizer.vocabulary)), tokenizer) as model:
        choice = await choose_words(Continuation(model), manuscript, offset, SETTINGS)
    assert (spelled in [ranked.text for ranked in choice.words]) is offered


class Typist:
    """Types on in a document, letting the model finish what it does in idle time."""

    def __init__(self, text: str, model: LocalModel) -> None:
        self.continuation = Continuation(self)
        self.status = model.status
        self._model = model
        self._text = text
        self._version = 0
        self._prefilled = 0

    async def type_word(self, word: str) -> int:
        """Type a word and ask for ghost text; how many tokens the model read for it."""
        self._text += word
        self._version += 1
        manuscript = Manuscript("file:///story.md", self._version, Rope.of(self._text))
        await self.continuation.suggest(manuscript, len(self._text), _ONE_TOKEN, invoked=False)
        while self.continuation._background:
            await asyncio.gather(*self.continuation._background)
        return self._prefilled

    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        async with aclosing(self._model.stream(key, request)) as events:
            async for event in events:
                if isinstance(event, Finished) and key.kind == Kind.TYPING:
                    self._prefilled = event.prefilled_tokens
                yield event

    def watch(self, listener: Callable[[ModelStatus], None]) -> None:
        raise NotImplementedError

    start = close = lambda _: None


_ONE_TOKEN = Settings(ghost_text=GhostTextSettings(max_tokens=1))
LINE = "It was day {} and the boats lay still in the harbour under the hill. "
WORDS = [" seven", " lamps", " burned", " low", " and", " blue"]


@pytest.mark.parametrize("words", [1_000, 100_000])
async def test_one_more_word_costs_its_own_tokens_however_long_the_document_and_across_an_anchor_step(
    words: int,
) -> None:
    """The passage's beginning moves while the writer types; the move was read ahead, so no keystroke pays for it."""
    known = [*WORDS, *{piece for word in LINE.split() for piece in (word.strip("."), " " + word.strip("."))}]
    tokenizer = ByteTokenizer(known)
    model = ScriptedModel("Nothing like it.", vocabulary_size=len(tokenizer.vocabulary))
    async with serving(model, tokenizer) as local:
        lines = [LINE.format(day) for day in range(words // len(LINE.split()))]
        typist = Typist("\n\n".join("".join(lines[at : at + 4]) for at in range(0, len(lines), 4)) + "And", local)
        await typist.type_word(" low")
        anchors = set()
        for number, word in enumerate(random.Random(7).choices(WORDS, k=400)):
            read = await typist.type_word(word)
            anchors.add(typist.continuation._anchors["file:///story.md"])
            assert read == 1, f"word {number} cost {read} tokens and not only its predecessor's"
        assert len(anchors) > 2, "the anchor was to step"
