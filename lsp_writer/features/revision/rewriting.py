"""A unit told anew by the model: a few candidates side by side, of which those that pass every check are kept."""

from __future__ import annotations

from lsp_writer.features.revision.asking import prompt_for
from lsp_writer.features.revision.checks import fault
from lsp_writer.features.revision.cleaning import cleaned
from lsp_writer.features.revision.meaning import LEAST_GAIN, gain
from lsp_writer.features.revision.restoring import plain, restored
from lsp_writer.features.revision.work import Said, Work
from lsp_writer.generation import Stops
from lsp_writer.prose.names import names_in
from lsp_writer.prose.spelling import respelled, variety_of
from lsp_writer.prose.words import count_words

_CANDIDATES = 2
_ATTEMPTS = 3
# English prose takes some 1.4 tokens a word, German 2.
_TOKENS_A_WORD = 2.0


async def rewritten(work: Work, unit: str, following: str) -> tuple[list[str], str]:
    """New texts for `unit`, the best first, and, if there is none, why the first candidate would not do."""
    entry = work.entry
    prompt = prompt_for(work, plain(unit), following, opening=entry.opening, plain=work.is_asked_plainly)
    stops = Stops(max_new_tokens=_room(work, unit))
    fit: list[tuple[float, str]] = []
    why = ""
    for attempt in range(_ATTEMPTS - work.is_small):
        sampling = work.sampling(attempt, _CANDIDATES, unit)
        answers = await work.candidates(prompt, stops, _CANDIDATES, sampling, opening=entry.opening)
        judged = [await _judged(work, answer, unit) for answer in answers]
        fit += [(gained, text) for text, found, gained in judged if not found]
        why = why or judged[0][1]
        if len(fit) >= work.commission.alternatives:
            break
    return [text for _, text in sorted(fit, reverse=True)], "" if fit else why


async def _judged(work: Work, answer: Said, unit: str) -> tuple[str, str, float]:
    """The answer as it may stand for `unit`, its fault, and how much of the meaning is in it."""
    entry = work.entry
    text = _as_spelled_here(cleaned(answer.text, unit, entry.form), unit, work)
    text = restored(text, unit, work.reading, entry.keeps)
    found = fault(text, unit, work.reading, entry)
    if found or not entry.keeps.meaning:
        return text, found, answer.log_probability
    gained = await gain(work, text, unit)
    return text, "" if gained >= LEAST_GAIN else "it told something else", gained


def _as_spelled_here(text: str, unit: str, work: Work) -> str:
    """`text` in the variety of English that the passage is in: a model writes “harbor” wherever it may."""
    entry, reading = work.entry, work.reading
    if not entry.keeps.spelling or entry.becomes.spelling or reading.language != "en":
        return text
    variety = reading.sheet.spelling or variety_of(unit) or variety_of(reading.known)
    return respelled(text, variety, names_in(reading.known, "en")) if variety else text


def _room(work: Work, unit: str) -> int:
    """Tokens that an answer may take: somewhat more than it may have in the end, so that one that is too long is seen
    to be."""
    words, length = max(count_words(unit), 8), work.entry.length
    most = min(words * (length.most_share or 1.5), length.most_words or 600)
    return int(most * _TOKENS_A_WORD) + 16
