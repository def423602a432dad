"""The review of a sentence: what the rules and the model say together, and what happens without a model."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import pytest

from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.review import Review, review
from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.generation import (
    Event,
    Finished,
    JobKey,
    ModelState,
    ModelStatus,
    Request,
    Score,
    Scores,
    StopReason,
    TokenScore,
)
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.words import word_spans
from lsp_writer.settings import CritiqueSettings

CLICHE = "Marta put the kettle on and cut some bread. A letter came under her door. The cat sat on the sill and slept."
SLIP = "The train was late again that Friday. A woman was waiting of someone else on the cold platform by the clock."


class ScriptedModel:
    """Scores each word by a table; every other word has three nats."""

    def __init__(self, surprisals: dict[str, float], best: str = " the", state: ModelState = ModelState.READY) -> None:
        self.requests: list[Score] = []
        self.status = ModelStatus(state)
        self._surprisals = surprisals
        self._best = best
        self.answers = True

    def watch(self, listener: Callable[[ModelStatus], None]) -> None: ...

    def start(self) -> None: ...

    def close(self) -> None: ...

    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        assert isinstance(request, Score)
        assert key.document == "file:///story.md"
        self.requests.append(request)
        if not self.answers:
            await asyncio.Event().wait()
        yield Scores(tuple(self._scores(request.text)))
        yield Finished(StopReason.DONE)

    def _scores(self, text: str) -> list[TokenScore]:
        tokens, end = [], 0
        for word in word_spans(text):
            surprisal = self._surprisals.get(text[word.start : word.end], 3.0)
            tokens.append(TokenScore(end, word.end, -surprisal, self._best, -0.1))
            end = word.end
        return tokens


async def review_at(marked: str, model: ScriptedModel | None = None, **settings: object) -> Review | None:
    offset = marked.index("$0")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(marked.replace("$0", "")))
    settings = {"also": ("awkward", "predictable"), **settings}
    return await review(Critic(), model, manuscript, offset, Wishes(CritiqueSettings(**settings)), seconds=0.2)  # type: ignore[arg-type]  # names of settings


async def check_review(marked: str, expected: list[tuple[str, str]], model: ScriptedModel | None = None) -> None:
    """The findings at the caret are of these kinds and stand at these texts."""
    text = marked.replace("$0", "")
    found = await review_at(marked, model)
    assert found is not None
    assert [(finding.kind, text[finding.span.start : finding.span.end]) for finding in found.findings] == expected


async def test_only_the_sentence_under_the_caret_is_reviewed() -> None:
    text = "Intro.\n\nThe door was painted green. She$0 saw the gate. The boy was banished."
    await check_review(text, [("filter-word", "She saw")])
    found = await review_at(text)
    assert found is not None
    assert found.facts.startswith("13 words · 3 sentences")
    assert text.replace("$0", "")[found.span.start : found.span.end] == "She saw the gate."


async def test_the_kinds_stand_in_order_of_use() -> None:
    await check_review(
        "She$0 saw the gate slowly and softly move, and the boy was banished.",
        [("passive", "was banished"), ("filter-word", "She saw"), ("adverb", "slowly and softly")],
    )


async def test_no_more_than_two_of_a_kind() -> None:
    found = await review_at("$0It was announced, it was cancelled, it was allowed and it was forbidden.")
    assert found is not None
    assert len(found.findings) == 2


async def test_nothing_to_say_still_gives_facts() -> None:
    found = await review_at("Rain blew$0 in.")
    assert found is not None
    assert found.findings == ()
    assert found.facts == "3 words · 1 sentence · 0% dialogue · 1 s to read"


async def test_there_is_no_review_where_there_is_no_prose() -> None:
    for text in ("$0", "One.\n$0\nTwo.", "```\nco$0de was written\n```\n", "---\ntitle$0: x\n---\n", "# Head$0ing"):
        assert await review_at(text) is None


async def test_what_is_not_prose_is_not_reviewed() -> None:
    await check_review('See [the tides](x "was kept by us") and `it was$0 sold`.', [])


async def test_kinds_can_be_turned_off() -> None:
    found = await review_at("The boy$0 was banished. ", disabled=("passive",))
    assert found is not None
    assert found.findings == ()


async def test_a_predictable_phrase() -> None:
    model = ScriptedModel({"came": 0.2, "under": 0.1, "her": 0.2, "door": 0.1})
    marked = CLICHE.replace("A letter", "$0A letter")
    await check_review(marked, [("predictable", "letter came under her door")], model)
    await check_review("$0" + CLICHE, [], model)
    assert model.requests[0].text == CLICHE[: CLICHE.index(" The cat")]


async def test_a_predictable_phrase_in_dialogue_is_left_alone() -> None:
    model = ScriptedModel({"came": 0.2, "under": 0.1, "her": 0.2, "door": 0.1})
    await check_review(CLICHE.replace("A letter came under her door.", "“$0A letter came under her door.”"), [], model)


async def test_an_awkward_word() -> None:
    await check_review(SLIP.replace("A woman", "$0A woman"), [("awkward", "of")], ScriptedModel({"of": 14.0}, " for"))
    # A rare noun is no slip, and where the model was not sure there is nothing to compare with.
    await check_review(SLIP.replace("A woman", "$0A woman"), [], ScriptedModel({"platform": 14.0}, " for"))


async def test_an_awkward_word_in_a_speech_is_left_alone() -> None:
    marked = SLIP.replace("A woman was waiting of", "“$0A woman was waiting of”")
    await check_review(marked, [], ScriptedModel({"of": 14.0}, " for"))


async def test_a_rich_style_is_judged_by_its_own_measure() -> None:
    rare = dict.fromkeys(SLIP.replace(".", "").split(), 12.0)
    await check_review(SLIP.replace("A woman", "$0A woman"), [], ScriptedModel(rare, " for"))


async def test_the_model_reads_the_paragraphs_above() -> None:
    model = ScriptedModel({})
    await review_at("First paragraph.\n\n$0Second paragraph stands here.", model)
    assert model.requests[0].prompt[0].text == "First paragraph.\n\n"
    assert model.requests[0].text == "Second paragraph stands here."


async def test_a_long_paragraph_is_scored_only_near_the_sentence() -> None:
    model = ScriptedModel({})
    await review_at("The rain fell on the roof. " * 100 + "$0It was late.", model)
    assert len(model.requests[0].text) <= 900


async def test_without_a_model_the_rules_still_speak() -> None:
    text = "The boy$0 was banished."
    loading = ScriptedModel({}, state=ModelState.LOADING)
    await check_review(text, [("passive", "was banished")], loading)
    assert loading.requests == []
    slow = ScriptedModel({})
    slow.answers = False
    await check_review(text, [("passive", "was banished")], slow)


@pytest.mark.parametrize("settings", [{"also": ()}, {"disabled": ("awkward", "predictable")}])
async def test_a_model_is_not_asked_for_what_nobody_wants(settings: dict[str, object]) -> None:
    quiet = ScriptedModel({})
    await review_at("The boy$0 was banished.", quiet, **settings)
    assert quiet.requests == []
