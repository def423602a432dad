"""New text beside the writer's: what comes next, a description, a summary, a list to choose from."""

from __future__ import annotations

from lsp_writer.features.revision.asking import prompt_for
from lsp_writer.features.revision.checks import copied_share, echoes, fault
from lsp_writer.features.revision.cleaning import cleaned, items
from lsp_writer.features.revision.restoring import plain
from lsp_writer.features.revision.work import MOST_SIDE_BY_SIDE, Said, Work
from lsp_writer.generation import Segment, Stops
from lsp_writer.prose.sentences import sentence_spans

# A list is one answer, and easily too short.
_ATTEMPTS, _ATTEMPTS_AT_A_LIST = 2, 3
_TOKENS_A_WORD = 2.0
# Of a continuation, where the entry says nothing.
_MOST_WORDS = 80
# A summary may use the writer's words, but what is mostly that is none.
_MOST_COPIED = 0.5
# A list of fewer is no choice.
_LEAST_ITEMS = 2


async def invented(work: Work) -> tuple[list[str], str]:
    """New texts, the best first, and, if there is none, why the first candidate would not do."""
    entry, reading = work.entry, work.reading
    prompt = prompt_for(
        work,
        plain(reading.passage, markdown=reading.markdown),
        reading.after,
        opening=entry.opening,
        plain=work.is_asked_plainly,
    )
    stops = Stops(max_new_tokens=int((entry.length.most_words or 150) * _TOKENS_A_WORD) + 16)
    return await _fit(work, prompt, stops, opening=entry.opening)


async def continued(work: Work) -> tuple[list[str], str]:
    """What may come after the writer's last word, as the model would go on by itself."""
    before = work.reading.before.rstrip(" ")
    stops = Stops(
        max_new_tokens=int((work.entry.length.most_words or _MOST_WORDS) * _TOKENS_A_WORD), at_paragraph_end=True
    )
    return await _fit(work, (Segment(before),), stops, may_end_early=True)


async def _fit(
    work: Work, prompt: tuple[Segment, ...], stops: Stops, *, opening: str = "", may_end_early: bool = False
) -> tuple[list[str], str]:
    entry = work.entry
    is_list = entry.form == "list"
    wanted = _LEAST_ITEMS if is_list else work.commission.alternatives
    count = 1 if is_list else MOST_SIDE_BY_SIDE
    fit: list[str] = []
    why = ""
    for attempt in range(_ATTEMPTS_AT_A_LIST if is_list else _ATTEMPTS):
        answers = await work.candidates(prompt, stops, count, work.sampling(attempt, count), opening=opening)
        for answer in sorted(answers, key=lambda said: -said.log_probability):
            texts = _texts(answer, work)
            if may_end_early:
                texts = [_to_its_fault(text, work) for text in texts]
            faults = [_fault(text, work) for text in texts]
            fit += [text for text, found in zip(texts, faults, strict=True) if not found]
            why = why or next((found for found in faults if found), "" if texts else "it was not prose")
        fit = list(dict.fromkeys(fit))
        if len(fit) >= wanted:
            break
    if not fit or (is_list and len(fit) < wanted):
        return [], why or "it gave too few to choose from"
    return fit, ""


def _to_its_fault(text: str, work: Work) -> str:
    """The sentences of `text` before the one that is too much, or says something again; all of it if none is fit."""
    beginnings = (text[: span.end] for span in reversed(sentence_spans(text)))
    return next((beginning for beginning in beginnings if not _fault(beginning, work)), text)


def _fault(text: str, work: Work) -> str:
    """Why `text` may not stand beside what the writer wrote."""
    found = fault(text, work.reading.passage, work.reading, work.entry)
    copied = echoes(text, work.reading.before) or copied_share(text, work.reading.passage) > _MOST_COPIED
    return found or ("it said again what stands there" if copied else "")


def _texts(answer: Said, work: Work) -> list[str]:
    form, reading = work.entry.form, work.reading
    return items(answer.text) if form == "list" else [cleaned(answer.text, reading.passage, form, reading.known)]
