"""A unit told anew by the model: a few candidates side by side, of which those that pass every check are kept."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from lsp_writer.features.revision.asking import prompt_for
from lsp_writer.features.revision.checks import fault, likeness, share_unchanged
from lsp_writer.features.revision.cleaning import cleaned
from lsp_writer.features.revision.joining import in_lines
from lsp_writer.features.revision.meaning import LEAST_GAIN, Meaning
from lsp_writer.features.revision.restoring import plain, restored
from lsp_writer.features.revision.units import pieces_of
from lsp_writer.features.revision.work import MOST_SIDE_BY_SIDE, Said, Work
from lsp_writer.generation import Stops
from lsp_writer.prose.dialogue import dialogue_spans, narration, opens_with_dash
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.spelling import respelled, variety_of
from lsp_writer.prose.words import count_words

_ATTEMPTS = 2
# English prose takes some 1.3 tokens a word, German 2. Without its tail, an answer that ends there may still do.
_TOKENS_A_WORD, _TOKENS_AN_ENGLISH_WORD = 2.0, 1.5
# A gain in nats a token beyond which nothing is missed, and a higher one says only that the words are the same.
_ENOUGH = 1.5
# In nats a token, what a text is worth less of which every verb is in the tense that it was to leave.
_UNCHANGED = 10.0


class _Candidate(msgspec.Struct, frozen=True):
    """A text that might stand for a unit, why it may not, and what it is worth beside others that may: in nats a
    token, with what is `against` it taken off."""

    text: str
    fault: str
    against: float = 0.0
    worth: float = 0.0


async def rewritten(work: Work, unit: str, following: str) -> tuple[list[str], str]:
    """New texts for `unit`, the best first, and, if there is none, why the first candidate would not do.

    What no candidate was fit for is told sentence by sentence, unless it is to be told as a whole: what a model adds or
    leaves out is a matter of how much it has in hand. What is all said, and is to stay as it is said, is left alone;
    after a dash nothing tells what that is.
    """
    if work.entry.keeps.quotations and not count_words(narration(unit)) and not opens_with_dash(unit):
        return [], ""
    fit, why = await _told(work, unit, following, _ATTEMPTS)
    pieces = pieces_of(unit)
    if not fit and len(pieces) > 1 and work.entry.at_once != "whole":
        text = await _piece_by_piece(work, unit, pieces, following)
        fit = [] if fault(text, unit, work.reading, work.entry) else [text]
    return fit, "" if fit else why


async def _piece_by_piece(work: Work, unit: str, pieces: Sequence[Span], following: str) -> str:
    """`unit` with each of its `pieces` told anew. One that none of its candidates can stand for stays as it was."""
    text, end = "", 0
    for piece in pieces:
        text += unit[end : piece.start]
        old, end = unit[piece.start : piece.end], piece.end
        # A style is in the telling: who speaks is heard as he spoke.
        if not (work.entry.sampling.fresh and work.entry.keeps.quotations and dialogue_spans(old)):
            so_far = work.after(text, unit[: piece.start], is_prose=True, is_finished=False)
            told, _ = await _told(so_far, old, unit[end:].lstrip() or following, 1)
            old = told[0] if told else old
        text += old
    return text + unit[end:]


async def _told(work: Work, unit: str, following: str, attempts: int) -> tuple[list[str], str]:
    """The candidates for `unit` that are fit, the best first, and why the first one of all was not."""
    entry = work.entry
    prompt = prompt_for(
        work, plain(unit, markdown=work.reading.markdown), following, opening=entry.opening, plain=work.is_asked_plainly
    )
    stops = Stops(max_new_tokens=_room(work, unit))
    meaning = Meaning(work, unit)
    fit: list[_Candidate] = []
    why = ""
    for attempt in range(attempts):
        sampling = work.sampling(attempt, MOST_SIDE_BY_SIDE, unit)
        answers = await work.candidates(prompt, stops, MOST_SIDE_BY_SIDE, sampling, opening=entry.opening)
        candidates = [_candidate(work, answer, unit) for answer in answers]
        why = why or candidates[0].fault
        fit += await _that_tell_it(work, [each for each in candidates if not each.fault], meaning)
        if len(fit) >= work.commission.alternatives:
            break
    return [each.text for each in sorted(fit, key=lambda each: -each.worth)], why or "it told something else"


def _candidate(work: Work, answer: Said, unit: str) -> _Candidate:
    """The answer as it may stand for `unit`, before the model is asked what it tells."""
    entry = work.entry
    text = _as_spelled_here(cleaned(answer.text, unit, entry.form, work.reading.known), unit, work)
    text = restored(text, unit, work.reading, entry.keeps)
    if entry.form == "lines":
        text = in_lines(text, markdown=work.reading.markdown, line_end=work.reading.line_end)
    if entry.form == "prose" and entry.length.most_share:
        text = _without_tail(text, int(count_words(unit) * entry.length.most_share))
    if found := fault(text, unit, work.reading, entry):
        return _Candidate(text, found)
    # What is to be told anew is told best by that which has least of the old words.
    against = likeness(text, unit) if entry.sampling.fresh else 0.0
    against += _UNCHANGED * share_unchanged(text, work.reading, entry)
    return _Candidate(text, "", against, worth=answer.log_probability)


async def _that_tell_it(work: Work, candidates: Sequence[_Candidate], meaning: Meaning) -> list[_Candidate]:
    """Those of `candidates` that tell what the unit told. Of one that cannot come among those that are wanted, however
    much it tells, the model is not asked: an answer takes it a quarter as long as the writing did."""
    entry = work.entry
    if not entry.keeps.meaning:
        return [msgspec.structs.replace(each, worth=each.worth - each.against) for each in candidates]
    most = _ENOUGH if entry.sampling.fresh else math.inf
    fit: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda each: each.against):
        if sum(other.worth >= most - candidate.against for other in fit) >= work.commission.alternatives:
            break
        gained = await meaning.gain(candidate.text)
        if gained >= LEAST_GAIN:
            worth = min(gained, most) - candidate.against
            fit.append(msgspec.structs.replace(candidate, worth=worth))
    return fit


def _without_tail(text: str, most_words: int) -> str:
    """`text` without the last sentences that are too many. A model that has told all goes on with what comes to it."""
    sentences = sentence_spans(text)
    while len(sentences) > 1 and count_words(text[: sentences[-1].end]) > most_words:
        sentences.pop()
    return text[: sentences[-1].end] if sentences else text


def _as_spelled_here(text: str, unit: str, work: Work) -> str:
    """`text` in the variety of English that the passage is in: a model writes “harbor” wherever it may."""
    entry, reading = work.entry, work.reading
    if not entry.keeps.spelling or entry.becomes.spelling or reading.language != "en":
        return text
    variety = reading.sheet.spelling or variety_of(unit) or reading.variety
    return respelled(text, variety, reading.names) if variety else text


def _room(work: Work, unit: str) -> int:
    """Tokens that an answer may take, somewhat more than it may have in the end."""
    words, length = max(count_words(unit), 8), work.entry.length
    most = min(words * (length.most_share or 1.5), length.most_words or 600)
    return int(most * (_TOKENS_AN_ENGLISH_WORD if work.reading.language == "en" else _TOKENS_A_WORD)) + 16
