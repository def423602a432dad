"""British and American spelling: which one a text keeps, and the same text in the other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

import msgspec

from lsp_writer.prose.blocks import Markup
from lsp_writer.prose.markdown import masked
from lsp_writer.prose.names import capitalised
from lsp_writer.prose.span import Span

Variety = Literal["british", "american"]

_LEAST_SHARE = 0.8
_WORD = re.compile(r"(?<![^\W_])[A-Za-z]{3,}(?![^\W_])")
# Written with a capital where she is meant, and no name that must stay.
_KIN = frozenset({"mum", "mom"})
# Who keeps mum is nobody's mother.
_SILENT = re.compile(
    r"\b(?:keep|keeping|keeps|kept|stand|stay|stayed|stood)\s+mum\b|\bmum[’']s the word\b", re.IGNORECASE
)
# What follows somebody's name: an ending, a helping verb, a verb of the past or the present, a joining word.
_ACTS = re.compile(
    r"[’']s\b|[,;]?\s+(?:is|was|has|had|does|did|will|would|can|could|and|or|who|whose|shall|should|may|might|must|"
    r"said|says|went|came|took|gave|got|made|saw|knew|thought|felt|found|left|told|kept|held|stood|sat|ran|shook|"
    r"spoke|looks?|turns?|nods?|put|let|led|met|paid|read|rose|sent|set|drew|drove|ate|drank|fell|heard|lay|lost|"
    r"wore|woke|wrote|threw|leaned|never|only|then|just|[a-z]+ed)\b"
)


class _Group(msgspec.Struct, forbid_unknown_fields=True):
    """Pairs as spelling.toml has them."""

    forms: str
    stems: str
    oxford: bool = False
    one_way: bool = False

    def pairs(self) -> Iterator[tuple[str, str]]:
        for form in self.forms.split(","):
            british, american = form.split()
            for stem in self.stems.split() or [""]:
                yield stem + british, stem + american


class _Table(msgspec.Struct, frozen=True):
    american: dict[str, str]  # of the British spelling
    british: dict[str, str]  # of the American one
    oxford: frozenset[str]  # American spellings that are British too


class Spelt(NamedTuple):
    """A word that the other variety spells `otherwise`; `oxford` if Britons may write it like Americans."""

    span: Span
    variety: Variety
    otherwise: str
    oxford: bool


def spelt(text: str) -> Iterator[Spelt]:
    """Each word of English `text` that tells a spelling, in order, but those with a capital, which may be names."""
    table = _table()
    silent = [Span(*match.span()) for match in _SILENT.finditer(text)]
    for match in _WORD.finditer(text):
        word, span = match[0], Span(*match.span())
        otherwise = table.american.get(word) or table.british.get(word)
        if otherwise is None or any(span.overlaps(other) for other in silent):
            continue
        yield Spelt(span, "british" if word in table.american else "american", otherwise, word in table.oxford)


def variety_of(text: str) -> Variety | None:
    """The spelling that English `text` keeps; None where no word tells or where both stand side by side."""
    table = _table()
    words = [match[0].lower() for match in _WORD.finditer(_SILENT.sub(" ", text))]
    british = sum(word in table.american for word in words)
    american = sum(word in table.british and word not in table.oxford for word in words)
    if british == american == 0:
        return "american" if any(word in table.oxford for word in words) else None
    share = british / (british + american)
    if share >= _LEAST_SHARE:
        return "british"
    return "american" if share <= 1 - _LEAST_SHARE else None


def respelled(text: str, variety: Variety, names: frozenset[str] = frozenset()) -> str:
    """English `text` in the spelling of `variety`. Capitals stay; names, code, links' targets and quotation marks are
    left alone, and so are words that the other variety spells alike but means otherwise.

    A name is a word that has its capital inside a sentence too. One of `names`, which the text around tells, is one
    at the beginning of a sentence as well where a verb or a possessive's ending follows: “Gray shook his head”, not
    “Gray light fell”.
    """
    spellings = _table().british if variety == "british" else _table().american
    inside = {part for word, is_inside in capitalised(text) if is_inside for part in _WORD.findall(word)}
    known = {name.casefold() for name in names}
    kept = [mask.span for mask in masked(text) if mask.markup is not Markup.HEADING]
    kept += (Span(*match.span()) for match in _SILENT.finditer(text))
    shown, end = "", 0
    for match in _WORD.finditer(text):
        word = match[0]
        spelling = spellings.get(word.lower())
        acts = word[0].isupper() and word.lower() in known and _ACTS.match(text, match.end())
        is_name = (word in inside or acts) and word.lower() not in _KIN
        if spelling is None or is_name or any(span.start <= match.start() < span.end for span in kept):
            continue
        shown += text[end : match.start()] + _in_case_of(word, spelling)
        end = match.end()
    return shown + text[end:]


def _in_case_of(word: str, spelling: str) -> str:
    if word.isupper():
        return spelling.upper()
    return spelling.capitalize() if word[0].isupper() else spelling


@cache
def _table() -> _Table:
    document = tomllib.loads(resources.files("lsp_writer.prose").joinpath("spelling.toml").read_text("utf-8"))
    groups = msgspec.convert(document["group"], list[_Group])
    return _Table(
        american=dict(pair for group in groups for pair in group.pairs()),
        british={american: british for group in groups if not group.one_way for british, american in group.pairs()},
        oxford=frozenset(american for group in groups if group.oxford for _, american in group.pairs()),
    )
