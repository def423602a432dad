"""A sentence of the present tense in a scene that is told in the past.

Not the other way round: whoever tells in the present tells in the past what was before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.features.critiques.story import Paragraph, Story
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.span import Span
from lsp_writer.prose.tense import Tense, verbs_of

# A scene is told in the past when so many verbs for each present one say so.
_LEAST_PAST = 5
_TIMES_AS_OFTEN = 5
# "Marten picks up the lamp", "She slowly turns": what somebody does, and no truth that holds at all times.
_ACTS = re.compile(r"(?P<who>[A-Z][a-z]+)\s+(?:[a-z]+ly\s+)?[a-z]+s\b")
_NOBODY = word_set(
    """
    A All An And As At But For Has Her His How If In Is It Its My No Nor Not On One Or Our So Such That The Their There
    These This Those To What When Where Who Why Your
    """
)


def tense_slip(story: Story) -> Iterator[Finding]:
    for scene in story.scenes:
        slips = [paragraph.placed(span) for paragraph in scene for span in _in_present(paragraph.reading)]
        if slips and (story.sheet.tense or _tense_of(scene)) == "past":
            yield from map(_finding, slips)


def _tense_of(scene: Sequence[Paragraph]) -> Tense | None:
    told = "\n\n".join(paragraph.reading.narration.replace(SPOKEN, " ") for paragraph in scene)
    past, present = map(len, verbs_of(told, "en"))
    return "past" if past >= max(_LEAST_PAST, _TIMES_AS_OFTEN * present) else None


def _in_present(reading: Reading) -> Iterator[Span]:
    """The sentences in which somebody acts in the present."""
    for sentence in reading.sentences:
        acts = _ACTS.match(reading.narration, sentence.start, sentence.end)
        told = reading.narration[sentence.start : sentence.end]
        if acts is None or acts["who"] in _NOBODY or SPOKEN in told or not verbs_of(acts[0], "en").present:
            continue
        if not verbs_of(told, "en").past:
            yield sentence


def _finding(span: Span) -> Finding:
    return Finding(
        span,
        CritiqueKind.TENSE_SLIP,
        "This sentence is told in the present, and its scene in the past.",
        "Try the past tense, as in the sentences around it.",
    )
