"""What a writer sees who types on while suggestions come: what costs the model something, and what does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from lsp_writer.features.continuation import Continuation
from lsp_writer.features.drafting import NothingToSuggest
from lsp_writer.features.word_choice import choose_words
from lsp_writer.generation import Event, Generate, Kind
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span
from lsp_writer.settings import GhostTextSettings, Settings
from tests.scripted_text_model import ScriptedTextModel

URI = "file:///story.md"
SETTINGS = Settings()
HELD_BACK = Settings(ghost_text=GhostTextSettings(debounce_milliseconds=60))
STORY = {
    "stood empty above the road.": " Nobody went there after dark.",
    "The old house sl": "ept.",
    "The old house stood": " empty above the road.",
    "The old": " house stood empty above the road.",
}


class Typist:
    """Types at the end of a document and asks for ghost text after every key."""

    def __init__(self, model: ScriptedTextModel, settings: Settings = SETTINGS) -> None:
        self.model = model
        self.settings = settings
        self.text = ""
        self.version = 0
        self.grown: list[int] = []
        self.continuation = Continuation(model, grown=lambda _, version: self.grown.append(version))
        model.start()

    @property
    def manuscript(self) -> Manuscript:
        return Manuscript(URI, self.version, Rope.of(self.text))

    def type(self, text: str) -> None:
        start = len(self.text)
        self.text += text
        self.version += 1
        self.continuation.changed(self.manuscript, [Edit(Span(start, start), len(text))])

    def delete(self, count: int) -> None:
        end = len(self.text)
        self.text = self.text[:-count]
        self.version += 1
        self.continuation.changed(self.manuscript, [Edit(Span(end - count, end), 0)])

    async def ghost_text(self, *, invoked: bool = False) -> list[str]:
        """What is offered behind the caret."""
        answer = await self.continuation.suggest(self.manuscript, len(self.text), self.settings, invoked=invoked)
        if isinstance(answer, NothingToSuggest):
            return []
        return [suggestion.text[len(suggestion.replaces) :] for suggestion in answer]

    async def menu(self) -> list[str]:
        choice = await choose_words(self.continuation, self.manuscript, len(self.text), self.settings)
        return [word.text for word in choice.words]

    async def types(self, text: str) -> str:
        self.type(text)
        return "".join(await self.ghost_text())

    async def waits(self) -> None:
        """Until the model has done all it has to do."""
        ahead = self.continuation._desks[URI]._ahead
        if ahead is not None:
            await ahead

    async def hears(self, words: int) -> None:
        """Until the model has said so many words."""
        async with asyncio.timeout(10):
            while self.model.steps < words:  # noqa: ASYNC110  # the model has no event to tell it by
                await asyncio.sleep(0.001)

    def asked(self, kind: Kind = Kind.TYPING) -> int:
        return sum(kind == asked for asked, request in self.model.asked if isinstance(request, Generate))


@pytest.fixture
def typist() -> Typist:
    return Typist(ScriptedTextModel(STORY))


async def test_who_types_what_is_suggested_asks_the_model_nothing(typist: Typist) -> None:
    rest = await typist.types("The old")
    assert rest == " house stood empty above the road."
    await typist.waits()
    asked = typist.asked()
    while rest:
        key, rest = rest[0], rest[1:]
        if rest:
            assert await typist.types(key) == rest
    assert typist.asked() == asked


async def test_what_follows_is_ready_when_all_has_been_taken(typist: Typist) -> None:
    rest = await typist.types("The old")
    await typist.waits()
    asked = typist.asked()
    assert await typist.types(rest) == " Nobody went there after dark."
    assert typist.asked() == asked
    assert typist.asked(Kind.IDLE), "it was worked out in idle time"


async def test_going_back_shows_the_earlier_suggestion_again(typist: Typist) -> None:
    await typist.types("The old")
    await typist.types(" ho")
    await typist.waits()
    asked = typist.asked()
    typist.delete(3)
    assert await typist.ghost_text() == [" house stood empty above the road."]
    assert typist.asked() == asked


async def test_who_writes_something_else_gets_something_else(typist: Typist) -> None:
    await typist.types("The old")
    await typist.types(" house s")
    assert await typist.types("l") == "ept."


async def test_a_caret_where_nothing_was_found_is_not_asked_about_again(typist: Typist) -> None:
    assert await typist.types("Nobody ") == ""
    await typist.waits()
    asked = typist.asked()
    assert await typist.ghost_text() == []
    assert typist.asked() == asked


async def test_keys_that_agree_with_a_job_at_work_adopt_it(typist: Typist) -> None:
    typist.model.seconds_a_word = 0.01
    typist.type("The old")
    requests = [asyncio.create_task(typist.ghost_text())]
    await asyncio.sleep(0)
    for key in " ho":
        typist.type(key)
        requests.append(asyncio.create_task(typist.ghost_text()))
        await asyncio.sleep(0)
    answers = await asyncio.gather(*requests)
    assert answers[:-1] == [[], [], []], "what was asked for an older text is not answered"
    assert answers[-1][0].startswith("use stood empty")
    assert typist.asked() == 1


async def test_keys_that_do_not_agree_stop_the_job_at_work(typist: Typist) -> None:
    typist.model.seconds_a_word = 0.01
    typist.type("The old")
    request = asyncio.create_task(typist.ghost_text())
    await typist.hears(1)
    typist.type(" barn")
    assert await request == []
    await asyncio.sleep(0)
    assert not typist.model.running


async def test_a_job_that_was_cancelled_goes_on_where_it_was_stopped(typist: Typist) -> None:
    """Some editors cancel at a key before they ask again."""
    typist.model.seconds_a_word = 0.01
    typist.type("The old")
    request = asyncio.create_task(typist.ghost_text())
    await typist.hears(2)
    request.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not typist.model.running, "a cancelled request stops the model"
    assert await typist.types(" ") == "house stood empty above the road."
    resumed = typist.model.asked[-1][1]
    assert isinstance(resumed, Generate)
    assert "The old house" in resumed.prompt[-1].text


class SteadyTypist(Typist):
    """Strikes a key every 60 ms, by a model that takes 20 ms a word."""

    async def steadily(self, text: str) -> str:
        answer = ""
        for key in text:
            started = asyncio.get_running_loop().time()
            answer = await self.types(key)
            await asyncio.sleep(0.06 - (asyncio.get_running_loop().time() - started))
        return answer


@pytest.mark.slow
async def test_a_steady_typist_sees_the_first_words_before_the_sentence_is_done() -> None:
    typist = SteadyTypist(ScriptedTextModel(STORY, {"The old": ("house",)}, seconds_a_word=0.02))
    await typist.steadily("Then. ")
    answer = await typist.steadily("The old")
    assert answer
    assert " house stood empty above the road.".startswith(answer)
    assert len(answer) < len(" house stood empty above the road.")
    await typist.waits()
    assert typist.grown[-1] == typist.version
    assert await typist.ghost_text() == [" house stood empty above the road."]


WORDS = {"The old": ("house", "man", "dog", "road", "well", "mill")}


async def test_five_different_ones_on_request_and_the_same_again_when_the_editor_asks_again() -> None:
    typist = Typist(ScriptedTextModel(STORY, WORDS))
    typist.type("The old")
    offered = await typist.ghost_text(invoked=True)
    assert offered == [f" {word} stood empty above the road." for word in ("house", "man", "dog", "road", "well")]
    asked = typist.asked()
    assert await typist.ghost_text(invoked=True) == offered
    assert typist.asked() == asked


async def test_of_candidates_that_say_the_same_one_is_offered() -> None:
    typist = Typist(ScriptedTextModel(STORY))
    typist.type("The old")
    assert await typist.ghost_text(invoked=True) == [" house stood empty above the road."]


async def test_what_is_showing_stays_the_first_of_the_five() -> None:
    """The writer was typing along with one, asked for more, and it was gone."""
    typist = Typist(ScriptedTextModel(STORY, WORDS))
    await typist.types("The old")
    showing = await typist.types(" ")
    offered = await typist.ghost_text(invoked=True)
    assert offered[0] == showing
    assert len(offered) == len(set(offered)) > 1


async def test_letters_typed_along_with_a_suggestion_leave_of_the_menu_what_begins_with_them() -> None:
    """Each letter had the words ranked anew, though nobody needs other words than the one that is showing."""
    words = {"The old": ("house", "home", "man", "horse")}
    typist = Typist(ScriptedTextModel({"The old": "house stood empty."}, words))
    await typist.types("The old ")
    assert await typist.menu() == ["house", "home", "man", "horse"]
    asked = typist.asked()
    await typist.types("h")
    assert await typist.menu() == ["house", "home", "horse"]
    await typist.types("ous")
    assert await typist.menu() == ["house"]
    assert typist.asked() == asked


async def test_who_types_along_with_any_of_the_five_sees_its_rest() -> None:
    typist = Typist(ScriptedTextModel(STORY, WORDS))
    typist.type("The old")
    await typist.ghost_text(invoked=True)
    assert await typist.types(" d") == "og stood empty above the road."


async def test_the_pace_that_a_writer_sets_holds_for_the_menu_as_well() -> None:
    """With half a second set, the menu had the model say whole sentences at every key."""
    typist = Typist(ScriptedTextModel(STORY), HELD_BACK)
    requests = []
    for letter in "The ol":
        typist.type(letter)
        requests += [asyncio.create_task(typist.menu()), asyncio.create_task(typist.ghost_text())]
        await asyncio.sleep(0.005)
    assert typist.asked() == 0
    assert await typist.types("d") == " house stood empty above the road."
    assert typist.asked() == 1
    assert not any(await asyncio.gather(*requests))


async def test_a_request_that_was_held_back_too_long_leaves_the_newest_alone() -> None:
    """An editor that cancels nothing: the older request woke up, asked the model for the older text, and stopped what
    was being said for the newer."""
    typist = Typist(ScriptedTextModel(STORY), HELD_BACK)
    typist.type("The")
    older = asyncio.create_task(typist.ghost_text())
    await asyncio.sleep(0.01)
    typist.settings = SETTINGS
    assert await typist.types(" old") == " house stood empty above the road."
    assert await older == []
    assert typist.asked() == 1
    await typist.waits()
    assert typist.asked(Kind.IDLE) == 1


async def test_a_menu_for_an_older_text_is_not_waited_for() -> None:
    """With ghost text on demand, the model went on ranking words for a text that was no more."""
    on_demand = Settings(ghost_text=GhostTextSettings(mode="onDemand"))
    typist = Typist(SlowToRank(STORY, {"The old": ("house",)}), on_demand)
    typist.type("The old ")
    older = asyncio.create_task(typist.menu())
    while not typist.model.running:  # noqa: ASYNC110  # the model has no event to tell it by
        await asyncio.sleep(0.001)
    typist.type("h")
    async with asyncio.timeout(5):
        assert await older == []
        while typist.model.running:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


class SlowToRank(ScriptedTextModel):
    """Takes for ever over its first words."""

    async def _generated(self, request: Generate) -> AsyncGenerator[Event, None]:
        await asyncio.sleep(3600)
        async for event in super()._generated(request):
            yield event


async def test_a_document_that_is_closed_while_a_menu_waits_can_be_opened_again() -> None:
    """`:e` closes and opens: until the new document had as many versions as the old one, nothing was suggested."""
    typist = Typist(ScriptedTextModel(STORY, WORDS))
    typist.version = 40
    await typist.types("The old")
    typist.type(" ")
    menu = asyncio.create_task(typist.menu())
    await asyncio.sleep(0)
    typist.continuation.forget(typist.manuscript)
    assert await menu == []
    typist.text, typist.version = "", 0
    assert await typist.types("The old") == " house stood empty above the road."


async def test_a_word_in_the_menu_is_not_taken_for_the_writers() -> None:
    """The menu showed “house”; the caret moved to where its end would have been, and its ghost text came along."""
    typist = Typist(ScriptedTextModel({"The old house": " stood."}))
    typist.type("The old h and so on.")
    chosen = Manuscript(URI, typist.version, Rope.of("The old house and so on."))
    shown = await typist.continuation.suggest(chosen, 13, SETTINGS, invoked=False, written=False)
    assert isinstance(shown, tuple)
    asked = typist.asked()
    await typist.continuation.suggest(typist.manuscript, 13, SETTINGS, invoked=False)
    assert typist.asked() > asked


async def test_a_client_whose_versions_go_down() -> None:
    """After one number smaller than the last, nothing was suggested any more, and no reason given."""
    typist = Typist(ScriptedTextModel(STORY))
    typist.version = 500
    assert await typist.types("The old") == " house stood empty above the road."
    typist.version = 1
    assert await typist.types(" house stood") == " empty above the road."
