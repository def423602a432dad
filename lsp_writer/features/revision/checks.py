"""Guard rails: what makes a model's text unfit to be offered. Each fault is a sentence's end: “it was too long”."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable

import msgspec

from lsp_writer.features.revision.cleaning import talks
from lsp_writer.features.revision.entry import Entry, Keeps
from lsp_writer.features.revision.facts import invented_fact, lost_fact
from lsp_writer.features.revision.reading import Reading
from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.language import language_of
from lsp_writer.prose.names import names_in
from lsp_writer.prose.numbers import numbers_in
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.spelling import variety_of
from lsp_writer.prose.tense import tense_of, verbs_of
from lsp_writer.prose.viewpoint import says_i, says_you, viewpoint_of
from lsp_writer.prose.words import UNSPACED_WORD, bare_words, count_words, words_of

_FUNCTION_WORD_LETTERS = 3
# Enough of a word to know it by, whatever its ending.
_STEM = 4
# So many words in the same order, said twice, are noticed.
_STRETCH = 5
# So many are no coincidence. Fairy tales begin with the same four.
_ECHO = 7
# So many sentences that begin with the same so many words are a litany.
_ALIKE, _BEGINNING = 4, 3
# Characters: some ten pages.
_REMEMBERED = 20_000
# Of a script without spaces.
_CHARACTERS_A_WORD = 2
# Of the verbs whose tense is certain: a story in the present has a past of its own, one in the past hardly a present.
_MOST_PRESENT, _MOST_PAST = 0.15, 0.5
# “12 000”, as it is written in French.
_SPACED_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
# A shorter text has too few letters to tell its language by.
_LEAST_FOR_LANGUAGE = 8

Check = Callable[[str, str, Reading, Entry], str]


def fault(text: str, unit: str, reading: Reading, entry: Entry) -> str:
    """Why `text` may not stand for `unit`, a part of what was read, in the writer's words, or an empty string."""
    for check in (
        _prose,
        _length,
        _talk,
        _language,
        _invention,
        _loss,
        _quotation,
        _loop,
        _narration,
        _copy,
        _echo,
        _avoided,
    ):
        if found := check(text, unit, reading, entry):
            return found
    return ""


def unfit_beside(sentence: str, before: str, known: str) -> bool:
    """Whether a new `sentence` may not stand after `before`. `known` is all that stands around it."""
    return bool(
        not sentence
        or sentence[:1].islower()
        or _stands_in(sentence, before)
        or talks(sentence, known)
        or repeats(sentence, before)
        or not is_closed(sentence)
    )


def _stands_in(sentence: str, text: str) -> bool:
    """Whether the words of `sentence`, few as they may be, stand in `text` already, as far as a reader remembers it."""
    return f" {' '.join(_folded(sentence))} " in f" {' '.join(_folded(text[-_REMEMBERED:]))} "


def repeats(text: str, before: str = "") -> bool:
    """Whether a stretch of words of `text` comes twice, or stands in `before` already."""
    stretches = _stretches(text)
    return len(set(stretches)) < len(stretches) or not set(stretches).isdisjoint(_stretches(before))


def echoes(text: str, before: str) -> bool:
    """Whether `text` says again a longer stretch of words of `before`. “In the middle of the” is none: it may come on
    every page."""
    return not set(_stretches(text, _ECHO)).isdisjoint(_stretches(before, _ECHO))


def copied_share(text: str, passage: str) -> float:
    """The share of the runs of words of `text` that stand in `passage`, too, from 0 to 1."""
    runs = set(_stretches(text))
    return len(runs.intersection(_stretches(passage))) / len(runs) if runs else 0.0


def is_closed(text: str) -> bool:
    """Whether every quotation in `text` has its end. An apostrophe looks like a single closing mark, so those are not
    counted."""
    return not any(_open_quotes(text))


def likeness(text: str, passage: str) -> float:
    """How much of two texts is the same words in the same order, from 0 to 1."""
    return difflib.SequenceMatcher(None, _folded(text), _folded(passage), autojunk=False).ratio()


def kept_share(text: str, passage: str) -> float:
    """The share of the passage's longer words that `text` has too, endings aside."""
    wanted = _stems(passage)
    return len(wanted & _stems(text)) / len(wanted) if wanted else 1.0


def unmade(text: str, reading: Reading, entry: Entry) -> str:
    """Why the whole `text` is not what was asked for, though no part of it has a fault, or an empty string. A part need
    not have anybody in it."""
    first = entry.becomes.viewpoint == "first" and entry.keeps.language and reading.language
    return "it is not in the first person" if first and not says_i(text, reading.language) else ""


def share_unchanged(text: str, reading: Reading, entry: Entry) -> float:
    """The share of the verbs whose tense is certain that are in the one that the text was to leave, from 0 to 1."""
    past, present = map(len, verbs_of(text, reading.language))
    left = {None: 0, "past": present, "present": past}[entry.becomes.tense]
    return left / max(past + present, 1)


def _prose(text: str, unit: str, _reading: Reading, entry: Entry) -> str:
    if entry.does == "replace" and text[:1].islower() and not unit[:1].islower():
        return "it began in the middle of a sentence"
    return "" if text else "it was not prose"


def _length(text: str, unit: str, _reading: Reading, entry: Entry) -> str:
    words, length = count_words(text), entry.length
    share = words / max(count_words(unit), 1)
    if share < length.least_share or words < length.least_words:
        return "it was too short"
    too_long = share > (length.most_share or share) or words > (length.most_words or words)
    return "it was too long" if too_long else ""


def _talk(text: str, _unit: str, reading: Reading, entry: Entry) -> str:
    asked = entry.instruction(reading.language) if entry.instructions else ""
    repeated = set(_stretches(asked, _ECHO)).intersection(_stretches(text, _ECHO))
    says_what_was_asked = repeated and repeated.difference(_stretches(reading.known, _ECHO))
    return "it talked about the passage" if says_what_was_asked or talks(text, reading.known) else ""


def _language(text: str, _unit: str, reading: Reading, entry: Entry) -> str:
    if not reading.language or count_words(text) < _LEAST_FOR_LANGUAGE:
        return ""
    told = language_of(text)
    if not entry.keeps.language:
        return "it was in the language of the passage" if told == reading.language else ""
    return "" if told in ("", reading.language) else "it was in another language"


def _invention(text: str, _unit: str, reading: Reading, entry: Entry) -> str:
    return invented_fact(text, reading, _facts_kept(entry))


def _loss(text: str, unit: str, reading: Reading, entry: Entry) -> str:
    if entry.does != "replace":
        return ""
    if found := lost_fact(unit, text, reading, _facts_kept(entry)):
        return found
    if entry.keeps.numbers and not entry.keeps.language and (digits := _lost_digits(unit, text)):
        return f"it lost the number {min(digits)}"
    return "it strayed from what you wrote" if _strays(text, unit, entry.keeps.words) else ""


def _strays(text: str, unit: str, least: float) -> bool:
    """Whether less than the `least` share of the unit's words came back. One word is never missed: in the present,
    nothing is left of “she said”."""
    return kept_share(text, unit) < least and len(_stems(unit) - _stems(text)) > 1


def _facts_kept(entry: Entry) -> Keeps:
    """Names and numbers are known by the patterns of the passage's language: German has a capital on every noun."""
    keeps = entry.keeps
    return keeps if keeps.language else msgspec.structs.replace(keeps, names=False, numbers=False)


def _lost_digits(unit: str, text: str) -> frozenset[str]:
    """The numbers that `unit` has in digits and `text`, in another language, has neither in digits nor in words. For
    one it has an article, and a time of day is written in another way."""
    told = numbers_in(_SPACED_THOUSANDS.sub("", text), language_of(text))
    return frozenset(number for number in numbers_in(unit, "") - told if number != "1" and ":" not in number)


def _quotation(text: str, unit: str, _reading: Reading, entry: Entry) -> str:
    if entry.becomes.dialogue == "none" and dialogue_spans(text):
        return "it left some dialogue"
    expected = _open_quotes(unit) if entry.does == "replace" else _open_quotes("")
    return "" if _open_quotes(text) == expected else "it broke a quotation"


def _loop(text: str, unit: str, _reading: Reading, entry: Entry) -> str:
    looped = _loops(text) and not (entry.does == "replace" and _loops(unit))
    return "it repeated itself" if looped else ""


def _loops(text: str) -> bool:
    """Whether `text` says a stretch of words twice, or a sentence, or begins one sentence after the other alike."""
    sentences = [tuple(_folded(text[span.start : span.end])) for span in sentence_spans(text)]
    beginnings = Counter(words[:_BEGINNING] for words in sentences if len(words) > _BEGINNING)
    return (
        repeats(text) or len(set(sentences)) < len(sentences) or any(count >= _ALIKE for count in beginnings.values())
    )


def _narration(text: str, unit: str, reading: Reading, entry: Entry) -> str:
    """Tense, point of view and spelling: what was asked for, else what the front matter says, else what they were."""
    if not entry.keeps.language:  # its patterns are those of the passage's language
        return ""
    language, keeps, becomes, sheet = reading.language, entry.keeps, entry.becomes, reading.sheet
    old = unit if entry.does == "replace" else reading.before + reading.passage
    tense = becomes.tense or (keeps.tense and (sheet.tense or tense_of(old, language)))
    if (tense and tense_of(text, language) not in (None, tense)) or _half_changed(text, reading, entry):
        return "it is not in the present tense" if tense == "present" else "it is not in the past tense"
    if _changes_viewpoint(text, old, reading, entry):
        return "it changed the point of view"
    variety = becomes.spelling or (keeps.spelling and (sheet.spelling or variety_of(old)))
    if language == "en" and variety and variety_of(text) not in (None, variety):
        return "it is not in American spelling" if variety == "american" else "it is not in British spelling"
    return ""


def _half_changed(text: str, reading: Reading, entry: Entry) -> bool:
    most = _MOST_PRESENT if entry.becomes.tense == "past" else _MOST_PAST
    return share_unchanged(text, reading, entry) > most


def _changes_viewpoint(text: str, old: str, reading: Reading, entry: Entry) -> bool:
    language, sheet = reading.language, reading.sheet
    told = viewpoint_of(text, language)
    fixed = sheet.viewpoint and ("first" if sheet.viewpoint == "first" else "third")
    wanted = entry.becomes.viewpoint or (entry.keeps.viewpoint and fixed)
    if not (wanted or entry.keeps.viewpoint):
        return False
    here, around = viewpoint_of(old, language), reading.viewpoint
    # Of an “I”, and of somebody who was to be he or she, a model may make “you”.
    if (wanted or here == "first") and not says_i(text, language) and says_you(text, language):
        return not says_you(old, language)
    if told is None:
        return False
    if wanted:
        return told != wanted
    if told == "first":  # who narrates may have told of others alone
        return around == "third" or (around is None and here != "first" and not reading.says_i)
    return here == "first" or (here is None and around == "first" and says_i(old, language))


def _copy(text: str, unit: str, _reading: Reading, entry: Entry) -> str:
    copied = entry.does == "replace" and likeness(text, unit) > entry.most_alike
    return "it changed next to nothing" if copied else ""


def _echo(text: str, _unit: str, reading: Reading, entry: Entry) -> str:
    """A small model tells of the people in an example when it is short of things to say."""
    examples = [example for example in entry.examples if example.language == (reading.language or "en")]
    runs = {run for example in examples for run in _stretches(example.result, _ECHO)}
    people = names_in("\n".join(f"{example.passage}\n{example.result}" for example in examples), reading.language)
    echoed = runs.intersection(_stretches(text, _ECHO))
    strangers = {name for name in people.intersection(words_of(text)) if bare_words(name).isdisjoint(reading.words)}
    return "it repeated an example" if strangers or echoed.difference(_stretches(reading.known, _ECHO)) else ""


def _avoided(text: str, unit: str, reading: Reading, _entry: Entry) -> str:
    told = f" {' '.join(_folded(text))} "
    there = f" {' '.join(_folded(unit))} "
    for phrase in reading.sheet.avoid:
        bare = f" {' '.join(_folded(phrase))} "
        if bare in told and bare not in there:
            return f"it said “{phrase}”"
    return ""


def _stretches(text: str, length: int = _STRETCH) -> list[tuple[str, ...]]:
    words = _folded(text)
    if words and sum(UNSPACED_WORD.match(word) is not None for word in words) > len(words) / 2:
        length *= _CHARACTERS_A_WORD
    return [tuple(words[start : start + length]) for start in range(len(words) - length + 1)]


def _open_quotes(text: str) -> tuple[int, ...]:
    """How many quotations of each style `text` leaves open."""
    pairs = ("„“”" if "„" in text else "“”", "«»", "「」")
    return (text.count('"') % 2, *(text.count(pair[0]) - sum(map(text.count, pair[1:])) for pair in pairs))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _folded(text) if len(word) > _FUNCTION_WORD_LETTERS}


def _folded(text: str) -> list[str]:
    return [word.casefold() for word in words_of(text)]
