"""Grammar and spelling as Harper has them, where it is right on fiction. Slow: 40 to 70 s for 100,000 new words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lsp_writer.features.critiques.confusions import confusions
from lsp_writer.features.critiques.doubled_word import doubled_words
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.misspelling import misspellings
from lsp_writer.features.critiques.participle import participles
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.story import Paragraph
from lsp_writer.features.critiques.usage import usage
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.harper import Slip, slips
from lsp_writer.prose.language import language_of
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import folded

# Each was wrong on published fiction, where a copy-edit asks the model: "as was his wont" wants no “wants”.
_OFF = word_set(
    """
    AvoidCurses DidPast LetsConfusion NominalWants PassionateAbout RepeatedWords ThatWhich ThereIsAgreement Therein
    ToAdverb ToTwoToo WhomSubjectOfVerb WrongNegative
    """
)
# Pasts like their bases: "she thrust it away" agrees.
_LIKE_ITS_BASE = word_set(
    """
    beat bet bid burst cast come cost cut fit hid hit hurt knit let put quit read rid set shed shut slit split spread
    sweat thrust wed wet
    """
)
_AT_LEAST_LETTERS = 5
_MOST_FIXES = 3
# Words of a sentence that tell its language.
_TELLING = 5
# A word that stands so often in a story is the writer's own, in whatever dictionary it is not.
_OWN = 2
# As likely a full stop typed twice as an ellipsis that lacks one, so which to put there is the writer's to say.
_TWO_STOPS = ".."
_NEITHER = "Two full stops are neither the end of a sentence nor an ellipsis."
_U = re.compile(r"\s+[\"“‘']?u", re.IGNORECASE)
_FAST = (doubled_words, confusions, participles, misspellings, usage)


def proofreading(reading: Reading) -> Iterator[Finding]:
    """What Harper finds besides what the fast rules find."""
    taken = [finding.span for rule in _FAST for finding in rule(reading)]
    for slip in slips(reading.text):
        wrong = reading[slip.span]
        if any(slip.span.overlaps(span) for span in taken) or not _counts(slip, reading, wrong):
            continue
        if wrong == _TWO_STOPS:
            yield Finding(slip.span, CritiqueKind.GRAMMAR, _NEITHER, "Try a full stop or an ellipsis.")
            continue
        right = slip.replacements[0].strip()
        if slip.rule == "PronounVerbAgreement":
            yield _agreement(slip.span, wrong)
            continue
        spelling = slip.kind == "Spelling"
        if spelling and _is_foreign(reading, slip.span):
            continue
        yield Finding(
            slip.span,
            CritiqueKind.SPELLING if spelling else CritiqueKind.GRAMMAR,
            f"“{wrong}” is in no dictionary." if spelling else _sentence(slip.message),
            f"Try “{right}”." if right else "Try leaving it out.",
            slip.replacements[:_MOST_FIXES],
        )


def _agreement(span: Span, verb: str) -> Finding:
    """Of what Harper would put there nothing is told: it takes a misspelt past for the present, and “He run out of
    money” for “He runs”."""
    return Finding(
        span,
        CritiqueKind.GRAMMAR,
        f"“{verb}” does not go with its subject.",
        "Try another form of the verb, or another tense.",
    )


def without_own_words(found: Iterable[tuple[Paragraph, Finding]]) -> Iterator[tuple[Paragraph, Finding]]:
    """What is `found` in the paragraphs of a story, without misspellings that it keeps to."""
    found = list(found)
    misspelt = Counter(
        folded(paragraph.reading[finding.span]) for paragraph, finding in found if finding.kind is CritiqueKind.SPELLING
    )
    return (
        (paragraph, finding)
        for paragraph, finding in found
        if finding.kind is not CritiqueKind.SPELLING or misspelt[folded(paragraph.reading[finding.span])] < _OWN
    )


def _counts(slip: Slip, reading: Reading, wrong: str) -> bool:
    if slip.rule == "SpellCheck":
        return _is_slip_of_the_pen(wrong, slip.replacements[0])
    if slip.rule == "PronounVerbAgreement":
        return wrong not in _LIKE_ITS_BASE
    if slip.rule == "AnA":
        # "An urchin", "a unanimous": it does not hear which u is one.
        return not _U.match(reading.text, slip.span.end)
    if slip.rule == "ItsPossessive":
        # "It's mighty hard": at the beginning of a sentence it takes any word for what is owned.
        return wrong[0].islower()
    return slip.rule not in _OFF


def _is_slip_of_the_pen(wrong: str, right: str) -> bool:
    """Whether `wrong` is one letter from `right`. Rare words are further from any other, and nobody mistakes the first
    letter: of 64 words that Harper did not know in published fiction, 53 were right as they stood."""
    if wrong.casefold() == right.casefold():
        return True
    if len(wrong) < _AT_LEAST_LETTERS or not wrong.isascii() or not wrong.isalpha() or wrong[0] != right[0].lower():
        return False
    same = next(
        (index for index, (a, b) in enumerate(zip(wrong, right, strict=False)) if a != b), min(len(wrong), len(right))
    )
    rest, other = wrong[same:], right[same:]
    if not other:
        return len(rest) == 1 and rest not in "ds"  # "balustraded" is a form that the dictionary lacks
    return (
        rest[1:] == other  # one too many
        or rest == other[1:]  # one too few
        or rest[1:] == other[1:]  # another
        or (sorted(rest[:2]) == sorted(other[:2]) and rest[2:] == other[2:])  # two that changed places
    )


def _is_foreign(reading: Reading, word: Span) -> bool:
    """Whether the sentence that holds `word` is in another language by itself: a line of German on an English page."""
    sentence = next((span for span in reading.sentences if span.overlaps(word)), None)
    return (
        sentence is not None
        and len(reading.words_of(sentence)) >= _TELLING
        and language_of(reading[sentence]) not in {"en", ""}
    )


def _sentence(message: str) -> str:
    """`message` in one sentence, as a reason is."""
    first = re.split(r"(?<=[.?!])\s", message.replace("`", "“", 1).replace("`", "”", 1).replace("\n", " "), maxsplit=1)[
        0
    ]
    return first if first.endswith((".", "?")) else first.rstrip("!") + "."
