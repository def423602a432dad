"""The forms of regular English verbs."""

from __future__ import annotations

import re

_VOWELS = "aeiou"
# "Stop" and "grin" double their last letter.
_DOUBLES = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")


def third_person(verb: str) -> str:
    """What `verb` is with “he”: "asks", "replies", "echoes"."""
    if _changes_its_y(verb):
        return f"{verb[:-1]}ies"
    takes_es = verb.endswith(("s", "sh", "ch", "x")) or (verb.endswith("o") and not verb.endswith("oo"))
    return f"{verb}es" if takes_es else f"{verb}s"


def past(verb: str) -> str:
    """What `verb` was: "asked", "replied", "stopped"."""
    return f"{verb[:-1]}ied" if _changes_its_y(verb) else f"{_before_a_vowel(verb)}ed"


def present_participle(verb: str) -> str:
    """What is being done: "asking", "hoping", "stopping"."""
    return f"{_before_a_vowel(verb)}ing"


def _before_a_vowel(verb: str) -> str:
    return verb + verb[-1] if _DOUBLES.fullmatch(verb) else verb.removesuffix("e")


def _changes_its_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2] not in _VOWELS
