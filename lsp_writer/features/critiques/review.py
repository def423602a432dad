"""A review of the sentence under the pointer: the rules' findings at once, the model's within a time budget."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing

import msgspec

from lsp_writer.features.critiques.adverbs import adverbs
from lsp_writer.features.critiques.facts import facts
from lsp_writer.features.critiques.filter_words import filter_words
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.over_long import over_long
from lsp_writer.features.critiques.passive import passive
from lsp_writer.features.critiques.reading import Reading, read
from lsp_writer.features.critiques.repetition import repetition
from lsp_writer.features.critiques.story import Paragraph, shown
from lsp_writer.features.critiques.surprisal import awkward, predictable
from lsp_writer.generation import Event, JobKey, Kind, Score, Scores, Segment, TextModel, TokenScore
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraph_at
from lsp_writer.prose.passage import Window, passage_before
from lsp_writer.prose.sentences import sentence_at
from lsp_writer.prose.span import Span
from lsp_writer.settings import CritiqueSettings

#: Every critique that needs no model, one function a kind.
RULES: tuple[Callable[[Reading], Iterator[Finding]], ...] = (over_long, repetition, passive, filter_words, adverbs)
#: Every critique of how much each word surprises the model.
MODEL_CRITIQUES: tuple[Callable[[Reading, Sequence[TokenScore]], Iterator[Finding]], ...] = (awkward, predictable)

# A third passive in one sentence tells the writer nothing that the first two did not.
_MOST_OF_A_KIND = 2
# What the model reads: the sentence with what stands before it in its paragraph, and some of the paragraphs above.
_SCORED_CHARACTERS = 900
_ABOVE = Window(most=800, least=400)


class Review(msgspec.Struct, frozen=True):
    """What is worth a look in one sentence. No findings is a good answer. Spans are offsets into the manuscript."""

    span: Span
    findings: tuple[Finding, ...]
    facts: str


def prepare() -> None:
    """Load the sentence splitter, so that the first hover need not."""
    _by_rules(read("The lamps burned low. The lamp burned."))


async def review(
    model: TextModel | None, manuscript: Manuscript, offset: int, settings: CritiqueSettings, seconds: float = 2.0
) -> Review | None:
    """The review of the sentence at `offset`, or None where there is no prose.

    The model has `seconds` to say its part, which is missing when it is not ready or not done.
    """
    # Off the event loop: the sentence splitter loads a dictionary the first time.
    found = await asyncio.to_thread(_read, manuscript, offset)
    if found is None:
        return None
    paragraph, sentence = found
    start, reading = paragraph.start, paragraph.reading
    by_rules = asyncio.create_task(asyncio.to_thread(_by_rules, reading))
    findings: list[Finding] = []
    if model is not None and settings.predictable_phrases:
        tokens = await _scores(model, manuscript, paragraph, sentence, seconds)
        findings += (finding for critique in MODEL_CRITIQUES for finding in critique(reading, tokens))
    findings += await by_rules
    here = [finding for finding in findings if finding.span.overlaps(sentence)]
    return Review(
        span=sentence.shift(start),
        findings=tuple(
            msgspec.structs.replace(finding, span=finding.span.shift(start))
            for finding in _most_useful(here)
            if finding.kind not in settings.disabled
        ),
        facts=facts(reading),
    )


def _most_useful(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The first findings of every kind, in the order of the kinds and then of the text."""
    in_order = sorted(findings, key=lambda finding: finding.span)
    for kind in CritiqueKind:
        yield from [finding for finding in in_order if finding.kind == kind][:_MOST_OF_A_KIND]


def _read(manuscript: Manuscript, offset: int) -> tuple[Paragraph, Span] | None:
    """The paragraph that holds `offset`, and the sentence there."""
    paragraph = paragraph_at(manuscript, offset)
    if paragraph is None:
        return None
    reading = read(shown(manuscript, paragraph))
    sentence = sentence_at(reading.sentences, offset - paragraph.start)
    return (Paragraph(paragraph.start, reading), sentence) if sentence else None


def _by_rules(reading: Reading) -> list[Finding]:
    return [finding for rule in RULES for finding in rule(reading)]


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
