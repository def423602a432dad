"""The forms of regular English verbs that do not double their last letter."""

from __future__ import annotations

_VOWELS = "aeiou"


def third_person(verb: str) -> str:
    """What `verb` is with “he”: "asks", "replies", "echoes"."""
    if _changes_its_y(verb):
        return f"{verb[:-1]}ies"
    takes_es = verb.endswith(("s", "sh", "ch", "x")) or (verb.endswith("o") and not verb.endswith("oo"))
    return f"{verb}es" if takes_es else f"{verb}s"


def past(verb: str) -> str:
    """What `verb` was: "asked", "replied", "echoed"."""
    if _changes_its_y(verb):
        return f"{verb[:-1]}ied"
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"


def _changes_its_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2] not in _VOWELS
