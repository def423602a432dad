"""Words and findings that the writer never wants to hear of again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import msgspec

from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.prose.words import folded

#: A line of a word list, or of a list of ignored findings, is no longer. Of a longer finding its ends are kept.
LONGEST = 200

_POSSESSIVE = re.compile(r"'s?\Z", re.IGNORECASE)
# What stands around a word or a phrase: a speech's marks, the stop of its sentence, Markdown's emphasis.
_AROUND = " .,;:!?…'\"‘“”„«»‹›()[]{}<>*_~`—–¡¿。，、！？「」『』（）"
_COMMENT = re.compile(r"(?:\A|\s)#.*")
_SHOWN_END = 60
_KINDS = {str(kind): kind for kind in CritiqueKind}


class Silence(msgspec.Struct, frozen=True):
    """`words` and phrases without a capital are meant however they are written; `names`, which have one, as they are,
    and all in capitals, for which `folded_names` has them in small letters. Of `ignored` findings the kind is kept with
    the `quoted` text, in small letters."""

    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    folded_names: frozenset[str] = frozenset()
    ignored: frozenset[tuple[CritiqueKind, str]] = frozenset()

    def covers(self, kind: CritiqueKind, text: str) -> bool:
        """Whether nothing is to be said of `kind` about `text`, which may be a possessive of such a word."""
        if not (self.words or self.names or self.ignored):
            return False
        word = bare(text)
        forms = {word, _POSSESSIVE.sub("", word)}
        small = {folded(form) for form in forms}
        return (
            not self.words.isdisjoint(small)
            or not self.names.isdisjoint(forms)
            or (word.isupper() and not self.folded_names.isdisjoint(small))
            or (kind, folded(quoted(text))) in self.ignored
        )

    def __or__(self, other: Silence) -> Silence:
        return Silence(
            self.words | other.words,
            self.names | other.names,
            self.folded_names | other.folded_names,
            self.ignored | other.ignored,
        )


def dictionary(lines: Iterable[str]) -> Silence:
    """What the lines of a dictionary silence: a word or a phrase in each, and # begins a comment."""
    entries = {bare(_COMMENT.sub("", line) if "#" in line else line) for line in lines if len(line) <= LONGEST} - {""}
    names = frozenset(entry for entry in entries if entry != entry.lower())
    return Silence(frozenset(map(folded, entries - names)), names, frozenset(map(folded, names)))


def ignored(lines: Iterable[str]) -> Silence:
    """What the lines of a list of ignored findings silence: `kind: text` in each. Other lines are passed over."""
    parts = (line.partition(":") for line in lines if len(line) <= LONGEST)
    found = ((_KINDS.get(kind.strip().lower()), quoted(text)) for kind, _, text in parts)
    return Silence(ignored=frozenset((kind, folded(text)) for kind, text in found if kind and text))


def bare(text: str) -> str:
    """A word or phrase as lists hold it: on one line, without the punctuation around it."""
    return _on_one_line(text).strip(_AROUND)


def quoted(text: str) -> str:
    """A finding's text as lists hold it: on one line, and of a long one the two ends."""
    text = _on_one_line(text)
    return text if len(text) <= 2 * _SHOWN_END else f"{text[:_SHOWN_END].rstrip()} … {text[-_SHOWN_END:].lstrip()}"


def _on_one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").split())
