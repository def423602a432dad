"""A telling word said again too soon."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.span import Span

# Words apart. Twice within the first, or three times within the second, is heard as an echo.
_TWICE = 12
_THRICE = 30
_MANY = 3

# A thing named again ("the lantern") is no echo by itself: there is often no other name for it. Nor is "every evening
# …, every evening …".
_DEFINITE = word_set("the this that these those his her its their my our your whose other every each no")
# "Drop by drop", "sometimes tall and sometimes short".
_FIGURE = re.compile(r"\W*(?:[\w’']+\W+)?(?:(?:and|or|nor|by|after|to|upon|for|but)\W+)?")

# Too plain to be heard again: the most usual verbs, nouns, adverbs and adjectives of fiction.
_PLAIN = word_set(
    """
    able about above across after again against almost alone along already also although always among another
    answer anything appear around arrive asked away back became because become before began begin behind believe
    below beside better between beyond black blue both bring brother built business call came cannot care carry
    cause certain certainly change child children clear close come could course cried daughter door down during
    each early either else enough enter even ever every everybody everyone everything exactly exclaim eyes face
    fact fall father feel fellow felt find fire first five follow foot forward found four friend from front gave
    gentleman gentlemen girl give glance going gone good great green grey half hand hands happen hard have head
    hear heard heart held help here herself high himself hold home hour house however hundred inch indeed
    instant instead into itself just keep kept kind knew know lady laid large last late laugh least leave left
    less light like line little live long look looked lose made make many matter maybe mean might mile mind
    minute miss moment money more morning most mother mouth move much must myself name near never next night
    none nothing number often once only open order other others over part pass past people perhaps person place
    point possible present presently quite rather reach read ready real really reason remain remark remember
    reply rest result return right room round said same second see seem seen send sent set seven several shall
    short should show side since sister sit six small some somebody someone something sometimes soon sort sound
    speak spoke stand still stood stop story straight street such suddenly take talk tell ten than that their
    them themselves then there these they thing think third this those though thought thousand three through
    till time today together told tomorrow tonight took toward towards tried true truth turn twelve twenty twice
    under until upon usual very voice wait walk want watch water week well went were what whatever when where whether
    which while white whole whom whose will window wish with within without woman word work world would year
    yellow yes yesterday young your yourself
    """
)


def repetition(reading: Reading) -> Iterator[Finding]:
    for places in _places(reading).values():
        echo = next((place for place in places if _is_echo(reading, place, places)), None)
        if echo is None:
            continue
        word = reading.words[echo]
        count = sum(abs(place - echo) <= _THRICE for place in places)
        times = "twice" if count == 2 else f"{count} times"
        yield Finding(
            word,
            CritiqueKind.REPETITION,
            f"“{reading[word]}” or a form of it stands {times} within a few lines.",
            f"Try another word for one “{reading[word]}”, or leave one out.",
        )


def _is_echo(reading: Reading, place: int, places: list[int]) -> bool:
    """Whether the word at `place` repeats one of the earlier `places` of its lemma."""
    earlier = [other for other in places if 0 < place - other <= _THRICE]
    if len(earlier) >= _MANY - 1:
        return True
    near = [other for other in earlier if place - other <= _TWICE]
    return bool(near) and not _is_definite(reading, place) and not _is_figure(reading, near[-1], place)


def _places(reading: Reading) -> dict[str, list[int]]:
    """Where each telling lemma of the narration stands, as indices into `reading.words`."""
    from simplemma import lemmatize

    starts = {sentence.start for sentence in reading.sentences}
    places: defaultdict[str, list[int]] = defaultdict(list)
    names = {reading[word] for word in reading.words if _looks_like_a_name(reading, word, starts)}
    for index, word in enumerate(reading.words):
        text = reading[word]
        if len(text) < 4 or reading.narration[word.start] == SPOKEN or text in names:
            continue
        # Some 20 µs for a new word instead of 4, but 3 MB instead of 20.
        lemma = lemmatize(text.lower(), "en", low_memory=True)
        if len(lemma) > 3 and lemma.islower() and lemma not in _PLAIN and text.lower() not in _PLAIN:
            places[lemma].append(index)
    return places


def _looks_like_a_name(reading: Reading, word: Span, sentence_starts: set[int]) -> bool:
    return reading.text[word.start].isupper() and word.start not in sentence_starts


def _is_definite(reading: Reading, place: int) -> bool:
    return reading[reading.words[place - 1]].lower() in _DEFINITE


def _is_figure(reading: Reading, first: int, second: int) -> bool:
    between = reading.text[reading.words[first].end : reading.words[second].start]
    return _FIGURE.fullmatch(between) is not None
