"""Paragraphs in a row that hold little but speech."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.story import Paragraph, Story
from lsp_writer.prose.dialogue import CLOSING_MARKS, opens_with_dash

# Words of a speech that holds the floor.
_LONG = 50
_ASKS = re.compile(r"[?？]")
_ANSWERS = re.compile(r"\W*(?:yes|no|none|never|certainly|quite so|very (?:good|well)|of course)\b", re.IGNORECASE)
_REPORTED = re.compile(r"\s*[“\"«‘'「][‘'“\"『]")

Run = Sequence[Paragraph]


def speech_runs(story: Story, most_told: int) -> Iterator[Run]:
    """The longest runs of paragraphs of speech with `most_told` words of narration in each at most.

    A long speech breaks a run, since its speaker is known by then and may tell of a room of his own. So does one of
    several paragraphs, which is a letter as often; one within a speech, which is reported; and one after a dash, whose
    tag may look like speech.
    """
    for scene in story.scenes:
        for is_speech, run in groupby(scene, lambda paragraph: _is_speech(paragraph.reading, most_told)):
            if is_speech:
                yield list(run)


def leads(run: Run) -> tuple[int, int]:
    """How often each of two speakers who take turns, the first and the second, asks or is answered."""
    asks = [bool(_ASKS.search(paragraph.reading.text)) for paragraph in run]
    answers = [bool(_ANSWERS.match(paragraph.reading.text)) for paragraph in run]
    return sum(asks[::2]) + sum(answers[1::2]), sum(asks[1::2]) + sum(answers[::2])


def told_words(reading: Reading) -> int:
    """How many words of the paragraph are not spoken."""
    return sum(1 for _ in reading.narrated(reading.words))


def _is_speech(reading: Reading, most_told: int) -> bool:
    if not reading.dialogue or len(reading.words) > _LONG or opens_with_dash(reading.text):
        return False
    if _REPORTED.match(reading.text):
        return False
    return reading.text[reading.dialogue[-1].end - 1] in CLOSING_MARKS and told_words(reading) <= most_told
