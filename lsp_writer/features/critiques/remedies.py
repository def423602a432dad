"""What a writer may do about a finding, in words and as changes of the manuscript."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from lsp_writer.features.critiques.comments import comments_in
from lsp_writer.features.critiques.finding import CERTAIN, CritiqueKind, Finding
from lsp_writer.features.critiques.silence import bare, quoted
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraph_at
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words

#: What is wrong with a word is mostly that no list has it.
SPELLINGS = frozenset({CritiqueKind.SPELLING, CritiqueKind.NAME_SPELLING, CritiqueKind.MIXED_SPELLING})
# Kinds that speak of a word or a phrase, whatever stands around it.
_PHRASES = frozenset(
    {
        CritiqueKind.ADVERB,
        CritiqueKind.CLICHE,
        CritiqueKind.FILTER_WORD,
        CritiqueKind.MACHINE_PHRASE,
        CritiqueKind.REPETITION,
        CritiqueKind.SAID_BOOKISM,
        CritiqueKind.TOLD_EMOTION,
        CritiqueKind.USAGE,
        CritiqueKind.WEAK_VERB,
    }
)
_LONGEST_PHRASE = 6
_TELLING_WORDS = 2
#: Slips that nobody means. A name that is spelt like another may be somebody else's.
CERTAIN_FIX = CERTAIN - {CritiqueKind.NAME_SPELLING}
# An item of a list, or a later paragraph of one: a line between two at the margin would make two lists of them.
_IN_ITEM = re.compile(r"[ \t]|(?:[-*+]|\d{1,9}[.)])[ \t]")
_BEGINNING = 12
_ENDING = re.compile(r"\r\n|\r|\n")

#: What several findings of a kind are called.
PLURALS = {
    CritiqueKind.GRAMMAR: "slips of grammar",
    CritiqueKind.SPELLING: "misspellings",
    CritiqueKind.DOUBLED_WORD: "doubled words",
    CritiqueKind.DIALOGUE_PUNCTUATION: "slips of dialogue punctuation",
    CritiqueKind.QUOTATION_MARK: "slips of quotation marks",
    CritiqueKind.NAME_SPELLING: "names spelt in two ways",
    CritiqueKind.MIXED_SPELLING: "words in the other spelling",
    CritiqueKind.TENSE_SLIP: "slips of tense",
    CritiqueKind.VIEWPOINT_SLIP: "slips of viewpoint",
    CritiqueKind.OVER_LONG: "long sentences",
    CritiqueKind.REPETITION: "repetitions",
    CritiqueKind.OPENING: "repeated openings",
    CritiqueKind.MONOTONE: "monotone sentences",
    CritiqueKind.PASSIVE: "passives",
    CritiqueKind.WEAK_VERB: "weak verbs",
    CritiqueKind.FILTER_WORD: "filter words",
    CritiqueKind.ADVERB: "adverbs",
    CritiqueKind.SAID_BOOKISM: "fancy speech tags",
    CritiqueKind.CLICHE: "clichés",
    CritiqueKind.MACHINE_PHRASE: "machine phrases",
    CritiqueKind.USAGE: "slips of usage",
    CritiqueKind.TALKING_HEADS: "talking heads",
    CritiqueKind.UNATTRIBUTED: "speeches without a speaker",
    CritiqueKind.TOLD_EMOTION: "told emotions",
    CritiqueKind.SENSES: "missing senses",
    CritiqueKind.NUMERAL: "numbers in digits",
    CritiqueKind.DASH: "typed dashes",
    CritiqueKind.AWKWARD: "awkward words",
    CritiqueKind.PREDICTABLE: "predictable phrases",
}

_MARKS = {
    ",": "comma",
    ".": "full stop",
    ";": "semicolon",
    ":": "colon",
    "?": "question mark",
    "!": "exclamation mark",
    "…": "ellipsis",
    "-": "hyphen",
    "--": "double hyphen",
    "—": "dash",
    "–": "dash",
    "'": "straight mark",
    '"': "straight mark",
    "“": "opening mark",
    "”": "closing mark",
    "‘": "opening mark",
    "’": "closing mark",
    "«": "opening mark",
    "»": "closing mark",
    " ": "space",
}
# Marks that a word may end in.
_OF_WORDS = frozenset({"'", "’", "-"})
# So much of a text is shown in the menu.
_LONGEST_SHOWN = 40


class Change(msgspec.Struct, frozen=True, order=True):
    """`new` stands in the place of `span` of the manuscript."""

    span: Span
    new: str


def fixes_of(finding: Finding) -> list[Change]:
    """The likeliest first."""
    return [Change(finding.span, fix) for fix in finding.fixes]


def is_safe(finding: Finding) -> bool:
    """Whether its fix may be put in unseen: there is no other."""
    return finding.kind in CERTAIN_FIX and len(finding.fixes) == 1


def fix_all(findings: Iterable[Finding]) -> list[Change]:
    """The likeliest fix of each of `findings` that has one, in order; of two that overlap the first."""
    changes: list[Change] = []
    for change in sorted(fixes_of(finding)[0] for finding in findings if finding.fixes):
        if not changes or change.span.start >= changes[-1].span.end:
            changes.append(change)
    return changes


def title_of(old: str, new: str) -> str:
    """What putting `new` in the place of `old` does, in a few words."""
    old, new = " ".join(old.split()) or old, " ".join(new.split()) or new
    if not new.strip() and new != " ":
        return f"Leave out {_called(old)}"
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    cut, added, after = old[start : len(old) - end], new[start : len(new) - end], old[len(old) - end :]
    is_in_word = old[:start][-1:].isalnum() and (after[:1].isalnum() or (cut or added) in _OF_WORDS)
    if not cut and _is_mark(added) and not is_in_word:
        return f"Add {_called(added)}"
    if not added and (_is_mark(cut) or cut != cut.strip()) and not is_in_word:
        return f"Leave out {_called(cut)}"
    if cut and added and _is_mark(cut) and _is_mark(added):
        return f"Replace {_called(cut, 'the')} with {_called(added)}"
    return f"Replace “{shortened(old)}” with “{shortened(new)}”"


def word_in(manuscript: Manuscript, finding: Finding, *, opens: bool) -> str:
    """The word or phrase that `finding` speaks of, as a dictionary would have it, or "" if it is about none. Of one
    that `opens` its sentence the capital tells nothing, unless it is a name."""
    text = manuscript.text.slice(finding.span.start, finding.span.end)
    if finding.kind not in SPELLINGS | _PHRASES or not 0 < count_words(text) <= _LONGEST_PHRASE:
        return ""
    word = bare(text)
    if opens and finding.kind is not CritiqueKind.NAME_SPELLING and word[1:] == word[1:].lower():
        word = word[:1].lower() + word[1:]
    return word


def quotable(manuscript: Manuscript, finding: Finding) -> str:
    """What a list of ignored findings would call `finding`, or "" if that says too little: of a mark, or of a word
    that is wrong only where it stands."""
    text = manuscript.text.slice(finding.span.start, finding.span.end)
    if not bare(text) or (finding.kind is CritiqueKind.GRAMMAR and count_words(text) < _TELLING_WORDS):
        return ""
    return quoted(text)


def ignoring_here(manuscript: Manuscript, finding: Finding) -> Change | None:
    """The comment that silences the kind of `finding` in its paragraph: added to the one that stands there, at the end
    of an item of a list, or else on a line of its own. None in plain text, and where there is no paragraph."""
    text, comments = manuscript.text, comments_in(manuscript)
    paragraph = paragraph_at(manuscript, finding.span.start)
    if comments is None or paragraph is None:
        return None
    for comment in comments.ignoring_at(finding.span.start):
        there = text.slice(comment.span.start, comment.span.end)
        return Change(comment.span, re.sub(r"[\s,]*-->\Z", f", {finding.kind} -->", there))
    new = f"<!-- lsp-writer: ignore {finding.kind} -->"
    line = text.line_at(paragraph.start)
    start = text.line_start(line)
    if _IN_ITEM.match(text.line(line, _BEGINNING)):
        end = text.line_end(text.line_at(paragraph.end))
        return Change(Span(end, end), f" {new}")
    # Beside a line that ends, as that one does.
    beside = text.slice(text.line_end(line), text.line_end(line) + 2) or text.slice(max(start - 2, 0), start)
    ending = _ENDING.search(beside)
    return Change(Span(start, start), new + (ending[0] if ending else "\n"))


def _is_mark(text: str) -> bool:
    return bool(text) and (text in _MARKS or text.strip() in _MARKS or not text.strip())


def _called(text: str, article: str = "a") -> str:
    name = _MARKS.get(text.strip() or " ")
    if name is None:
        return f"“{text.strip()}”"
    return f"{article}n {name}" if article == "a" and name[0] in "aeiou" else f"{article} {name}"


def _common(one: str, other: str) -> int:
    """How many characters `one` and `other` begin with alike."""
    return next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def shortened(text: str) -> str:
    """So much of `text` as a menu shows."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1].rstrip()}…"
