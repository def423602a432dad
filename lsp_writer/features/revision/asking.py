"""What the model is told: the instruction, examples, and the passage with what stands around it."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.revision.entry import Entry
from lsp_writer.features.revision.work import Work
from lsp_writer.generation import Segment
from lsp_writer.prose.tense import tense_of
from lsp_writer.prose.viewpoint import viewpoint_of

# How much of the story stands around a passage, in characters: some three sentences before it, and one after.
_BEFORE, _AFTER = 400, 200
# An example is as long as the passage again, and the second one teaches a small model its words more than its way.
_EXAMPLES, _PLAIN_EXAMPLES = 3, 1


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said in one language beside an entry's own instruction. `{…}` stands for what is known only then."""

    role: str
    only: str
    keep: str
    events: str
    names: str
    numbers: str
    quotations: str
    between: str
    past: str
    present: str
    first: str
    third: str
    #: English only.
    british: str = ""
    american: str = ""
    register: str
    avoid: str
    before: str
    after: str
    #: What the model is made to have answered to what stands around the passage.
    read: str


def wording(language: str) -> Wording:
    """How the model is spoken to about a passage in `language`; in English if that is none of ours."""
    return _wordings().get(language) or _wordings()["en"]


def prompt_for(
    work: Work, passage: str, following: str = "", *, opening: str = "", plain: bool = False
) -> tuple[Segment, ...]:
    """The prompt for `passage`, with `following` after it, whose answer begins with `opening`. What every unit shares
    comes first.

    The instruction stands in every turn, beside the passage: said once at the beginning, it is forgotten by a small
    model. What stands around the passage has a turn of its own, or such a model rewrites that instead. An entry that
    goes on from the caret is shown the story so far, and `passage` is nothing. `plain` is for a still smaller model: it
    is shown nothing around the passage, and one example.
    """
    entry, language = work.entry, work.reading.language
    words = wording(language)
    instruction = entry.instruction(language, work.commission.answer)
    told = [Segment(_rules(work, words), "system")]
    examples = [example for example in entry.examples if example.language == (language or "en")]
    for example in examples[: _PLAIN_EXAMPLES if plain else _EXAMPLES]:
        told += [Segment(_asked(entry, instruction, example.passage), "user"), Segment(example.result, "assistant")]
    if not plain and (around := _around(work, following, words)):
        told += [Segment(around, "user"), Segment(words.read, "assistant")]
    story = work.before.strip() if entry.shows_story else ""
    shown = story if entry.takes == "caret" else passage
    told.append(Segment(_asked(entry, instruction, shown), "user"))
    if opening:
        told.append(Segment(opening, "assistant"))
    return tuple(told)


def _asked(entry: Entry, instruction: str, shown: str) -> str:
    """One turn: what is to be done with a passage and the passage, or a story and what is to be told of it.

    A model of two billion parameters retells what it has read before it is told so, and copies what it reads after it:
    good where a word here and there is to change, and bad where every sentence is.
    """
    retells = entry.takes == "caret" or entry.sampling.fresh > 0
    parts = (shown, instruction) if retells else (instruction, shown)
    return "\n\n".join(part for part in parts if part)


def _rules(work: Work, words: Wording) -> str:
    """What holds for all of the passage, a line each. What the passage has none of is not spoken of."""
    entry, passage, sheet = work.entry, work.reading.passage, work.reading.sheet
    kept = (
        (entry.keeps.meaning, words.events),
        (entry.keeps.names, words.names),
        (entry.keeps.numbers and re.search(r"\d", passage), words.numbers),
        (entry.keeps.quotations and re.search(r"[\"“„«「]", passage), words.quotations),
    )
    things = words.between.join(name for wanted, name in kept if wanted)
    lines = (
        words.role,
        words.keep.format(things=things) if things and entry.does == "replace" else "",
        *_narration(work, words),
        words.register.format(register=sheet.register) if sheet.register else "",
        words.avoid.format(phrases=words.between.join(sheet.avoid)) if sheet.avoid else "",
        words.only,
    )
    return "\n".join(line for line in lines if line)


def _narration(work: Work, words: Wording) -> tuple[str, ...]:
    """Tense, point of view and spelling: what the entry asks for, else what the front matter says, else what the story
    has. An entry that says the same in its instruction is better followed for it."""
    entry, reading = work.entry, work.reading
    keeps, becomes, sheet, language = entry.keeps, entry.becomes, reading.sheet, reading.language
    story = reading.passage if entry.does == "replace" else f"{reading.before}\n{reading.passage}"
    tense = becomes.tense or (keeps.tense and (sheet.tense or tense_of(story, language))) or None
    viewpoint = becomes.viewpoint or (keeps.viewpoint and (sheet.viewpoint or viewpoint_of(story, language))) or None
    spelling = becomes.spelling or (keeps.spelling and sheet.spelling) or None
    return (
        {None: "", "past": words.past, "present": words.present}[tense],
        {None: "", "first": words.first}.get(viewpoint, words.third),
        {None: "", "british": words.british, "american": words.american}[spelling],
    )


def _around(work: Work, following: str, words: Wording) -> str:
    if work.entry.takes == "caret":
        return ""
    parts = (
        (words.before, _end_of(work.before)),
        (words.after, _beginning_of(following)),
    )
    return "\n\n".join(f"{label}\n{text}" for label, text in parts if text)


def _end_of(text: str) -> str:
    """The last words of `text`, from a sentence or at least a word on."""
    end = text.strip()[-_BEFORE:]
    if len(end) < _BEFORE:
        return end
    return re.sub(r"\A(?:[^.!?…。！？]*[.!?…]\s+|[^。！？]*[。！？]|\S*\s)", "", end, count=1)


def _beginning_of(text: str) -> str:
    """The first words of `text`, to the end of a sentence or at least of a word."""
    beginning = text.strip()[:_AFTER]
    if len(beginning) < _AFTER:
        return beginning
    ends = [match.end() for match in re.finditer(r"[.!?…][\"”’»]?(?=\s)|[。！？]", beginning)]
    return beginning[: ends[-1]] if ends else beginning.rpartition(" ")[0]


@cache
def _wordings() -> dict[str, Wording]:
    file = resources.files("lsp_writer.features.revision") / "wording.toml"
    return msgspec.toml.decode(file.read_bytes(), type=dict[str, Wording])
