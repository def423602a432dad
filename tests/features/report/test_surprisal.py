from __future__ import annotations

from itertools import pairwise

import pytest

from lsp_writer.features.report.surprisal import MOST_SAMPLES, Surprise, samples, surprisal_section, surprises
from lsp_writer.generation import Kind, ModelState, ModelStatus
from tests.features.report.books import book
from tests.scripted_text_model import ScriptedTextModel

PARAGRAPH = "The boat lay at the wall. The rain came in from the sea, and nobody was aboard.\n\n"
LONG = PARAGRAPH * 120


def test_samples_are_taken_evenly() -> None:
    found = samples(book(LONG))
    assert len(found) == 120 * 17 // 150
    gaps = {after.start - before.start for before, after in pairwise(found)}
    assert max(gaps) - min(gaps) < 40
    assert all(sample.text.lstrip().startswith("The ") for sample in found), "a sample begins with a sentence"
    assert all(not sample.before.endswith((" ", "\n")) for sample in found)
    assert all(sample.before for sample in found[1:])


def test_a_novel_is_not_read_whole() -> None:
    assert len(samples(book(PARAGRAPH * 2000))) == MOST_SAMPLES


def test_a_short_text_has_no_curve() -> None:
    short = book(PARAGRAPH)
    assert samples(short) == ()
    assert "longer text" in surprisal_section(short, (), "").meaning


async def test_the_model_is_asked_for_each_sample() -> None:
    model = ScriptedTextModel()
    model.start()
    wanted = samples(book(LONG))
    found = [surprise async for surprise in surprises(model, "file:///story.md", wanted)]
    assert [surprise.start for surprise in found] == [sample.start for sample in wanted]
    assert all(surprise.bits > 0 for surprise in found)
    assert {kind for kind, _ in model.asked} == {Kind.CRITIQUE}


async def test_a_model_that_is_not_there_ends_it() -> None:
    model = ScriptedTextModel(becomes=ModelStatus(ModelState.FAILED, "no folder"))
    model.start()
    assert [surprise async for surprise in surprises(model, "file:///story.md", samples(book(LONG)))] == []


@pytest.mark.parametrize("bits", [3.0, 5.0])
def test_it_is_said_how_much_was_read(bits: float) -> None:
    found = [Surprise(start, 50, bits) for start in range(0, 2000, 250)]
    meaning = surprisal_section(book(LONG), found, "").meaning
    assert meaning.startswith(f"The model read 400 of 2,040 words and found {bits} bits in each.")
