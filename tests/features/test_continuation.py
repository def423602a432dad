"""Ghost text and menu on the real engine, with a model that knows one story by heart."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import pytest

from lsp_writer.features import drafting
from lsp_writer.features.continuation import Continuation
from lsp_writer.features.drafting import NothingToSuggest
from lsp_writer.features.habits import Habits
from lsp_writer.features.rhythm import Rhythm
from lsp_writer.features.word_choice import choose_words
from lsp_writer.generation import Event, Finished, JobKey, Kind, ModelStatus, Request, TextModel
from lsp_writer.inference.local import LocalModel
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.settings import GhostTextSettings, Settings
from tests.local_model import serving
from tests.marked import marked_manuscript
from tests.scripted_model import ByteTokenizer, ScriptedModel

STORY = (
    "The old house stood empty above the road. Nobody went there after dark. Mrs. Hale had seen a light in it, "
    "and the dogs would not pass the gate. In the spring a man came with a key.\n\nHe said that he was the heir."
)
URI = "file:///story.md"
SETTINGS = Settings(ghost_text=GhostTextSettings(max_tokens=80))


class Patience(Rhythm):
    """Of a writer who waits for the whole sentence, however busy the machine is that runs the test."""

    def patience(self) -> float:
        return 60.0


def patient(model: TextModel) -> Continuation:
    habits = Habits()
    habits.rhythm = Patience()
    return Continuation(model, habits)


async def suggest(marked: str, settings: Settings = SETTINGS, *, invoked: bool = False) -> tuple[str, str]:
    """What the ghost text adds at the caret, and the half-word it starts from; or an empty text and the reason."""
    manuscript, offset = marked_manuscript(marked)
    async with serving(ScriptedModel(STORY)) as model:
        answer = await patient(model).suggest(manuscript, offset, settings, invoked=invoked)
    if isinstance(answer, NothingToSuggest):
        return "", answer.reason
    best = answer[0]
    replaced = manuscript.text.slice(best.replaces.start, best.replaces.end)
    assert best.replaces.end == offset
    assert best.text.startswith(replaced)
    return best.text.removeprefix(replaced), replaced


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
        answer = await patient(model).suggest(manuscript, offset, SETTINGS, invoked=False)
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
    await check_silence("The old$0", "ghost text is switched off in the settings or in the front matter", off)
    asked = Settings(ghost_text=GhostTextSettings(mode="onDemand", max_tokens=80))
    await check_silence("The old$0", "ghost text is set to come only when asked for", asked)
    assert (await suggest("The old$0", asked, invoked=True))[0] == " house stood empty above the road."


async def test_menu_and_ghost_text_at_one_caret_cost_one_job() -> None:
    manuscript, offset = marked_manuscript("The old hou$0")
    async with serving(ScriptedModel(STORY)) as model:
        continuation = patient(model)
        choice, suggestion = await asyncio.gather(
            choose_words(continuation, manuscript, offset, SETTINGS),
            continuation.suggest(manuscript, offset, SETTINGS, invoked=False),
        )
        assert model.scheduler.submitted[Kind.TYPING] == 1
    assert not isinstance(suggestion, NothingToSuggest)
    assert suggestion[0].text.startswith(choice.words[0].text), "menu and ghost text agree"


async def test_ghost_text_asked_for_after_the_menu_finds_its_job() -> None:
    """The menu closed the job that it had begun, and ghost text began another."""
    manuscript, offset = marked_manuscript("The old hou$0")
    async with serving(ScriptedModel(STORY)) as model:
        continuation = patient(model)
        await choose_words(continuation, manuscript, offset, SETTINGS)
        await continuation.suggest(manuscript, offset, SETTINGS, invoked=False)
        assert model.scheduler.submitted[Kind.TYPING] == 1


async def test_a_menu_alone_does_not_keep_the_model_busy() -> None:
    """With ghost text switched off nobody comes for the rest of the sentence."""
    manuscript, offset = marked_manuscript("The old hou$0")
    scripted = ScriptedModel(STORY)
    async with serving(scripted) as model:
        off = Settings(ghost_text=GhostTextSettings(mode="off", max_tokens=80))
        await choose_words(patient(model), manuscript, offset, off)
        passes = len(scripted.passes)
        await asyncio.sleep(0.05)
        assert len(scripted.passes) <= passes + 1


class Typist:
    """Types on in a document, letting the model finish what it does in idle time."""

    def __init__(self, text: str, model: LocalModel) -> None:
        self.continuation = patient(self)
        self.status = model.status
        self.work = model.work
        self._model = model
        self._text = text
        self._version = 0
        self._prefilled = 0

    async def type_word(self, word: str) -> int:
        """Type a word and ask for ghost text; how many tokens the model read for it."""
        self._text += word
        self._version += 1
        manuscript = Manuscript(URI, self._version, Rope.of(self._text))
        await self.continuation.suggest(manuscript, len(self._text), _ONE_TOKEN, invoked=False)
        ahead = self.continuation._desks[URI]._ahead
        assert ahead is not None
        await ahead
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


@pytest.mark.slow
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
            anchors.add(typist.continuation._desks[URI].anchor)
            assert read == 1, f"word {number} cost {read} tokens and not only its predecessor's"
        assert len(anchors) > 2, "the anchor was to step"


async def test_a_busy_computer_is_told_of_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine with much else to do nothing came at the end of the sample story, and never came there again: the
    status said that the model had nothing new to say."""
    manuscript, offset = marked_manuscript("The old$0")
    async with serving(ScriptedModel(STORY)) as model:
        continuation = patient(model)
        with monkeypatch.context() as busy:
            busy.setattr(drafting, "_SECONDS", 0.0)
            busy.setattr(drafting, "_SECONDS_ASKED", 0.0)
            for invoked in (False, True):
                late = await continuation.suggest(manuscript, offset, SETTINGS, invoked=invoked)
                assert late == NothingToSuggest("this computer was too busy to answer in time")
        answer = await continuation.suggest(manuscript, offset, SETTINGS, invoked=False)
    assert not isinstance(answer, NothingToSuggest)
    assert answer[0].text == "old house stood empty above the road."


async def test_who_asks_for_ghost_text_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "_SECONDS", 0.0)
    text, _ = await suggest("The old$0", invoked=True)
    assert text == " house stood empty above the road."
