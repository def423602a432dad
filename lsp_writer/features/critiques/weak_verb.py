"""A verb that says nothing beside a noun that says what is done: "made a decision" for "decided"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.span import Span

LIST = "weak_verbs.toml"

# After these the plain verb stands as the two did: "gave a nod, and", "made a decision to". Not "gave a nod of thanks".
_STANDS = re.compile(r"[.,;:!?…—]|\s+(?:and|but|at|to|then|as|when|before|that)\b")
# "To let out a sigh" is no past, though it looks like one.
_INFINITIVE = re.compile(
    r"\b(?:to|not|would|could|did|should|might|must|can|will|may|shall|[a-z]+n[’']t)\s+\Z", re.IGNORECASE
)


class _Weak(msgspec.Struct, forbid_unknown_fields=True):
    """One of [[weak]] in the list; `verbs` in the order of the forms of the plain ones."""

    verbs: tuple[str, str, str, str]
    articles: str
    nouns: str


class _List(msgspec.Struct, forbid_unknown_fields=True):
    plain: dict[str, str]
    weak: list[_Weak]


class _Constructions(msgspec.Struct, frozen=True):
    pattern: re.Pattern[str]
    #: The plain verb by what stands for it: "made a decision".
    plain: Mapping[str, str]


def weak_verbs(reading: Reading) -> Iterator[Finding]:
    constructions = _constructions()
    for match in constructions.pattern.finditer(reading.narration):
        phrase = " ".join(match[0].split())
        plain = constructions.plain.get(phrase.lower())
        if plain is None:
            continue
        if phrase.lower().startswith("let out") and _INFINITIVE.search(
            reading.narration, max(match.start() - 12, 0), match.start()
        ):
            continue
        if phrase[0].isupper():
            plain = plain.capitalize()
        yield Finding(
            Span(*match.span()),
            CritiqueKind.WEAK_VERB,
            f"“{phrase}” hides what is done in a noun.",
            f"Try “{plain}”.",
            (plain,) if _STANDS.match(reading.narration, match.end()) else (),
        )


@cache
def _constructions() -> _Constructions:
    text = resources.files("lsp_writer.features.critiques").joinpath(LIST).read_text(encoding="utf-8")
    listed = msgspec.convert(tomllib.loads(text), _List)
    plain = {
        f"{verb} {article} {noun}": form
        for each in listed.weak
        for noun in each.nouns.split()
        for article in each.articles.split()
        # "Let out" is base and past, and narration means the past, which comes later.
        for verb, form in zip(each.verbs, listed.plain[noun].split(), strict=True)
    }
    verbs = _any(verb for each in listed.weak for verb in each.verbs)
    articles = _any(article for each in listed.weak for article in each.articles.split())
    pattern = re.compile(rf"\b(?:{verbs})\s+(?:{articles})\s+(?:{_any(listed.plain)})\b(?![-’'])", re.IGNORECASE)
    return _Constructions(pattern, plain)


def _any(phrases: Iterable[str]) -> str:
    return "|".join(sorted(set(phrases), key=len, reverse=True)).replace(" ", r"\s+")
