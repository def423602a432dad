"""Lists of phrases, and where they stand in a paragraph.

A list has one phrase a line, and # begins a comment. `turn*` is the regular verb in every form, `go/goes/went` any of
these, `(very)` may be missing; `HE` is a pronoun or a name, `HIS` a possessive, `HIM` whom it befalls, `A` an article
or a possessive. `^THINGS` at the end: not where things follow, which stand there as themselves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

import msgspec

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.span import Span
from lsp_writer.prose.verb_forms import past, present_participle, third_person

_POSSESSIVE = r"(?:my|your|his|her|its|our|their|one[’']s|[A-Z]\w+[’']s|the\s+\w+[’']s)"
_SLOTS = {
    "HE": r"(?:I|you|he|she|it|we|they|one|[A-Z]\w+)",
    "HIS": _POSSESSIVE,
    "HIM": r"(?:me|you|him|her|it|us|them|everyone|[A-Z]\w+)",
    "A": rf"(?:a|an|the|{_POSSESSIVE})",
    "THINGS": r"(?:\w+\s+)?\w+s",
}
_SPACE = r"\s+"
_WORD = re.compile(r"\w+")
_LITERAL = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_PLAIN = word_set(
    "a again an and as at before down end for from in into last like more of on out over that the through time to was "
    "with without"
)
_CLOSING = re.compile(r"[.!?…]*\s*")


class Phrases(msgspec.Struct, frozen=True):
    """Patterns by a word that stands in each, so that a paragraph is searched only for what it may hold."""

    by_word: Mapping[str, tuple[re.Pattern[str], ...]]

    def found_in(self, text: str) -> Iterator[re.Match[str]]:
        """Where they stand in `text`, in no order."""
        for word in self.by_word.keys() & words_in(text):
            for pattern in self.by_word[word]:
                yield from pattern.finditer(text)


@lru_cache(8)
def words_in(text: str) -> frozenset[str]:
    """The words of `text`, kept for the next rule that looks for phrases in it: finding them is most of the cost."""
    return frozenset(_WORD.findall(text.lower()))


def phrases(lines: Sequence[str]) -> Phrases:
    by_word: defaultdict[str, list[re.Pattern[str]]] = defaultdict(list)
    for line in lines:
        by_word[_telling(line)].append(re.compile(_pattern(line)))
    return Phrases({word: tuple(patterns) for word, patterns in by_word.items()})


@cache
def shipped(name: str) -> tuple[str, ...]:
    """The lines of a list that stands beside the rules."""
    text = resources.files("lsp_writer.features.critiques").joinpath(name).read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def phrase_rule(name: str, kind: CritiqueKind, says: str, suggestion: str) -> Callable[[Reading], Iterator[Finding]]:
    """The rule that finds the phrases of a shipped list in narration, and `says` of each what is wrong with it."""

    @cache
    def listed() -> Phrases:
        return phrases(shipped(name))

    def find(reading: Reading) -> Iterator[Finding]:
        for span in narrated(listed(), reading):
            phrase = " ".join(reading[span].split()).rstrip(".!?…")
            yield Finding(span, kind, f"“{phrase}” {says}", suggestion)

    return find


def narrated(found: Phrases, reading: Reading) -> list[Span]:
    """Where the narration has the phrases, the longest of those that overlap; a whole sentence with its stop."""
    spans: list[Span] = []
    for match in sorted(found.found_in(reading.narration), key=lambda match: (match.start(), -match.end())):
        span = _with_stop(reading, Span(*match.span()))
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return spans


def _with_stop(reading: Reading, span: Span) -> Span:
    """`span`, or its sentence, if there is nothing else in it."""
    return next(
        (
            sentence
            for sentence in reading.sentences
            if sentence.start == span.start and _CLOSING.fullmatch(reading.narration, span.end, sentence.end)
        ),
        span,
    )


def _telling(line: str) -> str:
    """The longest word that every form of a phrase has, and a plain one only if there is no other."""
    parts: list[str] = [_WORD.findall(word)[0] for word in line.split() if _LITERAL.fullmatch(word)]
    return max(parts, key=lambda word: (word not in _PLAIN, len(word)))


def _pattern(line: str) -> str:
    pattern, opened = "", False
    for word in line.split():
        if word.startswith("^"):
            pattern += rf"(?!{_SPACE}{_any(word[1:], opens=False)}\b)"
        elif word.startswith("("):
            missing = _any(word[1:-1], opens=not opened)
            pattern += f"(?:{_SPACE}{missing})?" if opened else f"(?:{missing}{_SPACE})?"
        else:
            pattern += (_SPACE if opened else "") + _any(word, opens=not opened)
            opened = True
    return rf"\b{pattern}\b"


def _any(word: str, *, opens: bool) -> str:
    """What stands for `word`, which may open a sentence if it `opens` its phrase."""
    return "(?:" + "|".join(_SLOTS.get(form) or _letters(form, opens) for form in _forms(word)) + ")"


def _forms(word: str) -> Iterator[str]:
    for form in word.split("/"):
        stem = form.removesuffix("*")
        yield stem
        if form != stem:
            yield from (third_person(stem), past(stem), present_participle(stem))


def _letters(word: str, opens: bool) -> str:
    escaped = re.escape(word).replace("'", "[’']")
    return f"[{word[0].upper()}{word[0]}]{escaped[1:]}" if opens and word[0].isalpha() else escaped
