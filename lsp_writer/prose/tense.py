"""The tense in which a text is told."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

import msgspec

from lsp_writer.prose.dialogue import narrated
from lsp_writer.prose.verb_forms import third_person

Tense = Literal["past", "present"]

# A sign may be chance ("the way people walk"); one tense must stand out.
_LEAST_SIGNS = 2
_LEAST_SHARE = 0.8
# Some ten pages tell the tense of any number.
_MOST = 20_000


class _Forms(msgspec.Struct):
    """What tense.toml has of a language; words stand between spaces."""

    past: str
    present: str
    irregular: tuple[str, ...] = ()
    regular: str = ""
    no_past: str = ""


class Verbs(NamedTuple):
    past: list[str]
    present: list[str]


class _Signs(NamedTuple):
    past: re.Pattern[str]
    present: re.Pattern[str]


def tense_of(text: str, language: str) -> Tense | None:
    """The tense of what is narrated in `text`, speeches left out; None where there is little to go by, where both
    tenses stand side by side, and in a language without tenses or unknown here.

    Verb forms are counted that cannot be anything else where they stand; most verbs are passed over. It errs by
    silence, so that a rewrite may be turned away for what it says.
    """
    past, present = map(len, verbs_of(text, language))
    if past + present < _LEAST_SIGNS:
        return None
    share = past / (past + present)
    if share >= _LEAST_SHARE:
        return "past"
    return "present" if share <= 1 - _LEAST_SHARE else None


def verbs_of(text: str, language: str) -> Verbs:
    """The verbs of the narration that are in the past for certain, and in the present, as often as they are there."""
    signs = _signs(language)
    if signs is None:
        return Verbs([], [])
    told = narrated(text[:_MOST]).replace("’", "'")
    past, present = ([match.split()[-1] for match in sign.findall(told)] for sign in signs)
    return Verbs(past, present)


@cache
def _signs(language: str) -> _Signs | None:
    make = {"en": _english, "de": _german, "fr": _french, "es": _spanish}.get(language)
    if make is None:
        return None
    tables = tomllib.loads(resources.files("lsp_writer.prose").joinpath("tense.toml").read_text("utf-8"))
    return make(msgspec.convert(tables[language], _Forms))


def _english(forms: _Forms) -> _Signs:
    adverbs = r"(?:(?:\w+ly|never|always|still|only|just|also|then|now|almost|even|once|again)\s+){0,2}"
    # A capitalised word is a name more often than not.
    subject = rf"\b(?:I|[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Ww]e|[Ww]ho|[A-Z][a-z]+)\s+{adverbs}"
    pairs = [pair.split() for pair in forms.irregular]
    presents = [*(present for present, _ in pairs), *forms.regular.split()]
    singular = _any([third_person(verb) for verb in presents])
    past = rf"{_none_of(forms.no_past)}(?:{_any([past for _, past in pairs])}|\w\w+ed)"
    return _Signs(
        re.compile(rf"(?<![\w'])(?i:{_any(forms.past.split())})(?![\w'])|{subject}{past}\b(?!-)"),
        re.compile(
            rf"(?<![\w'])(?i:{_any(forms.present.split())})(?![\w'])"
            rf"|{subject}(?:{singular})\b|\b(?:I|[Tt]hey|[Ww]e)\s+{adverbs}(?:{_any(presents)}|have|don't)\b"
            r"|\b(?:(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hat|[Tt]here|[Ww]ho)'s|I'm|(?:[Tt]hey|[Ww]e)'[rv]e|I've)\b"
        ),
    )


def _german(forms: _Forms) -> _Signs:
    # "er rauchte", "rauchte er": the third person of no present ends so.
    weak = rf"{_none_of(forms.no_past)}[a-zäöüß]{{2,}}te"
    weak = rf"(?:[Ee]r|[Ee]s|[Ss]ie|[Ii]ch)\s+{weak}|{weak}\s+(?:er|es|sie|ich)"
    return _Signs(
        re.compile(rf"\b(?:{_any(forms.past.split())}|{weak})\b"),
        re.compile(rf"\b(?:{_any(forms.present.split())})\b"),
    )


def _french(forms: _Forms) -> _Signs:
    # "il ne la lui", "je n'y"
    pronouns = r"(?:(?:ne|se|me|le|la|les|lui|y|en)\s+|[nslm]'){0,3}"
    subject = rf"\b(?:(?:[Ii]l|[Ee]lle|[Oo]n|[Jj]e|[Qq]ui|et|[A-Z][a-zà-ÿ]+)\s+|[Jj]'){pronouns}"
    adverb = r"(?:(?:pas|plus|jamais|bien|déjà|tout|rien)\s+)?"
    participle = rf"{adverb}{_none_of('lui ici ainsi aussi parmi demi midi envie')}\w{{2,}}(?:[éiu]e?s?|ite?|erte?)\b"
    gone = r"(?:allé|venu|parti|sorti|entré|monté|descendu|arrivé|tombé|resté|rentré|revenu|devenu|mort)e?s?\b"
    perfect = rf"\b(?:ai|a|ont|avons)\s+{participle}|\b(?:est|sont|suis)\s+{gone}"
    # Not the conditional: "serait", "voudraient".
    past_endings = rf"\b{_none_of(forms.no_past)}\w+(?<![deiruv]r)(?:ait|aient|ais)\b|\b\w{{2,}}èrent\b"
    simple_past = rf"{subject}{_none_of(forms.no_past)}\w{{2,}}(?:a|ai)\b"
    plural = rf"\b(?:[Ii]ls|[Ee]lles)\s+{pronouns}\w+(?<![aè]i)(?<![èui]r)ent\b"
    regular = rf"{subject}(?:{_any(forms.regular.split())})\b(?!\s+{participle})"
    return _Signs(
        re.compile(rf"(?<![\w'])(?i:{_any(forms.past.split())})\b|{past_endings}|{perfect}|{simple_past}"),
        re.compile(rf"\b(?i:{_any(forms.present.split())})\b|{plural}|{regular}"),
    )


def _spanish(forms: _Forms) -> _Signs:
    endings = rf"{_none_of(forms.no_past)}\w{{2,}}(?:ó|aba|aban|aron|ieron)"
    return _Signs(
        re.compile(rf"\b(?:(?i:{_any(forms.past.split())})|{endings})\b"),
        re.compile(rf"\b(?i:{_any(forms.present.split())})\b"),
    )


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=len, reverse=True)))


def _none_of(words: str) -> str:
    return rf"(?!(?:{_any(words.split())})\b)"
