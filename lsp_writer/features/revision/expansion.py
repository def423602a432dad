"""A passage made longer: every sentence of the writer's stays, and new ones are put between them.

The model only continues what stands there, which a small one does well, from words that lead to the place and not to
the people: what they do and say is the writer's to tell. Of the sentences that fit in, the one comes first that is most
likely itself and makes the writer's own next sentence most likely.
"""

from __future__ import annotations

import random
from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.revision.checks import is_closed, unfit_beside
from lsp_writer.features.revision.cleaning import cleaned
from lsp_writer.features.revision.work import Work
from lsp_writer.generation import Segment, Stops
from lsp_writer.prose.sentences import SENTENCE_END, sentence_spans
from lsp_writer.prose.words import UNSPACED_WORD, count_words, words_of

_CANDIDATES = 2
_OPENINGS = 4
_ATTEMPTS = 2
_LONGEST_SENTENCE = 28
_LEAST_WORDS, _MOST_WORDS = 4, 20
# In characters.
_PAGES = 4000
# What a nat of the sentence's own likelihood, a token, counts beside one of what follows, in all.
_OWN_WEIGHT = 2.0


class _Place(msgspec.Struct, frozen=True):
    openings: tuple[str, ...]
    people: str


class _Sentence(msgspec.Struct, frozen=True):
    """A new sentence, where in the unit it would stand, and how well it does there."""

    text: str
    at: int
    score: float


async def expanded(work: Work, unit: str, following: str) -> tuple[list[str], str]:
    """`unit` with a new sentence in it, the best first, and, if no candidate would do, a word about it."""
    places = _places(unit)
    for attempt in range(_ATTEMPTS):
        found = [sentence for at in places for sentence in await _sentences_at(work, unit, at, following, attempt)]
        if found:
            best = sorted(found, key=lambda sentence: -sentence.score)
            return [_put_in(unit, sentence) for sentence in best], ""
    return [], "no new sentence fitted in"


def _places(unit: str) -> list[int]:
    """Where a sentence may be put: in the middle of the unit and at its end, never inside a speech."""
    ends = [span.end for span in sentence_spans(unit) if is_closed(unit[: span.end])] or [len(unit)]
    return sorted({ends[(len(ends) - 1) // 2], ends[-1]})


async def _sentences_at(work: Work, unit: str, at: int, following: str, attempt: int) -> list[_Sentence]:
    place = _place(work.reading.language)
    before = work.before + unit[:at]
    rest = unit[at:].lstrip() or following
    work.show(unit[:at])
    stops = Stops(max_new_tokens=_LONGEST_SENTENCE, end_pattern=SENTENCE_END, at_paragraph_end=True)
    sampling = work.sampling(attempt, _CANDIDATES)
    by_itself = await _likelihood(work, rest, before)
    found: list[_Sentence] = []
    for opening in _chosen(_unused(place.openings, work.told), sampling.seed):
        prompt = (Segment(_joined(before, opening)),)
        answers = await work.candidates(
            prompt, stops, _CANDIDATES, sampling, opening=opening, shown_after=_joined(unit[:at], "")
        )
        for said in answers:
            text = cleaned(said.text)
            if not _keeps_to_the_place(text, place) or unfit_beside(text, before, work.reading.known):
                continue
            gain = await _likelihood(work, rest, _joined(before, text)) - by_itself
            found.append(_Sentence(text, at, gain + _OWN_WEIGHT * said.log_probability))
    return found


async def _likelihood(work: Work, following: str, before: str) -> float:
    return await work.likelihood(_joined("", following), before) if following else 0.0


def _keeps_to_the_place(text: str, place: _Place) -> bool:
    """Whether `text` is a plain sentence of fitting length about nobody."""
    words = [word.casefold() for word in words_of(text)]
    people = place.people.split()
    if UNSPACED_WORD.search(text):
        return _LEAST_WORDS <= count_words(text) <= 2 * _MOST_WORDS and not any(word in text for word in people)
    telling = [word for word in words if len(word) > 3]
    return (
        _LEAST_WORDS <= len(words) <= _MOST_WORDS
        and words.count("i") == 0
        and set(words).isdisjoint(people)
        and len(set(telling)) == len(telling)
        and not any(mark in text for mark in '?!:;"“”«»*_`[]<>')
        and not any(character.isdigit() for character in text)
    )


def _unused(openings: tuple[str, ...], told: str) -> tuple[str, ...]:
    """Those with which nothing new begins on the last pages; all of them where that leaves too few."""
    unused = tuple(opening for opening in openings if opening not in told[-_PAGES:])
    return unused if len(unused) >= _OPENINGS else openings


def _chosen(openings: tuple[str, ...], seed: int) -> list[str]:
    return random.Random(seed).sample(openings, min(_OPENINGS, len(openings)))


def _put_in(unit: str, sentence: _Sentence) -> str:
    return _joined(unit[: sentence.at], sentence.text) + unit[sentence.at :]


def _joined(before: str, after: str) -> str:
    """The two with a space between them, in scripts that have one."""
    return before + after if UNSPACED_WORD.match(after) else f"{before} {after}"


def _place(language: str) -> _Place:
    return _all_places().get(language) or _all_places()["en"]


@cache
def _all_places() -> dict[str, _Place]:
    source = resources.files("lsp_writer.features.revision").joinpath("expansion.toml").read_bytes()
    return msgspec.toml.decode(source, type=dict[str, _Place])
