"""New text beside the writer's own."""

from __future__ import annotations

import pytest

from lsp_writer.errors import InvalidRequest, RevisionRejected
from lsp_writer.features.revision.entry import Entry, Keeps, Length
from lsp_writer.generation import Generate
from tests.features.revision.commissions import carried_out
from tests.scripted_text_model import ScriptedTextModel

CONTINUE = Entry(
    id="continue",
    title="Continue",
    takes="caret",
    does="insert",
    way="continue",
    instructions={"en": "Continue."},
    length=Length(most_words=40),
    keeps=Keeps(words=0.0),
)
SUMMARY = Entry(
    id="summary",
    title="Summary",
    takes="paragraph",
    does="insert",
    instructions={"en": "Sum this up."},
    length=Length(most_words=20),
    keeps=Keeps(words=0.0),
)
NAMES = Entry(
    id="names",
    title="Names",
    takes="caret",
    does="alternatives",
    form="list",
    instructions={"en": "List five names."},
    length=Length(most_words=10),
    keeps=Keeps(names=False),
)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Mara waited.|", "Mara waited. The rain came."),
        ("Mara waited. |", "Mara waited. The rain came."),
        ("Mara waited.\n\n|\n\nEnd.", "Mara waited.\n\nThe rain came.\n\nEnd."),
        ("Mara waited.|\r\n", "Mara waited. The rain came.\r\n"),
    ],
)
async def test_continuing_goes_on_from_the_caret(marked: str, expected: str) -> None:
    _, text = await carried_out(marked, CONTINUE, {"Mara": "The rain came. It was"})
    assert text == expected


@pytest.mark.parametrize(
    "too_much",
    [
        "Then she went down to the shore. She counted the boats there" + " and the birds and the stones" * 5 + ".",
        "She shut the door. She shut the door.",
    ],
)
async def test_continuing_stops_before_what_is_too_much(too_much: str) -> None:
    """A model of 1.5 billion parameters wrote half a page, and thirteen times in thirty nothing of it was offered."""
    _, text = await carried_out("Mara waited.|", CONTINUE, {"Mara": f"The rain came. {too_much}"})
    first = too_much[: too_much.index(".") + 1]
    assert text == f"Mara waited. The rain came. {first}"


@pytest.mark.parametrize("text", ["|", "---\ntitle: Nothing yet\n---\n\n|"])
async def test_nothing_goes_on_from_nothing(text: str) -> None:
    """An empty file was given half a page about the body's culture, after half a minute."""
    with pytest.raises(InvalidRequest, match="no story before the caret"):
        await carried_out(text, CONTINUE, {"": "The rain came."})


async def test_what_is_no_prose_is_not_summed_up() -> None:
    """A summary of a scene was made of the code in it, too, though code is never shown to the model."""
    model = ScriptedTextModel({"Sum": "Mara waits for the rain."})
    scene = "Mara waited for *rain*.\n\n```\nlet rain = 1;\n```\n\n<!-- later -->\n\nIt [came](x.md)."
    await carried_out(f"|{scene}|", SUMMARY, model=model)
    shown = [segment.text for _, request in model.asked if isinstance(request, Generate) for segment in request.prompt]
    assert shown[-1].endswith("Mara waited for rain. It came.")


async def test_a_summary_is_a_paragraph_of_its_own_behind_what_it_sums_up() -> None:
    replies = {"Sum": "Mara waits for the rain."}
    _, text = await carried_out("Mara wa|ited. The rain came.\r\n\r\nEnd.", SUMMARY, replies)
    assert text == "Mara waited. The rain came.\r\n\r\nMara waits for the rain.\r\n\r\nEnd."


async def test_a_list_is_offered_item_by_item() -> None:
    replies = {"List": "Here are five:\n1. Anna Mehl\n2. Jonas Reet\n3. Ida Holm\n"}
    revised, text = await carried_out("She met |", NAMES, replies)
    assert [alternative.text for alternative in revised.alternatives] == ["Anna Mehl", "Jonas Reet", "Ida Holm"]
    assert text == "She met Anna Mehl"


@pytest.mark.parametrize(
    ("entry", "answer", "why"),
    [
        (SUMMARY, "", "not prose"),
        (SUMMARY, "Mara sees Anton come in. He waits.", "brought in Anton"),
        (SUMMARY, "Mara waits " + "for the rain and then for the sun " * 4 + "to go.", "too long"),
        (NAMES, "1. Anna Mehl", "too few"),
        (CONTINUE, "The passage is long.", "not prose"),
    ],
)
async def test_what_is_unfit_is_not_offered(entry: Entry, answer: str, why: str) -> None:
    with pytest.raises(RevisionRejected, match=why):
        await carried_out("Mara waited.|", entry, model=ScriptedTextModel({"": answer}))


async def test_what_stands_in_the_story_is_not_offered_as_new() -> None:
    """“Continue from here” offered the writer's own last sentence again."""
    said = "Mara waited for the rain to stop. "
    with pytest.raises(RevisionRejected, match="said again what stands there"):
        await carried_out(f"{said}|", CONTINUE, model=ScriptedTextModel({"": said}))


async def test_a_summary_that_is_the_passage_again_is_none() -> None:
    """A blurb of three sentences was the writer's own three."""
    passage = "Mara waited by the long wall for the rain to come, and it came."
    with pytest.raises(RevisionRejected, match="said again"):
        await carried_out(
            f"|{passage}|", SUMMARY, {"Sum": "Mara waited by the wall for the rain to come, and it came."}
        )
