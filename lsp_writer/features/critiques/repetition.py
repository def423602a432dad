"""A telling word said again too soon.

A noun that comes again is mostly the thing that comes again, and a word set beside itself is mostly meant. What is left
are adverbs, adjectives and deeds that came to hand twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.features.critiques.word_set import word_set

# Words apart. An adverb or an adjective is heard for longer than a verb.
_QUALITY = 50
_DEED = 25

# Adverbs, adjectives and verbs by their endings. A noun's name for a thing is none of them.
_IS_QUALITY = re.compile(r"[a-z]{2,}(?:ly|ous|ful|less|ive|able|ible|ish|some)\Z")
_IS_DEED = re.compile(r"[a-z]{3,}ed\Z")
# Too plain to be heard again, and words that only end like the others.
_PLAIN = word_set(
    """
    answered appeared asked added began believed called carried certainly cried directly early entirely especially
    exactly exclaimed failed finally followed generally handled happened hardly heavily immediately indeed lately likely
    lived looked lovely merely moved nearly needed only opened passed perfectly placed possible possibly presently
    probably really received remained remarked remembered replied returned scarcely seemed settled several simply
    slightly stayed stopped supposed talked terrible tried turned usually waited walked wanted wished
    belly bully cable capable captive constable detective dish english family finish fish folly handsome holly hundred
    impossible irish italy jolly july knowingly motive naked native olive polish publish relative reply responsible
    sacred supply syllable table trouble troublesome valuable vanish vegetable wicked wish
    """
)
# Set beside itself on purpose: compared, heightened, denied, one of a chain.
_MEANT = re.compile(
    r"\b(?:as|so|more|less|even|no|not|nor|never|neither|how|too|still|again|almost|half|both|or|ever|than|rather|fully"
    r"|always|now|only|some|very|who|what|had|have|been)\s+\Z|n[’']t\s+\Z|-\Z",
    re.IGNORECASE,
)
# Denied and then done: "could not be admitted on Friday; he was admitted daily after that".
_DENIED = re.compile(r"(?:\b(?:not|never|no)|n[’']t)\s+(?:be\s+)?\Z", re.IGNORECASE)
_BEFORE = 12
# "locked the door, tried it, and locked it again".
_AGAIN = re.compile(r"\s+(?:\w+\s+){0,2}again\b")
# "turned and turned": words apart.
_FIGURE = 3
# Words on either side that tell whether the one stands as the other does, and the letters of a word that tells.
_ABOUT = 5
_TELLING = 4


def repetition(reading: Reading) -> Iterator[Finding]:
    for text, places in _places(reading).items():
        near = _QUALITY if _IS_QUALITY.match(text) else _DEED
        echo = next((later for first, later in pairwise(places) if _is_echo(reading, first, later, near)), None)
        if echo is None:
            continue
        word = reading.words[echo]
        yield Finding(
            word,
            CritiqueKind.REPETITION,
            f"“{reading[word]}” stands here again before the reader has forgotten it.",
            f"Try another word for one “{text}”, or leave one out.",
        )


def _places(reading: Reading) -> dict[str, list[int]]:
    """Where each adverb, adjective and verb of the narration stands, as indices into `reading.words`."""
    starts = {sentence.start for sentence in reading.sentences}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, word in enumerate(reading.words):
        # A word with a capital is a name, or opens its sentence and is no verb of it.
        text = reading.narration[word.start : word.end]
        text = text.lower() if word.start in starts else text
        if text not in _PLAIN and (_IS_QUALITY.match(text) or _IS_DEED.match(text)):
            places[text].append(index)
    return {text: where for text, where in places.items() if len(where) > 1}


def _is_echo(reading: Reading, first: int, later: int, near: int) -> bool:
    """Whether the word at `later` repeats the one at `first`, and nothing shows that it is meant."""
    if not _FIGURE < later - first <= near or _is_parallel(reading, first, later):
        return False
    start, end = reading.words[later].start, reading.words[later].end
    between = reading.narration[reading.words[first].end : start]
    if SPOKEN in between or _AGAIN.match(reading.narration, end):
        return False
    if _DENIED.search(reading.narration[max(0, reading.words[first].start - _BEFORE) : reading.words[first].start]):
        return False
    return not _MEANT.search(reading.narration[max(0, start - _BEFORE) : start])


def _is_parallel(reading: Reading, first: int, later: int) -> bool:
    """Whether the words about the one stand about the other, too: "nobody entered …, nobody entered …"."""
    if _telling(reading, first - 1, first + 2, 1) == _telling(reading, later - 1, later + 2, 1):
        return True
    middle = (first + later + 1) // 2
    here = _telling(reading, first - _ABOUT, min(first + _ABOUT, middle))
    there = _telling(reading, max(later - _ABOUT, middle), later + _ABOUT)
    return len(here & there) > 1


def _telling(reading: Reading, start: int, end: int, letters: int = _TELLING) -> set[str]:
    words = (reading[word].lower() for word in reading.words[max(start, 0) : end])
    return {word for word in words if len(word) >= letters}
