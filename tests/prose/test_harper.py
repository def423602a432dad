"""Slips that Harper finds: `⟦wrong|right⟧`, where right may stand for wrong."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from lsp_writer.prose.harper import slips

STORIES = Path(__file__).parents[2] / "samples"


def check_slips(marked: str) -> None:
    """Every slip in `marked` is found, nothing else is, and what should stand there is among the replacements."""
    text = re.sub(r"⟦(.*?)\|.*?⟧", r"\1", marked)
    found = [(text[slip.span.start : slip.span.end], slip.replacements) for slip in slips(text)]
    expected = re.findall(r"⟦(.*?)\|(.*?)⟧", marked)
    assert [wrong for wrong, _ in found] == [wrong for wrong, _ in expected]
    assert all(right in replacements for (_, replacements), (_, right) in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    "marked",
    [
        "She put the lamp in ⟦it's|its⟧ place.",
        "They left ⟦there|their⟧ coats 🙂 on the chair, and ⟦recieved|received⟧ others.",
        "He ⟦could of|could have⟧ been kinder. He was taller ⟦then|than⟧ his father.",
        "He had ⟦a|an⟧ old coat. She went ⟦the the|the⟧ long way round.",
        "She had ⟦went|gone⟧ to the city on ⟦monday|Monday⟧.",
        "\ud800 She ⟦recieved|received⟧ it.",
        "She ⟦walk|walks⟧ to the mill every morning.",
        "Two spaces after a stop.  And one⟦  | ⟧too many.",
        # The replacement keeps to the spelling of the text.
        "The grey harbour was hard to ⟦recognisse|recognise⟧.",
        "The gray harbor was hard to ⟦recognizze|recognize⟧.",
    ],
)
def test_what_is_a_slip(marked: str) -> None:
    check_slips(marked)


@pytest.mark.parametrize("marked", ["⟦A|An⟧ hour passed.", "*⟦A|An⟧* owl sat there."])
def test_a_capital_that_opens_a_sentence(marked: str) -> None:
    """“A hour passed” was made “AN hour passed”."""
    check_slips(marked)


@pytest.mark.parametrize(
    "text",
    [
        # Names, and either spelling.
        "Ines met Tomas Pell at Varga. The grey harbour; the gray harbor; a barque.",
        # Fragments, dashes, and what a story does with commas.
        "Rain. Nothing else – only rain – and the boats, and the sea and the boats. which was late.",
        # A manner of speaking.
        "“It don’t make no difference,” he said. “I knowed it. We was afeard, me and him.”",
        "“I, I, a—a dead cat,” she said. “Gonna git ’em.”",
        "She had had enough. He knew that that door was shut. They drove away, an unwhitewashed fence behind them.",
        "`recieve` and [here](http://example.org/recieve)",
        "",
    ],
)
def test_what_is_none(text: str) -> None:
    check_slips(text)


@pytest.mark.parametrize("story", sorted(STORIES.glob("*.md")), ids=lambda path: path.stem)
def test_a_clean_story_has_none(story: Path) -> None:
    assert slips(story.read_text("utf-8")) == []


def test_slips_stand_apart_and_the_work_is_bounded() -> None:
    text = "She recieved a a letter, a old one. " * 1_000
    found = slips(text)
    assert all(first.span.end <= second.span.start for first, second in pairwise(found))
    assert 0 < found[-1].span.end <= 10_000


def test_several_threads_may_ask() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(slips, [f"She recieved {number} letters." for number in range(8)]))
    assert all(len(of_one) == 1 for of_one in found)
