"""The names in a text: of people, places, days; whatever is written with a capital for what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.prose.words import bare

_LONGEST_NAME = 40

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-‐‑][^\W\d_]+)*")
_CONTRACTED = re.compile(r"(?:n[’']t|[’'](?:s|m|d|ll|re|ve))\Z", re.IGNORECASE)
_ELIDED = re.compile(r"\A(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)[’'](?=\w)", re.IGNORECASE)
# A word is inside its sentence when one stands before it on the line, and nothing that could end or open a sentence.
_BEFORE = 24
_INSIDE = re.compile(r"(?:\w[)’'*_]*|[,;&%][*_]*)[ \t\u00a0]+[*_(]*\Z")
_TITLE = re.compile(
    r"\b(?:M|MM|Mme|Mlle|Mr|Mrs|Ms|Dr|St|Prof|Capt|Col|Gen|Lt|Rev|Sr|Sra|Srta|Dra|Don|Doña|Herr|Frau)\.?[ \t\u00a0]+\Z"
)
# Never names, though capitalised in headings and verse; some are in no dictionary.
_NO_NAMES = {
    "en": """
        i the a an and or but if so yet for nor as at by in of on to up with from into he she it they we you his her its
        their my your our him them me us this that these those who what when where why how not no there here then than
        now all some has have had is are was were be do did said mr mrs ms dr st prof capt col gen lt rev miss sir madam
        """,
    "fr": """
        le la les un une des du de au aux et ou mais donc or ni car il elle on ils elles je tu nous vous ce cet cette
        ces mon ma mes son sa ses leur leurs qui que quoi dont où quand comment pourquoi si ne pas plus jamais oui non
        tout peut-être dans sur sous avec sans pour par puis alors y déjà est c'est c’est m mm mme mlle dr monsieur
        madame mademoiselle
        """,
    "es": """
        el la los las un una de del al a y o pero ni que quien quién qué cuando cuándo donde dónde como cómo por para
        con sin en su sus mi mis yo tú él ella ellos me te se le lo no sí si ya antes sr sra srta dr dra don doña señor
        señora señorita
        """,
}
# Spanish joins pronouns to an order, and no dictionary has that: "Dámelo", "Míralas".
_ORDER = re.compile(r"\w*[áéíóú]\w*(?:me|te|se|nos|l[aeo]s?)\Z")
# German writes every noun with a capital; so much tells a name that is also a word: "Herr Weber", "sagte Rose".
_GERMAN_NAME = re.compile(
    r"\b(?:Herrn?|Frau|Fräulein|Doktor|Onkel|Tante|sagte|fragte|rief|antwortete|flüsterte|murmelte|meinte|erwiderte)"
    r"\s+([A-ZÄÖÜ][a-zäöüß]+)"
)


def names_in(text: str, language: str) -> frozenset[str]:
    """The names in `text`, without a possessive's ending; empty for Chinese, which does not mark them.

    In English, French and Spanish a name is capitalised inside a sentence; at the beginning of one it is a name if it
    is found inside another, or in no dictionary. In German it is a noun that no dictionary has. A single letter and
    words all in capitals are none. Takes a second for a book.
    """
    if language == "de":
        return _german(text)
    if language not in {"en", "fr", "es"}:
        return frozenset()
    inside, opening = set[str](), set[str]()
    for word, is_inside in capitalised(text):
        (inside if is_inside else opening).add(_bare(word, language))
    no_names = set(_NO_NAMES[language].split())
    if language == "es":
        opening = {word for word in opening if not _ORDER.match(word)}
    unknown = {name for name in opening - inside if not _is_known(name, language)}
    return frozenset(name for name in inside | unknown if len(name) > 1 and name.lower() not in no_names)


def capitalised(text: str) -> Iterator[tuple[str, bool]]:
    """Each word that begins with a capital and goes on in small letters, and whether it stands inside its sentence."""
    for match in _WORD.finditer(text):
        word = match[0]
        elided = _ELIDED.match(word)
        name = word[elided.end() :] if elided else word
        if not name[0].isupper() or (word.isupper() and len(word) > 1) or len(word) > _LONGEST_NAME:
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        inside = _INSIDE.search(before) or _TITLE.search(before) or (elided and word[0].islower())
        yield word, bool(inside)


def _bare(word: str, language: str) -> str:
    word = _CONTRACTED.sub("", word) if language == "en" else word
    word = _ELIDED.sub("", word) if language == "fr" else word
    return bare(word)


def _german(text: str) -> frozenset[str]:
    words = {bare(word) for word, _ in capitalised(text)}
    unknown = {word for word in words if len(word) > 1 and not _is_known(word, "de")}
    # "Gretas" beside "Greta" is hers; "Ines" is nobody's.
    return frozenset(_GERMAN_NAME.findall(text)).union(
        word for word in unknown if not (word.endswith("s") and word.removesuffix("s") in words)
    )


def _is_known(word: str, language: str) -> bool:
    """Whether every part of `word` is in the dictionary of `language`."""
    from simplemma import is_known

    # Slower for a new word, but 2 MB instead of 20 (German: 20 instead of 105).
    return all(is_known(part.lower(), language, low_memory=True) for part in re.split(r"[-‐‑]", word))
