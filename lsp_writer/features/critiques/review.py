"""A review of the sentence under the pointer: the rules' findings at once, the model's and its note on the paragraph
within a time budget."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing

import msgspec

from lsp_writer.features.critiques.critic import Critic, placed
from lsp_writer.features.critiques.facts import facts
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.note import Notes
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.story import Paragraph, language_in
from lsp_writer.features.critiques.surprisal import awkward, predictable
from lsp_writer.features.critiques.wanted import Wishes, is_kind_wanted, wanted
from lsp_writer.generation import Event, JobKey, Kind, Score, Scores, Segment, TextModel, TokenScore
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.passage import Window, passage_before
from lsp_writer.prose.sentences import sentence_at
from lsp_writer.prose.span import Span
from lsp_writer.settings import CritiqueSettings

#: Every critique of how much each word surprises the model.
MODEL_CRITIQUES: Mapping[CritiqueKind, Callable[[Reading, Sequence[TokenScore]], Iterator[Finding]]] = {
    CritiqueKind.AWKWARD: awkward,
    CritiqueKind.PREDICTABLE: predictable,
}

# A third passive in one sentence tells the writer nothing that the first two did not.
_MOST_OF_A_KIND = 2
# Nor would anybody read a fourth finding in a hover.
_MOST = 3
# How long a hover waits for the model.
_SECONDS = 2.0
# How long it waits for the model's note, which takes many times as long as it is there to be waited for.
_NOTE_SECONDS = 0.5
# What the model reads: the sentence with what stands before it in its paragraph, and some of the paragraphs above.
_SCORED_CHARACTERS = 900
_ABOVE = Window(most=800, least=400)


class Review(msgspec.Struct, frozen=True):
    """What is worth a look in one sentence. No findings is a good answer. Spans are offsets into the manuscript."""

    span: Span
    findings: tuple[Finding, ...]
    facts: str
    #: By the model, on the paragraph; "" if there is none.
    note: str = ""


def prepare(critic: Critic) -> None:
    """Load what the rules read, so that the first hover need not."""
    critic.in_paragraph(critic.read("The lamps burned low. The lamp burned."))


async def review(
    critic: Critic,
    model: TextModel | None,
    manuscript: Manuscript,
    offset: int,
    wishes: Wishes,
    *,
    known: Sequence[Finding] = (),
    notes: Notes | None = None,
    seconds: float = _SECONDS,
    note_seconds: float = _NOTE_SECONDS,
) -> Review | None:
    """The review of the sentence at `offset`, or None where there is no prose.

    `known` is what has been found in the manuscript besides by the rules over single paragraphs. The model has
    `seconds` to say its part, which is missing when it is not ready or not done, and `note_seconds` more for a note.
    """
    # Off the event loop: the sentence splitter loads a dictionary the first time.
    paragraph = await asyncio.to_thread(critic.paragraph_at, manuscript, offset)
    sentence = sentence_at(paragraph.reading.sentences, offset - paragraph.start) if paragraph else None
    if paragraph is None or sentence is None:
        return None
    by_rules = asyncio.create_task(asyncio.to_thread(critic.in_paragraph, paragraph.reading, language_in(manuscript)))
    found: list[Finding] = []
    if notes is not None:
        notes.turn_to(paragraph.reading.text)
    # While a note is in the making, the answer would come after it, and too late.
    if model is not None and asks_model(wishes.settings) and not (notes is not None and notes.making):
        found += await by_model(model, manuscript, paragraph, sentence, seconds)
    found += await by_rules
    span = paragraph.placed(sentence)
    here = [
        finding
        for finding in (*placed(manuscript, ((paragraph, finding) for finding in found)), *known)
        if finding.span.overlaps(span)
    ]
    note = await notes.on(paragraph.reading.text, note_seconds) if notes is not None and wishes.settings.note else ""
    return Review(span, tuple(_most_useful(wanted(here, manuscript, wishes))), facts(paragraph.reading), note)


async def by_model(
    model: TextModel, manuscript: Manuscript, paragraph: Paragraph, sentence: Span, seconds: float = _SECONDS
) -> Sequence[Finding]:
    """What surprises the model, or does not, in the paragraph up to the end of `sentence`; nothing if it is not done
    in so many `seconds`."""
    tokens = await _scores(model, manuscript, paragraph, sentence, seconds)
    return [finding for critique in MODEL_CRITIQUES.values() for finding in critique(paragraph.reading, tokens)]


def asks_model(settings: CritiqueSettings) -> bool:
    """Whether anything is wanted that only the model can say."""
    return any(is_kind_wanted(kind, settings) for kind in MODEL_CRITIQUES)


def _most_useful(findings: Sequence[Finding]) -> list[Finding]:
    """The first findings of every kind, in the order of the kinds and then of the text."""
    in_order = sorted(findings, key=lambda finding: finding.span)
    useful = [
        finding
        for kind in CritiqueKind
        for finding in [finding for finding in in_order if finding.kind == kind][:_MOST_OF_A_KIND]
    ]
    return useful[:_MOST]


async def _scores(
    model: TextModel, manuscript: Manuscript, paragraph: Paragraph, until: Span, seconds: float
) -> tuple[TokenScore, ...]:
    """Token scores up to the end of a sentence, as offsets into the paragraph; none if they are not there in time."""
    if not model.status.answers:
        return ()
    reading, end = paragraph.reading, until.end
    starts = (sentence.start for sentence in reading.sentences if end - sentence.start <= _SCORED_CHARACTERS)
    start = min(starts, default=end - _SCORED_CHARACTERS)
    above = passage_before(manuscript, paragraph.start + start, None, _ABOVE).text
    # A prompt that ends in a space makes every next word a surprise; the space belongs to the word.
    space = " " if above.endswith(" ") else ""
    request = Score(prompt=(Segment(above.removesuffix(space)),), text=space + reading.text[start:end])
    events = model.stream(JobKey(manuscript.uri, Kind.CRITIQUE), request)
    try:
        async with asyncio.timeout(seconds):
            scores = await _first_scores(events)
    except TimeoutError:
        return ()
    shift = start - len(space)
    return tuple(
        msgspec.structs.replace(token, start=max(token.start + shift, start), end=token.end + shift)
        for token in scores.tokens
    )


async def _first_scores(events: AsyncGenerator[Event, None]) -> Scores:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Scores):
                return event
    return Scores(())
