"""Slips of grammar, spelling and punctuation in English, found by Harper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from lsp_writer.prose.dialogue import spoken_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.spelling import Variety, respelled, variety_of

if TYPE_CHECKING:
    from harper import Lint, Linter, Suggestion

# Some five pages: new text takes 1 s for these, and several if every character of it opens a tag.
_MOST = 10_000

# Rules that fiction breaks on purpose, and rules that were wrong more often than right on it.
_OFF = """
AWhile AvoidAndAlso BoringWords CompoundNouns Confident Dashes DiscourseMarkers DisjointPrefixes Everyone ExceptOf
FindOut InterestedIn LongSentences MassNouns MergeWords MissingPreposition MissingTo MultipleSequentialPronouns Myself
NoFrenchSpaces Nonetheless OneOfTheSingular OnesSelf OrthographicConsistency Overall OxfordComma PluralDecades
PossessiveYour PronounContraction QuantifierNumeralConflict QuiteQuiet RedundantThat SentenceCapitalization SplitWords
SubjunctiveWasToWere TheHowWhy TheyToThem ThisTypeOfThing UnclosedQuotes UpdatePlaceNames VerbToAdjective WereWhere
Worthwhile
"""
# Matters of taste, whatever the rule.
_TASTE = frozenset({"Enhancement", "Readability", "Redundancy", "Regionalism", "Style"})
# What cannot be a manner of speaking.
_IN_SPEECHES = frozenset({"CommaFixes", "Spaces", "The", "TheirToThere", "ThereToTheir"})
_TWICE_ON_PURPOSE = frozenset({"had had", "that that"})
# Words that a writer may make of one in the dictionary: "unwhitewashed", "bustlings".
_MADE = re.compile(r"un(\w{4,})|(\w+ing)s")


class Slip(msgspec.Struct, frozen=True):
    """`span` in code points; each of `replacements` may stand there instead, the likeliest first, and there is one at
    least. `kind` is Harper's: "Agreement", "Spelling", "Punctuation"; so is `rule`: "AnA", "SpellCheck"."""

    span: Span
    kind: str
    message: str
    replacements: tuple[str, ...]
    rule: str = ""


def slips(text: str) -> list[Slip]:
    """The slips in English `text`, a Markdown passage, in order and without overlaps; of the first 10,000 characters.

    In speeches only what is no manner of speaking counts, and no name or word of either variety of English is a
    misspelling. Replacements keep to the variety of the text. The first call takes some 1.5 s and 140 MB; a page of new
    text takes 0.2 s, a page seen before next to nothing. Calls from several threads wait for each other.
    """
    text = text[:_MOST]
    checker = _checker()
    with checker.lock:
        found = checker.linter.organized_lints(text, language="markdown")
    spoken = spoken_spans(text)
    variety = variety_of(text)
    slips = [
        _slip(rule, lint, variety)
        for rule, lints in found.items()
        for lint in lints
        if _counts(rule, lint, text, any(span.start <= lint.span.start < span.end for span in spoken))
    ]
    return list(_apart(sorted((slip for slip in slips if slip.replacements), key=lambda slip: slip.span)))


class _Checker(NamedTuple):
    linter: Linter
    #: One call at a time: the linter is not re-entrant.
    lock: Lock


@cache
def _checker() -> _Checker:
    from harper import Dialect, Linter

    # One dialect serves both varieties; another linter would be another 140 MB.
    linter = Linter(Dialect.AMERICAN)
    off = set(_OFF.split())
    linter.set_lint_config({rule: on and rule not in off for rule, on in linter.get_default_lint_config().items()})
    return _Checker(linter, Lock())


def _counts(rule: str, lint: Lint, text: str, is_spoken: bool) -> bool:
    if lint.lint_kind in _TASTE or (is_spoken and rule not in _IN_SPEECHES):
        return False
    word, start, end = lint.problem_text, lint.span.start, lint.span.end
    if rule == "SpellCheck":
        return _is_misspelt(word, lint) and "-" not in (text[start - 1 : start], text[end : end + 1])
    if rule == "Spaces":
        # Two after a full stop are a custom, and at the end of a line a line break.
        return text[start - 1 : start].isalnum() and text[end : end + 1].isalnum()
    return word.casefold() not in _TWICE_ON_PURPOSE


def _is_misspelt(word: str, lint: Lint) -> bool:
    """Whether `word` is none, in either variety; a capitalised one is a name, and a small one that lacks its capital
    is a slip ("monday")."""
    from simplemma import is_known

    if not word[:1].islower():
        return False
    if any(suggestion.replacement_text.casefold() == word.casefold() for suggestion in lint.suggestions[:1]):
        return True
    made = _MADE.fullmatch(word)
    forms = (word, *(form for form in (made.groups() if made else ()) if form))
    return respelled(word, "american") == word and not any(is_known(form, "en", low_memory=True) for form in forms)


def _slip(rule: str, lint: Lint, variety: Variety | None) -> Slip:
    replacements = (_replacement(lint, suggestion) for suggestion in lint.suggestions)
    kept = (respelled(replacement, variety) if variety else replacement for replacement in replacements)
    return Slip(
        Span(lint.span.start, lint.span.end),
        lint.lint_kind,
        lint.message,
        tuple(dict.fromkeys(replacement for replacement in kept if replacement != lint.problem_text)),
        rule,
    )


def _replacement(lint: Lint, suggestion: Suggestion) -> str:
    from harper import SuggestionKind

    if suggestion.kind is SuggestionKind.INSERT_AFTER:
        return lint.problem_text + suggestion.replacement_text
    if len(lint.problem_text) == 1 and suggestion.replacement_text.isupper():
        # A capital that opens a sentence is to Harper a word in capitals: “A hour” would be “AN hour”.
        return suggestion.replacement_text.capitalize()
    return suggestion.replacement_text


def _apart(slips: list[Slip]) -> Iterator[Slip]:
    end = 0
    for slip in slips:
        if slip.span.start >= end:
            yield slip
            end = slip.span.end
