"""New text beside the writer's: what comes next, a description, a summary, a list to choose from."""

from __future__ import annotations

from lsp_writer.features.revision.asking import prompt_for
from lsp_writer.features.revision.checks import fault, repeats
from lsp_writer.features.revision.cleaning import cleaned, items
from lsp_writer.features.revision.restoring import plain
from lsp_writer.features.revision.work import MOST_SIDE_BY_SIDE, Said, Work
from lsp_writer.generation import Segment, Stops

_CANDIDATES = 2
_ATTEMPTS = 3
_TOKENS_A_WORD = 2.0
# Of a continuation, where the entry says nothing.
_MOST_WORDS = 80
# A list of fewer is no choice.
_LEAST_ITEMS = 2


async def invented(work: Work) -> tuple[list[str], str]:
    """New texts, the best first, and, if there is none, why the first candidate would not do."""
    entry = work.entry
    prompt = prompt_for(
        work, plain(work.reading.passage), work.reading.after, opening=entry.opening, plain=work.is_asked_plainly
    )
    stops = Stops(max_new_tokens=int((entry.length.most_words or 150) * _TOKENS_A_WORD) + 16)
    return await _fit(work, prompt, stops, opening=entry.opening)


async def continued(work: Work) -> tuple[list[str], str]:
    """What may come after the writer's last word, as the model would go on by itself."""
    before = work.reading.before.rstrip(" ")
    stops = Stops(
        max_new_tokens=int((work.entry.length.most_words or _MOST_WORDS) * _TOKENS_A_WORD), at_paragraph_end=True
    )
    return await _fit(work, (Segment(before),), stops)


async def _fit(work: Work, prompt: tuple[Segment, ...], stops: Stops, *, opening: str = "") -> tuple[list[str], str]:
    entry = work.entry
    wanted = _LEAST_ITEMS if entry.form == "list" else work.commission.alternatives
    count = min(max(wanted, _CANDIDATES), MOST_SIDE_BY_SIDE) if entry.form != "list" else 1
    fit: list[str] = []
    why = ""
    for attempt in range(_ATTEMPTS):
        answers = await work.candidates(prompt, stops, count, work.sampling(attempt, count), opening=opening)
        for answer in sorted(answers, key=lambda said: -said.log_probability):
            texts = _texts(answer, work)
            faults = [_fault(text, work) for text in texts]
            fit += [text for text, found in zip(texts, faults, strict=True) if not found]
            why = why or next((found for found in faults if found), "" if texts else "it was not prose")
        fit = list(dict.fromkeys(fit))
        if len(fit) >= wanted:
            break
    if not fit or (entry.form == "list" and len(fit) < wanted):
        return [], why or "it gave too few to choose from"
    return fit, ""


def _fault(text: str, work: Work) -> str:
    """Why `text` may not stand beside what the writer wrote."""
    found = fault(text, work.reading.passage, work.reading, work.entry)
    return found or ("it said again what stands there" if repeats(text, work.reading.before) else "")


def _texts(answer: Said, work: Work) -> list[str]:
    if work.entry.form == "list":
        return items(answer.text)
    return [cleaned(answer.text, work.reading.passage, work.entry.form)]
