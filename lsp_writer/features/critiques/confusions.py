"""Words written for others that sound like them, and verbs of the wrong number, where only one reading is left.

What needs more than the words beside it is Harper's: proofreading.py.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.phrases import words_in
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.span import Span

LIST = "confusions.toml"

_WRONG = re.compile(r"<((?:\(\?:)?[\w'|]+\)?)>")
# An apostrophe within a word; those of classes stand beside a bracket or a letter of another kind.
_APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")
# Whoever types either has no curly apostrophes.
_STRAIGHT = ("'", '"')


class _Confusion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the list."""

    words: str
    pattern: str
    right: str
    reason: str
    alike: bool = False


def confusions(reading: Reading) -> Iterator[Finding]:
    listed, words = _listed(), words_in(reading.text)
    for word in listed.keys() & words:
        for pattern, confusion in listed[word]:
            if words.issuperset(confusion.words.split()):
                for match in pattern.finditer(reading.text if confusion.alike else reading.narration):
                    yield _finding(confusion, reading.text, Span(*match.span("wrong")))


def _finding(confusion: _Confusion, text: str, span: Span) -> Finding:
    wrong = text[span.start : span.end]
    right = confusion.right.capitalize() if wrong[0].isupper() and wrong != "I" else confusion.right
    if "'" in wrong or ("’" not in text and any(mark in text for mark in _STRAIGHT)):
        right = right.replace("’", "'")
    return Finding(span, CritiqueKind.GRAMMAR, confusion.reason, f"Try “{right}”.", (right,))


@cache
def _listed() -> Mapping[str, list[tuple[re.Pattern[str], _Confusion]]]:
    """Patterns and what they are of, by the first of the words in them."""
    text = resources.files("lsp_writer.features.critiques").joinpath(LIST).read_text(encoding="utf-8")
    by_word: defaultdict[str, list[tuple[re.Pattern[str], _Confusion]]] = defaultdict(list)
    for confusion in msgspec.convert(tomllib.loads(text)["confusion"], list[_Confusion]):
        by_word[confusion.words.split()[0]].append((_compiled(confusion.pattern), confusion))
    return by_word


def _compiled(pattern: str) -> re.Pattern[str]:
    marked = _WRONG.sub(r"(?P<wrong>(?i:\1))\\b", pattern.strip())
    return re.compile(r"(?<![\w’'-])" + _APOSTROPHE.sub("[’']", marked))
