"""Carrying out a commission: the passage is taken apart, each part gets its new texts, and what is fit is offered.

What is not prose is copied, never shown to the model. A part for which no candidate passed the checks stays as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lsp_writer.errors import InvalidRequest, ModelUnavailable, RevisionRejected
from lsp_writer.features.revision.checks import fault, unmade
from lsp_writer.features.revision.commission import MOST_ALTERNATIVES, Alternative, Commission, OnProgress, Revised
from lsp_writer.features.revision.condensing import condensed
from lsp_writer.features.revision.copy_edit import copy_edited
from lsp_writer.features.revision.entry import AtOnce, Entry
from lsp_writer.features.revision.expansion import expanded
from lsp_writer.features.revision.inventing import continued, invented
from lsp_writer.features.revision.joining import joined
from lsp_writer.features.revision.language_known import require_language
from lsp_writer.features.revision.reading import Reading, reading_of
from lsp_writer.features.revision.respelling import respelled
from lsp_writer.features.revision.rewriting import rewritten
from lsp_writer.features.revision.target import Target
from lsp_writer.features.revision.units import Unit, require_prose, units_of
from lsp_writer.features.revision.work import Work
from lsp_writer.generation import JobKey, Kind, ModelState, TextModel
from lsp_writer.prose.manuscript import Manuscript


async def revise(
    model: TextModel, manuscript: Manuscript, target: Target, commission: Commission, on_progress: OnProgress
) -> Revised:
    """New texts for `target.place`. `on_progress` hears of the text as it grows.

    Raises InvalidRequest if there is no prose in the passage, RevisionRejected if no attempt passed the checks, and
    ModelUnavailable if there is no model that follows instructions. Cancelling the task stops the model.
    """
    entry = commission.entry
    _require(model, entry)
    key = JobKey(f"{manuscript.uri}#{entry.id}:{target.place.start}", Kind.REVISION)
    # A scene takes a moment to read, in which the writer types on.
    reading = await asyncio.to_thread(_read, manuscript, target, commission)
    if entry.takes == "caret" and entry.shows_story and not reading.before.strip():
        raise InvalidRequest("There is no story before the caret yet. Write a sentence first, and try again behind it.")
    work = Work(model, key, commission, reading, on_progress)
    if entry.way not in _SPARING:
        await require_language(work)
    if entry.does == "replace":
        units = await asyncio.to_thread(units_of, manuscript, target.passage, _at_once(work))
        texts, note = await _replaced(work, units)
        changed = [text for text in texts if text != reading.passage]
        fit = [text for text in changed if not unmade(text, reading, entry)]
        note = note or (unmade(changed[0], reading, entry) if changed and not fit else "")
    else:
        texts, note = await (continued if entry.way == "continue" else invented)(work)
        fit = [joined(manuscript, target.place.start, text, entry) for text in texts]
    if not fit and entry.way in _SPARING:
        raise RevisionRejected(f"“{entry.title}” changed nothing: {note or 'there was nothing to change'}.")
    if not fit:
        raise RevisionRejected(
            f"“{entry.title}” gave nothing fit to offer: what the model wrote was turned away, for "
            f"{note or 'it changed nothing'}. Try again with another seed, choose another passage, or install a larger "
            "model (docs/models.md)."
        )
    # That there was nothing to do in some part is no news where something was done.
    note = "" if entry.way in _SPARING else note
    alternatives = tuple(Alternative(text=text, seed=commission.seed) for text in dict.fromkeys(fit))
    most = MOST_ALTERNATIVES if entry.does == "alternatives" else commission.alternatives
    return Revised(alternatives=alternatives[:most], note=note)


def _read(manuscript: Manuscript, target: Target, commission: Commission) -> Reading:
    """The passage and what stands around it, with what the checks look for in all of it already found."""
    reading = reading_of(manuscript, target, commission.answer)
    keeps = commission.entry.keeps
    _ = keeps.names and reading.names, keeps.numbers and reading.numbers
    return reading


async def _replaced(work: Work, units: Sequence[Unit]) -> tuple[list[str], str]:
    """As many texts for the whole as there are to be alternatives, and why a part stayed as it was. Each alternative
    has the next best text of every unit."""
    require_prose(units)
    texts = [""] * work.commission.alternatives
    note = ""
    for number, unit in enumerate(units):
        new: list[str] = []
        if unit.is_prose:
            following = next((later.text for later in units[number + 1 :] if later.is_prose), work.reading.after)
            new, fault = await _texts_for(work, unit.text, following)
            note = note or fault
        new = new or [unit.text]
        texts = [text + new[min(rank, len(new) - 1)] for rank, text in enumerate(texts)]
        work = work.after(new[0], unit.text, is_prose=unit.is_prose)
    return texts, note


def _at_once(work: Work) -> AtOnce:
    """A small model holds on to a sentence or two and loses a page."""
    entry = work.entry
    return "sentences" if work.is_small and entry.at_once == "paragraph" and entry.way is None else entry.at_once


async def _texts_for(work: Work, unit: str, following: str) -> tuple[list[str], str]:
    """The texts that may stand for `unit`: those of the entry's own way first, the model's where more are wanted."""
    entry = work.entry
    texts: list[str] = []
    why = ""
    if entry.way is not None:
        made, why = await _WAYS[entry.way](work, unit, following)
        changed = [text for text in made if text != unit]
        texts = [text for text in changed if not fault(text, unit, work.reading, entry)]
        why = why or (fault(changed[0], unit, work.reading, entry) if changed and not texts else "")
    if _model_writes(work) and len(texts) < work.commission.alternatives:
        written, fault_found = await rewritten(work, unit, following)
        texts += written
        why = why or fault_found
    return texts, "" if texts else why


def _model_writes(work: Work) -> bool:
    """Whether the model tells a unit anew. Where the program has a way of its own, a small model's is worse."""
    entry = work.entry
    return entry.model_writes and (entry.way is None or (entry.way != "copy-edit" and not work.is_small))


# Those that change nothing where nothing is wrong.
_SPARING = ("condense", "copy-edit", "respell")
_WAYS = {"expand": expanded, "condense": condensed, "copy-edit": copy_edited, "respell": respelled}


def _require(model: TextModel, entry: Entry) -> None:
    status = model.status
    if status.state == ModelState.LOADING:
        raise ModelUnavailable("The model is still loading. Try again in a moment.")
    if status.capabilities is None:
        raise ModelUnavailable(status.message or "There is no model. Run lsp-writer doctor to see why.")
    if not status.capabilities.chat and entry.way is None:
        raise ModelUnavailable("This model cannot follow instructions. Install an instruct model for rewrites.")
