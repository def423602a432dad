"""Rewriting a passage, a few sentences at a time.

A small model holds on to a sentence or two and loses a page, so a passage is taken apart into units, each unit gets a
few candidates side by side, and the one that keeps most of what was written, among those that pass every check, stands
for it. A unit with no such candidate stays as it is. What is not prose is copied, never shown to the model.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing

import msgspec

from lsp_writer.errors import InvalidRequest, ModelUnavailable, RevisionRejected
from lsp_writer.features.revision.catalogue import Revision
from lsp_writer.features.revision.checks import cleaned, fault, kept_share, unfit_beside
from lsp_writer.features.revision.units import units_of
from lsp_writer.generation import (
    Finished,
    Generate,
    JobKey,
    Kind,
    ModelState,
    Piece,
    Sampling,
    Score,
    Scores,
    Segment,
    StopReason,
    Stops,
    TextModel,
)
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.sentences import SENTENCE_END
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words

_CANDIDATES = 3
# How often candidates are asked for; a new sentence is short, so it may be tried more often.
_REWRITE_ATTEMPTS = 3
_INSERT_ATTEMPTS = 4
_SAMPLING = Sampling(temperature=0.7, top_p=0.9, min_p=0.05, repetition_penalty=1.1)
# English prose takes some 1.4 tokens a word.
_TOKENS_A_WORD = 1.6
_LONGEST_SENTENCE = 40
# How many of the passage's own characters before it the model reads, so that a rewrite joins on.
_BEFORE = 600
_AFTER = 200


class _Work(msgspec.Struct, frozen=True):
    """One rewrite under way: the model, its instructions and how its results are reported."""

    model: TextModel
    key: JobKey
    revision: Revision
    before: str
    on_text: Callable[[str], None]
    seed: int


async def revise(
    model: TextModel,
    manuscript: Manuscript,
    span: Span,
    revision: Revision,
    *,
    on_text: Callable[[str], None],
    seed: int = 0,
) -> str:
    """New text for `span`. `on_text` gets the text so far, again and again.

    Raises InvalidRequest if there is no prose in the span, RevisionRejected if no attempt passed the checks, and
    ModelUnavailable if there is no model that follows instructions. Cancelling the task stops the model.
    """
    _require_chat(model)
    units = units_of(manuscript, span)
    if not any(unit.is_prose for unit in units):
        raise InvalidRequest("There is no prose in the selection to rewrite. Select a sentence or a paragraph.")
    key = JobKey(f"{manuscript.uri}#{revision.id}:{span.start}", Kind.REVISION)
    before = manuscript.text.slice(max(0, span.start - _BEFORE), span.start)
    after = " ".join(manuscript.text.slice(span.end, span.end + _AFTER).split())
    work = _Work(model, key, revision, before, on_text, seed)
    written = ""
    faults: list[str] = []
    for number, unit in enumerate(units):
        if unit.is_prose:
            following = next((later.text for later in units[number + 1 :] if later.is_prose), after)
            new, why = await _new_text(work, written, unit.text, following)
            faults += [why] if why else []
            written += new
        else:
            written += unit.text
        on_text(written)
    if written == manuscript.text.slice(span.start, span.end):
        raise RevisionRejected(
            f"“{revision.title}” gave nothing fit to offer ({faults[0] if faults else 'it changed nothing'}). "
            "Try again, select a shorter passage, or install a larger model."
        )
    return written


async def _new_text(work: _Work, written: str, unit: str, following: str) -> tuple[str, str]:
    """What stands for a unit by the first way that leads anywhere, or the unit itself and why none did."""
    why = ""
    for way in work.revision.ways:
        make = {"rewrite": _rewritten, "insert": _inserted}[way]
        new, fault_found = await make(work, written, unit, following)
        if not fault_found:
            return new, ""
        why = why or fault_found
    return unit, why


async def _rewritten(work: _Work, written: str, unit: str, _following: str) -> tuple[str, str]:
    """The best new text for a unit, or the old one and why no candidate would do."""
    revision = work.revision
    # The passage's own first words hold a small model to its people, its tense and its point of view.
    opening = " ".join(unit.split()[:2])
    prompt = _prompt(revision, " ".join(unit.split()), opening)
    words = count_words(unit)
    stops = Stops(max_new_tokens=int(max(words, 8) * min(revision.bounds.longest, 1.5) * _TOKENS_A_WORD) + 8)
    why = ""
    for attempt in range(_REWRITE_ATTEMPTS):
        answers = await _candidates(work, written, prompt, stops, opening=opening, attempt=attempt)
        texts = [cleaned(answer, unit) for answer in answers]
        faults = [fault(text, unit, work.before + written, revision.bounds) for text in texts]
        fit = [text for text, found in zip(texts, faults, strict=True) if not found]
        if fit:
            return max(fit, key=lambda text: kept_share(text, unit)), ""
        why = why or faults[0]
    return unit, why


async def _inserted(work: _Work, written: str, unit: str, following: str) -> tuple[str, str]:
    """The unit with a new sentence after it, or alone and why no candidate would do."""
    so_far = written + unit
    opening = so_far.rpartition("\n")[2]
    prompt = _prompt(work.revision, opening, opening)
    stops = Stops(max_new_tokens=_LONGEST_SENTENCE, end_pattern=SENTENCE_END, at_paragraph_end=True)
    known = work.before + so_far + following
    fit: list[str] = []
    for attempt in range(_INSERT_ATTEMPTS):
        for answer in await _candidates(work, so_far, prompt, stops, opening="", attempt=attempt):
            sentence = cleaned(answer)
            if sentence and not unfit_beside(sentence, so_far, known):
                fit.append(sentence)
        if fit:
            break
    if not fit:
        return unit, "no new sentence fitted in"
    best = await _most_fitting(work, opening, fit, following)
    return f"{unit} {best}", ""


async def _most_fitting(work: _Work, opening: str, sentences: list[str], following: str) -> str:
    """The sentence after which the writer's own next one is most likely."""
    if not following or len(sentences) == 1:
        return sentences[0]
    likelihood: dict[str, float] = {}
    for sentence in sentences:
        request = Score(prompt=(Segment(f"{opening} {sentence}"),), text=f" {following}")
        async with aclosing(work.model.stream(work.key, request)) as events:
            async for event in events:
                if isinstance(event, Scores):
                    likelihood[sentence] = sum(token.log_probability for token in event.tokens)
    return max(sentences, key=lambda sentence: likelihood.get(sentence, float("-inf")))


async def _candidates(
    work: _Work, written: str, prompt: tuple[Segment, ...], stops: Stops, *, opening: str, attempt: int
) -> list[str]:
    """The model's answers, their opening included. The first one is shown as it grows."""
    sampling = msgspec.structs.replace(_SAMPLING, seed=work.seed * 1000 + attempt * _CANDIDATES)
    request = Generate(prompt=prompt, stops=stops, sampling=sampling, candidates=_CANDIDATES)
    answers = [opening] * _CANDIDATES
    async with aclosing(work.model.stream(work.key, request)) as events:
        async for event in events:
            if isinstance(event, Piece):
                answers[event.candidate] += event.text
                if event.candidate == 0:
                    work.on_text(written + answers[0])
            elif isinstance(event, Finished) and event.reason in _NO_ANSWER:
                why = event.message or f"It was stopped ({event.reason}). Try again."
                raise RevisionRejected(f"“{work.revision.title}” gave nothing. {why}")
    return answers


def _prompt(revision: Revision, passage: str, opening: str) -> tuple[Segment, ...]:
    return (
        Segment(revision.persona, "system"),
        Segment(f"{revision.instruction}\n\n{passage}", "user"),
        Segment(opening, "assistant"),
    )


def _require_chat(model: TextModel) -> None:
    status = model.status
    if status.state == ModelState.LOADING:
        raise ModelUnavailable("The model is still loading. Try again in a moment.")
    if status.capabilities is None:
        raise ModelUnavailable(status.message or "There is no model. Run lsp-writer doctor to see why.")
    if not status.capabilities.chat:
        raise ModelUnavailable("This model cannot follow instructions. Install an instruct model for rewrites.")


_NO_ANSWER = frozenset({StopReason.CANCELLED, StopReason.SUPERSEDED, StopReason.NOT_READY, StopReason.FAILED})
