"""What becomes of a model's candidates: which of them is offered, and what is tried where none will do."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from lsp_writer.errors import RevisionRejected
from lsp_writer.features.revision.commission import Progress
from lsp_writer.features.revision.entry import Example, How, Keeps, Length
from lsp_writer.generation import Event, Finished, Generate, JobKey, Piece, Request, Score, StopReason
from tests.features.revision.commissions import PLAIN, carried_out, variant
from tests.scripted_text_model import ScriptedTextModel

FIRST = "Tom opened the office door and looked at the empty room behind it."
SECOND = "He sat down and waited for somebody to call him back to the harbour."
PARAGRAPH = f"{FIRST} {SECOND}"
FIRST_TOLD = "Tom opened the door of the office, behind which the room was empty."
SECOND_TOLD = "Down he sat, and waited until somebody would call him back to the harbour."


async def test_a_paragraph_that_fails_as_a_whole_is_told_sentence_by_sentence() -> None:
    """A rewrite that brought a stranger into one sentence was thrown away with all the others."""
    replies = {PARAGRAPH: f"{FIRST_TOLD} He waited for Emily.", FIRST: FIRST_TOLD, SECOND: "He waited for Emily."}
    revised, text = await carried_out(f"|{PARAGRAPH}|", PLAIN, replies)
    assert text == f"{FIRST_TOLD} {SECOND}", "the sentence for which nothing would do stays"
    assert revised.note == ""


async def test_a_sentence_is_not_finished_before_its_paragraph_is_checked() -> None:
    """Stopping a rewrite kept half a paragraph that the checks turned away as a whole a moment later."""
    replies = {PARAGRAPH: "He waited for Emily.", FIRST: FIRST_TOLD, SECOND: SECOND_TOLD}
    shown: list[Progress] = []
    _, text = await carried_out(f"|{PARAGRAPH}|", PLAIN, replies, shown=shown)
    assert text == f"{FIRST_TOLD} {SECOND_TOLD}"
    assert any(progress.text == f"{FIRST_TOLD} " for progress in shown), "it is shown all the same"
    assert {progress.finished: progress.read for progress in shown} == {"": 0, text: len(PARAGRAPH)}


async def test_what_is_said_stays_where_the_telling_takes_another_style() -> None:
    """Every candidate changed a word of “You can’t stay here”, and so nothing of the paragraph was told as noir."""
    said = "“You can’t stay here,” said Tom."
    model = ScriptedTextModel({FIRST: FIRST_TOLD})
    _, text = await carried_out(f"|{said} {FIRST}|", variant(sampling=How(fresh=4)), model=model)
    assert text == f"{said} {FIRST_TOLD}"
    asked = [request.prompt[-1].text for _, request in model.asked if isinstance(request, Generate)]
    assert not any(said in shown and FIRST not in shown for shown in asked), "a speech alone is not worth the time"


async def test_a_paragraph_of_speech_alone_is_copied_without_a_word_about_it() -> None:
    """“Every week.” was asked to be told as noir, eight times, and then the writer was told that it stayed."""
    model = ScriptedTextModel({FIRST: FIRST_TOLD})
    revised, text = await carried_out(f"|“Every week.”\n\n{FIRST}|", PLAIN, model=model)
    assert (text, revised.note) == (f"“Every week.”\n\n{FIRST_TOLD}", "")
    assert sum(isinstance(request, Generate) for _, request in model.asked) == 1


async def test_dialogue_after_a_dash_is_told_anew() -> None:
    """Nothing in a Spanish dialogue could be rewritten: with every paragraph a speech, there was nothing to tell."""
    passage = "—¿No vienes conmigo? —dijo Ana junto a la puerta, que estaba cerrada desde ayer."
    told = "—¿No vienes conmigo? —preguntó Ana despacio, junto a la puerta cerrada desde ayer."
    _, text = await carried_out(f"|{passage}|", PLAIN, {"Ana": told})
    assert text == told


async def test_one_sentence_is_not_tried_by_itself_again() -> None:
    model = ScriptedTextModel({"Tom": "He waited for Emily."})
    with pytest.raises(RevisionRejected, match="Emily"):
        await carried_out(f"|{FIRST}|", PLAIN, model=model)
    assert sum(isinstance(request, Generate) for _, request in model.asked) == 2


async def test_sentences_after_all_was_told_are_left_out() -> None:
    """A model of two billion parameters tells the passage, and then goes on about the night."""
    told = f"{FIRST_TOLD} {SECOND}"
    entry = variant(length=Length(most_share=1.2))
    _, text = await carried_out(
        f"|{PARAGRAPH}|", entry, {"Tom": f"{told} The night was long. It was darker than most."}
    )
    assert text == f"{told} The night was long."


async def test_what_is_to_be_told_anew_is_told_by_the_candidate_that_copies_least() -> None:
    """Of two that told the same, the one was offered that had changed three words."""
    copy, free = f"{FIRST_TOLD} {SECOND}", f"{FIRST_TOLD} {SECOND_TOLD}"
    model = _Saying(copy, free)
    _, text = await carried_out(f"|{PARAGRAPH}|", variant(sampling=How(fresh=4)), model=model)
    assert text == free


async def test_the_copy_is_not_offered_where_the_meaning_may_change_either() -> None:
    """Of two texts of a rewrite that may tell something else, the one was offered that had changed three words."""
    copy, free = f"{FIRST_TOLD} {SECOND}", f"{FIRST_TOLD} {SECOND_TOLD}"
    entry = variant(sampling=How(fresh=4), keeps=Keeps(meaning=False))
    _, text = await carried_out(f"|{PARAGRAPH}|", entry, model=_Saying(copy, free))
    assert text == free


async def test_nothing_is_asked_about_a_candidate_that_another_is_better_than_in_any_case() -> None:
    """A quarter of the wait was for what candidates told that were not going to be shown."""
    copy, free = f"{FIRST_TOLD} {SECOND}", f"{FIRST_TOLD} {SECOND_TOLD}"
    model = _Saying(copy, free)
    await carried_out(f"|{PARAGRAPH}|", variant(sampling=How(fresh=4)), model=model)
    read = [
        "".join(segment.text for segment in request.prompt) for _, request in model.asked if isinstance(request, Score)
    ]
    assert any(free in text for text in read)
    assert not any(copy in text for text in read)


async def test_verbs_that_are_to_change_are_discouraged_and_further_attempts_are_warmer() -> None:
    """Eight times of eight a passage was copied out in the past tense that it was to leave."""
    model = ScriptedTextModel()
    with pytest.raises(RevisionRejected):
        await carried_out(f"|{FIRST}|", "present-tense", model=model)
    first, second = (request.sampling for _, request in model.asked if isinstance(request, Generate))
    assert set(first.discouraged) == {"opened"}
    assert second.temperature > first.temperature


async def test_of_two_that_change_the_tense_the_one_is_offered_that_changes_it_throughout() -> None:
    """“The nurse said” was the first sentence of a hospital in the present."""
    half = "Tom opened the office door. He looks at the room, and he goes in, and he sits down."
    whole = "Tom opens the office door. He looks into the room, and he enters, and then he sits down."
    passage = "Tom opened the office door. He looked at the room, and he went in, and he sat down."
    _, text = await carried_out(f"|{passage}|", "present-tense", model=_Saying(half, whole))
    assert text == whole


async def test_an_example_is_not_told_in_the_place_of_the_passage() -> None:
    """“There were 2 people behind him; one of them was breathing peppermint on his neck” stood in a story of ice."""
    example = Example(passage="She waited.", result="One of them was breathing peppermint on to her neck.")
    entry = variant(examples=(example,), keeps=Keeps(words=0.0, meaning=False))
    told = f"{FIRST_TOLD} One of them was breathing peppermint on to his neck."
    with pytest.raises(RevisionRejected, match="repeated an example"):
        await carried_out(f"|{FIRST}|", entry, {"Tom": told})


async def test_what_the_model_was_told_is_no_part_of_the_story() -> None:
    """“There were two or three exact details that nobody else would have noticed: 1.” ended a party."""
    told = f"{FIRST_TOLD} There were two or three exact details that nobody else would have noticed."
    with pytest.raises(RevisionRejected, match="talked about the passage"):
        await carried_out(f"|{FIRST}|", "senses", {"Tom": told})


async def test_a_tag_alone_may_go_into_the_present() -> None:
    """“Write to me,” she said. stayed in the past of a farewell: without “said”, half of its words were lost."""
    _, text = await carried_out("|“Write to me,” she said.|", "present-tense", {"Write": "“Write to me,” she says."})
    assert text == "“Write to me,” she says."


async def test_nobody_walks_in_from_an_example() -> None:
    """“Hugo sat on a wall” began the blurb of a story without him: what opens a sentence is no name by itself."""
    example = Example(passage="She waited for Hugo.", result="She sat on the wall and waited for Hugo to come.")
    entry = variant(examples=(example,), keeps=Keeps(words=0.0, meaning=False))
    with pytest.raises(RevisionRejected, match="repeated an example"):
        await carried_out(f"|{FIRST}|", entry, {"Tom": FIRST_TOLD + " Hugo sat down."})


@pytest.mark.parametrize(("entry", "stranger"), [("letter", "Alma"), ("diary", "Agnes")])
async def test_nobody_from_a_shipped_example_signs_a_letter(entry: str, stranger: str) -> None:
    """Five letters of seventeen were signed by Alma, who had missed a boat in the example."""
    told = f"I opened the door of the office, behind which the room was empty. I waited for {stranger}."
    with pytest.raises(RevisionRejected, match="repeated an example"):
        await carried_out(f"|{FIRST}|", entry, {"Tom": told})


class _Saying(ScriptedTextModel):
    """A model whose candidates are these texts, in turn."""

    def __init__(self, *texts: str) -> None:
        super().__init__()
        self._texts = texts

    async def stream(self, key: JobKey, request: Request) -> AsyncGenerator[Event, None]:
        if not isinstance(request, Generate):
            async for event in super().stream(key, request):
                yield event
            return
        for candidate in range(request.candidates):
            yield Piece(self._texts[candidate % len(self._texts)], -0.1, candidate)
        yield Finished(StopReason.DONE)
