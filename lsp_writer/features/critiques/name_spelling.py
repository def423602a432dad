"""A name that is spelt in two ways."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.features.critiques.story import Story
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import bare

# A slip stands once or twice and the name often, unless the same word leads to both: "Mrs. Lindt", "Mrs. Lind".
_SLIPS = 2
_FREQUENT = 5
_TIMES_AS_OFTEN = 4
# Shorter names have too many neighbours: Ann and Anna, Tim and Tom.
_LEAST_LETTERS = 4

_NAME = re.compile(r"[^\W\d_](?=[^\W\d_]*[^\W\d_A-Z])[^\W\d_]+(?:-[^\W\d_]+)*\Z")
_BEFORE = re.compile(r"(?P<name>[A-Z][\w’'-]+)?(?P<inside>[\w’'),;]|(?<=[A-Z][a-z])\.|(?<=[A-Z][a-z]{2})\.)?[ \n]+\Z")
_AFTER = re.compile(r"[ \n]+(?P<name>[A-Z][^\W\d_]+)")
_AROUND = 24
_IE = re.compile(r"ie\Z")
_VOWELS = frozenset("aeiouy")
# Endings that make another name: Bill and Billy, Maria and Mary, Finn and the Finns, Louis and Louise.
_ENDINGS = frozenset("aeiousyn")


class _Place(NamedTuple):
    """Where a name stands in the manuscript, the names beside it, and whether it opens its sentence, where any word has
    a capital."""

    span: Span
    before: str
    after: str
    opens: bool


def name_spelling(story: Story) -> Iterator[Finding]:
    places, small = _places(story)
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, where in places.items():
        if len(where) > 1 and name.lower() not in small and not all(place.opens for place in where):
            names[name[0]].append(name)
    for slip, where in places.items():
        if len(where) > _SLIPS or len(slip) < _LEAST_LETTERS or slip.lower() in small:
            continue
        near = (name for name in names[slip[0]] if _differ_by_a_slip(slip, name))
        meant = [name for name in near if _is_meant(name, slip, places, small)]
        if not meant or _is_word(slip, where):
            continue
        name = max(meant, key=lambda name: len(places[name]))
        yield from (_finding(place, slip, name, len(places[name])) for place in where)


def _finding(place: _Place, slip: str, name: str, count: int) -> Finding:
    return Finding(
        place.span,
        CritiqueKind.NAME_SPELLING,
        f"“{slip}” stands here, and elsewhere {count} times “{name}”.",
        f"Try “{name}”, unless they are two.",
        (name,),
    )


def _places(story: Story) -> tuple[Mapping[str, Sequence[_Place]], frozenset[str]]:
    """Where each word with a capital stands, without a possessive’s ending, and the words that stand without one."""
    places: defaultdict[str, list[_Place]] = defaultdict(list)
    small: set[str] = set()
    for paragraph in story.paragraphs:
        names, others = paragraph.reading.derived(_names_and_others)
        small |= others
        for name, place in names:
            places[name].append(place._replace(span=paragraph.placed(place.span)))
    return places, frozenset(small)


def _names_and_others(reading: Reading) -> tuple[Sequence[tuple[str, _Place]], frozenset[str]]:
    """What may be a name in one paragraph and its places there, and the words without a capital."""
    names: list[tuple[str, _Place]] = []
    small: set[str] = set()
    for word in reading.words:
        if not reading.text[word.start].isupper():
            small.add(reading[word])
            continue
        name = bare(reading[word])
        if _NAME.match(name):
            names.append((name, _place(reading, word.start, word.end, len(name))))
    return tuple(names), frozenset(small)


def _place(reading: Reading, start: int, end: int, length: int) -> _Place:
    before = _BEFORE.search(reading.text[max(0, start - _AROUND) : start])
    after = _AFTER.match(reading.text, end)
    return _Place(
        Span(start, start + length),
        (before["name"] or "") if before else "",
        after["name"] if after else "",
        before is None or not (before["inside"] or before["name"]),
    )


def _is_meant(name: str, slip: str, places: Mapping[str, Sequence[_Place]], small: frozenset[str]) -> bool:
    """Whether `slip` stands where `name` would, and not for somebody else."""
    slips, others = places[slip], places[name]
    known = {place.after for place in others} - {""}
    if any(place.after and place.after not in known for place in slips) and known:
        return False
    led = {place.before for place in others if place.before and place.before.lower() not in small}
    if any(place.before in led for place in slips) and len(others) > len(slips):
        return True
    return len(others) >= max(_FREQUENT, _TIMES_AS_OFTEN * len(slips))


def _is_word(slip: str, where: Sequence[_Place]) -> bool:
    """Whether `slip` only opens sentences and is in the dictionary."""
    from simplemma import is_known

    # Slower for a new word, but 2 MB instead of 20.
    return all(place.opens for place in where) and is_known(slip.lower(), "en", low_memory=True)


def _differ_by_a_slip(one: str, other: str) -> bool:
    """Whether a vowel, a letter left out or two letters in the wrong order part the names."""
    one, other = _IE.sub("y", one), _IE.sub("y", other)
    if len(one) == len(other):
        if one == other:
            return True
        apart = [index for index in range(len(one)) if one[index] != other[index]]
        if len(apart) == 1:
            (index,) = apart
            pair = {one[index], other[index]}
            return pair <= _VOWELS and (index < len(one) - 1 or pair == {"i", "y"})
        return any(one == other[:index] + other[index + 1] + other[index] + other[index + 2 :] for index in apart[:1])
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if len(longer) != len(shorter) + 1:
        return False
    index = next((index for index, letter in enumerate(shorter) if letter != longer[index]), len(shorter))
    if longer[index + 1 :] != shorter[index:]:
        return False
    return index < len(shorter) or longer[-1] not in _ENDINGS
