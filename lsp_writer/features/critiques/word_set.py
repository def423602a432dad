"""Lists of words as critiques keep them: readable in the source, quick to look up."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of `words`, which white space parts."""
    return frozenset(words.split())
