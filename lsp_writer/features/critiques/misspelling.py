"""Words often misspelt, which nobody spells so on purpose, in speeches either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.phrases import shipped, words_in
from lsp_writer.features.critiques.reading import Reading

LIST = "misspellings.txt"


def misspellings(reading: Reading) -> Iterator[Finding]:
    spelt = _spelt()
    if words_in(reading.text).isdisjoint(spelt):
        return
    for word in reading.words:
        wrong = reading[word]
        right = spelt.get(wrong.lower())
        if right is None or wrong.isupper():
            continue
        if wrong[0].isupper():
            right = right[0].upper() + right[1:]
        yield Finding(
            word,
            CritiqueKind.SPELLING,
            f"“{wrong}” is spelt “{right}”.",
            f"Try “{right}”.",
            (right,),
        )


@cache
def _spelt() -> Mapping[str, str]:
    pairs = (line.split() for line in shipped(LIST))
    return {wrong: right.replace("|", " ") for wrong, right in pairs}
