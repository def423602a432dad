"""Whether a continuation is worth showing, and how much of it: the longest stretch that is likely to be kept."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate
from operator import mul

import msgspec

from lsp_writer.features.calibration import Calibration, Evidence
from lsp_writer.generation import Piece
from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import word_spans

# Ghost text costs a glance, about as long as a keystroke takes, and a first word saves three or four keystrokes if it
# is right: it pays from about this chance on.
_FIRST_WORD = 0.3
# What follows is read only by who likes the first word, so it may be less sure: its chance, given the first word.
_LATER_WORDS = 0.1
# The log-probability of a word that nobody would show, and how near to one another two are the same.
_IMPROBABLE, _CLOSE = -5.0, 0.01
# A single letter is typed as quickly as it is accepted.
_FEWEST_LETTERS = 2

_OPENS_SENTENCE = re.compile(r"(?:\A|\n|[.!?…。！？][\"'”’»」』）)*_]*)\s*\Z")
_CLAUSE_MARK = re.compile(r"[\"'”’)]*[,;:—–.!?…，。；：！？、]")
# Words that lean on the next one: a suggestion that ends in one of them ends in the air.
_LEANING = re.compile(
    r"an?|the|my|your|his|her|its|our|their|this|that|these|those|some|any|every|no|of|to|in|on|at|by|for|from|with|into|"
    r"upon|as|and|or|but|nor|if|than|who|which|whose|when|while|because|so|very|too|not|is|are|was|were|be|been|am|had|"
    r"has|have|will|would|could|should|might|must|may|shall|can|do|did|does|mrs?|ms|dr",
    re.IGNORECASE,
)


class Place(msgspec.Struct, frozen=True):
    """What the gate wants to know of the caret."""

    #: The unfinished word before it.
    half_word: str
    opens_sentence: bool
    spoken: bool


class Shown(msgspec.Struct, frozen=True):
    """`text` goes behind the caret."""

    text: str
    #: The probability, 0 to 1, that the writer keeps its first word, and how many of its words they may be expected to.
    chance: float
    words_expected: float
    #: Of each word of `text`, for `acceptance`.
    words: tuple[Evidence, ...]


class Withheld(msgspec.Struct, frozen=True):
    """`reason` is for the writer. More text changes nothing if it is `settled`."""

    reason: str
    settled: bool = False


_TOO_LITTLE = Withheld("there is too little left to type")


def place_of(passage: str, half_word: str) -> Place:
    """The place at the end of `passage`, which ends in `half_word`."""
    paragraph = passage.rpartition("\n")[2]
    spoken = dialogue_spans(paragraph + " ")[-1:]
    return Place(
        half_word=half_word,
        opens_sentence=bool(_OPENS_SENTENCE.search(passage.removesuffix(half_word))),
        spoken=bool(spoken) and spoken[0].end > len(paragraph),
    )


def doubted(log_probability: float, place: Place, calibration: Calibration) -> Withheld | None:
    """Whether the next word is too unlikely to show anything, which is known before there is more than that word."""
    first = Evidence(
        log_probability=log_probability,
        half_typed=bool(place.half_word),
        opens_sentence=place.opens_sentence,
        spoken=place.spoken,
    )
    return _doubt(calibration.chance(first))


def least_sure(place: Place, calibration: Calibration) -> float:
    """The log-probability, within a hundredth, below which `doubted` holds of a next word; minus infinity where it
    does not hang on that."""
    low, high = _IMPROBABLE, 0.0
    if not doubted(low, place, calibration) or doubted(high, place, calibration):
        return -math.inf
    while high - low > _CLOSE:
        middle = (low + high) / 2
        low, high = (middle, high) if doubted(middle, place, calibration) else (low, middle)
    return low


def gate(
    text: str, pieces: Sequence[Piece], place: Place, calibration: Calibration, *, invoked: bool = False
) -> Shown | Withheld:
    """What of `text` to show. It is the beginning of what `pieces` say, without a word cut off, and may have been given
    a space at its end where it joins what comes after. Who asked for a suggestion (`invoked`) gets all of it, up to a
    fitting end."""
    body = text.rstrip()
    typed = len(place.half_word)
    words = new_words(place.half_word + body, typed)
    if not words:
        return _TOO_LITTLE
    evidence = _evidence(words, pieces, place)
    chances = list(accumulate(map(calibration.chance, evidence), mul))
    if not invoked and (doubt := _doubt(chances[0])):
        return doubt
    sure = len(words) if invoked else sum(chance >= _LATER_WORDS * chances[0] for chance in chances)
    joins = sure == len(words) and text != body
    kept = sure if joins else _well_ended(place.half_word + body, words, sure)
    end = len(body) if kept == len(words) else words[kept - 1].end - typed
    if end < _FEWEST_LETTERS and not invoked:
        return msgspec.structs.replace(_TOO_LITTLE, settled=sure < len(words))
    return Shown(body[:end] + text[len(body) :], chances[0], sum(chances[:kept]), evidence[:kept])


def new_words(text: str, typed: int) -> list[Span]:
    """The words of `text` that end behind its first `typed` characters, which the writer had typed."""
    return [word for word in word_spans(text) if word.end > typed]


def _doubt(chance: float) -> Withheld | None:
    if chance >= _FIRST_WORD:
        return None
    return Withheld(f"not sure enough of the next word ({chance:.0%})", settled=True)


def _evidence(words: Sequence[Span], pieces: Sequence[Piece], place: Place) -> tuple[Evidence, ...]:
    """What is known of each word. The pieces that begin before a word's end are the word's, with the white space and
    the marks before it; a word that none is left for came in one piece with the word before it."""
    typed = len(place.half_word)
    evidence: list[Evidence] = []
    start = used = 0
    for word in words:
        log_probability = 0.0
        while used < len(pieces) and start < word.end - typed:
            log_probability += pieces[used].log_probability
            start += len(pieces[used].text)
            used += 1
        first, half_typed = not evidence, word.start < typed
        evidence.append(
            Evidence(
                log_probability=log_probability,
                later=not first,
                half_typed=half_typed,
                opens_sentence=first and place.opens_sentence and (half_typed or not typed),
                spoken=place.spoken,
            )
        )
    return tuple(evidence)


def _well_ended(text: str, words: Sequence[Span], most: int) -> int:
    """How many of the first `most` words to show: up to the last end of a clause, if that leaves half of them, else up
    to the last word that does not lean on the next."""
    leaning = [_LEANING.fullmatch(text, word.start, word.end) is not None for word in words[:most]]
    ends_clause = [
        not leans and _CLAUSE_MARK.match(text, word.end) for word, leans in zip(words, leaning, strict=False)
    ]
    firm = [count for count in range(1, most + 1) if not leaning[count - 1]]
    ended = [count for count in firm if ends_clause[count - 1] and 2 * count >= most]
    return max(ended or firm, default=most)
