"""Who tells a text: somebody in it, or somebody who is not."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from lsp_writer.prose.dialogue import narrated

Person = Literal["first", "third"]

# Of the pronouns of both persons: a narrator who is there says "I" among many others, one who is not hardly ever.
_LEAST_OF_FIRST, _MOST_OF_THIRD = 0.2, 0.05
_LEAST_SIGNS = 2
# Some ten pages tell who narrates any number.
_MOST = 20_000

# A thought in italics is somebody's speech; a single word in italics is not.
_THOUGHT = re.compile(r"(?<![\w*_])([*_]{1,2})(?=\S)[^*_\n]{8,}?\1(?![\w*_])")


class _Pronouns(NamedTuple):
    first: str
    second: str
    third: str


class _Patterns(NamedTuple):
    first: re.Pattern[str]
    second: re.Pattern[str]
    third: re.Pattern[str]


_PRONOUNS = {
    "en": _Pronouns(
        r"\b(?:I(?!\.\s*\Z)|(?i:me|my|myself|mine|we|us|our|ours|ourselves))\b",
        r"\b(?i:you|your|yours|yourself|yourselves)\b",
        r"\b(?i:he|she|they|him|her|hers|them|his|their|theirs|himself|herself|themselves)\b",
    ),
    "de": _Pronouns(
        r"\b(?i:ich|mir|mich|mein|meine|meinem|meinen|meiner|meines|wir|uns|unser|unsere|unserem|unseren|unserer)\b",
        r"\b(?i:du|dir|dich|dein|deine|deinem|deinen|deiner|deines|euch|euer|eure)\b",
        r"\b(?i:er|sie|ihm|ihn|ihnen|ihr|ihre|ihrem|ihren|ihrer|sein|seine|seinem|seinen|seiner|seines|sich)\b",
    ),
    "fr": _Pronouns(
        r"\b(?i:je|me|moi|mon|ma|mes|nous|notre|nos)\b|\b(?i:[jm])['’](?=\w)",
        r"\b(?i:tu|toi|ton|ta|tes|vous|votre|vos)\b",
        r"\b(?i:il|ils|elle|elles|lui|leur|leurs|son|sa|ses|se|eux)\b|\b(?i:s)['’](?=[aeéêhiouy])",
    ),
    "es": _Pronouns(
        r"\b(?i:yo|me|mí|mi|mis|conmigo|nosotros|nosotras|nos|nuestro|nuestra|nuestros|nuestras"
        r"|soy|estoy|tengo|tuve|estuve|hice|dije|puse|vine|pude|supe)\b",
        r"\b(?i:tú|te|ti|tu|tus|contigo|usted|ustedes|vosotros|vosotras)\b",
        r"\b(?i:él|ella|ellos|ellas|le|les|se|su|sus|consigo)\b",
    ),
    "zh": _Pronouns("[我咱]", "[你您]", "[他她]"),
}


def viewpoint_of(text: str, language: str) -> Person | None:
    """Whether what is narrated in `text` is told in the first person or in the third, speeches and thoughts in italics
    left out; None where few pronouns tell, or both in a measure that tells nothing.

    Only `text` is known: where a narrator of the first person tells of others alone, that is the third.
    """
    pronouns = _patterns(language)
    if pronouns is None:
        return None
    told = _told(text)
    first, third = len(pronouns.first.findall(told)), len(pronouns.third.findall(told))
    if first + third < _LEAST_SIGNS:
        return None
    share = first / (first + third)
    if share >= _LEAST_OF_FIRST and first >= _LEAST_SIGNS:
        return "first"
    return "third" if share <= _MOST_OF_THIRD else None


def says_i(text: str, language: str) -> bool:
    """Whether what is narrated in `text` has any pronoun of the first person."""
    pronouns = _patterns(language)
    return pronouns is not None and pronouns.first.search(_told(text)) is not None


def says_you(text: str, language: str) -> bool:
    """Whether what is narrated in `text` has any pronoun of the second person."""
    pronouns = _patterns(language)
    return pronouns is not None and pronouns.second.search(_told(text)) is not None


def _told(text: str) -> str:
    return _THOUGHT.sub(" ", narrated(text[:_MOST]))


@cache
def _patterns(language: str) -> _Patterns | None:
    pronouns = _PRONOUNS.get(language)
    return _Patterns(*map(re.compile, pronouns)) if pronouns else None
