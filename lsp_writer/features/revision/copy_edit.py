"""Grammar, spelling and punctuation put right, and nothing else.

Two hands work at it: rules find slips and name what may stand there instead, of which the model chooses by likelihood;
then the model copies the passage out, and of what it changed only small corrections are taken over.
"""

from __future__ import annotations

import asyncio
import difflib
import math
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.revision.asking import prompt_for
from lsp_writer.features.revision.checks import fault
from lsp_writer.features.revision.language_known import knows_language
from lsp_writer.features.revision.restoring import plain
from lsp_writer.features.revision.work import Work
from lsp_writer.generation import Generate, Sampling, Stops
from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.harper import Slip, slips
from lsp_writer.prose.marks import marks_in
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words, folded

_MOST_OPTIONS = 4
# So much after a slip tells which of its options belongs there.
_AFTER = 60
_TOKENS_A_WORD = 2.0
# So many nats likelier must a word be to take the place of one that the writer may have meant.
_SURE = 4.0
# A word that stands so often in the story is the writer's own, in whatever dictionary it is not.
_OWN = 2
# A word put in the place of another must be this like it, letter by letter, to be a correction.
_LIKE = 0.6
# Words that never stand twice in a row; verbs do (“What he was was tired”).
_NEVER_TWICE = {
    "en": "the|a|an|and|or|of|to|with|from|for|at|into|my|your|their|our|this|these|but|if|she|he|they|we",
    "de": "und|oder|mit|von|zu|im|am|auf|für|ein|eine|einen|einem|einer|nicht|aber|auch|ich|er|wir",
    "fr": "le|la|les|un|une|et|ou|de|du|des|dans|avec|pour|sur|il|elle|ils|elles|je|mais|au|aux",
    "es": "el|la|los|las|un|una|y|o|de|del|en|con|para|por|que|pero|al|su|mi",
}
_TWICE = re.compile(r"(\w+)\W+\1", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"(?<=[\w\"”’»)])[ \t]+(?=(?:,|\.(?![ \t]*\.))(?:\s|\Z))")
_NO_SPACE_AFTER = re.compile(r"(?<=[a-zà-ÿ],)(?=[A-Za-zÀ-ÿ])|(?<=[a-zà-ÿ]{3}[.!?])(?=[A-ZÀ-Þ][a-zà-ÿ])")
_DOUBLE_SPACE = re.compile(r"(?<=[\w,;:]) (?= \w)")
# A small letter after a full stop. After fewer letters that stop is an abbreviation's, and after these it may be, too:
# “the health dept. of the town”.
_SMALL_START = re.compile(r"(?<=[a-z]{4}\. )[a-z]")


async def copy_edited(work: Work, unit: str, _following: str) -> tuple[list[str], str]:
    """`unit` with its slips put right, and, if there were none, a word about it."""
    # Of a language that is none of ours only its spaces are known.
    knows = bool(work.reading.language) and await knows_language(work)
    text = await _by_rules(work, unit, knows=knows)
    work.show(text)
    if knows:
        text = await _by_the_model(work, text)
    return ([text], "") if text != unit else ([], "there was nothing to correct")


async def _by_rules(work: Work, unit: str, *, knows: bool) -> str:
    """`unit` as the rules would have it; what only a model that `knows` the language can tell is left."""
    language = work.reading.language
    text = _tidied(unit, language, _marked(work, unit))
    work.show(text)
    # A word said twice is likelier said once, whatever it is: that is no question for the model.
    found = [slip for slip in await _slips(work, text) if not _TWICE.fullmatch(_at(text, slip.span))]
    taken = [*_marked(work, text), *(slip.span for slip in found)]
    doubtful = [*_small_starts(text, language), *_confused(text, language)] if knows else []
    found += [slip for slip in doubtful if not any(slip.span.overlaps(span) for span in taken)]
    for slip in sorted(found, key=lambda slip: -slip.span.start):
        text = await _chosen(work, text, slip)
    return text


async def _slips(work: Work, text: str) -> list[Slip]:
    """What Harper finds in English text, outside of what Markdown marks: that has to come back letter by letter."""
    found = await asyncio.to_thread(slips, text) if work.reading.language == "en" else []
    marked = _marked(work, text)
    return [slip for slip in found if not any(slip.span.overlaps(span) for span in marked)]


def _marked(work: Work, text: str) -> list[Span]:
    return [mark.span for mark in marks_in(text)] if work.reading.markdown else []


def _small_starts(text: str, language: str) -> Iterator[Slip]:
    """The small letters of the narration with which a sentence may begin."""
    spoken = dialogue_spans(text)
    for match in _SMALL_START.finditer(text) if language == "en" else ():
        span = Span(*match.span())
        if not any(speech.overlaps(span) for speech in spoken):
            yield Slip(span, "Capitalization", "", (match[0].upper(),))


def _confused(text: str, language: str) -> Iterator[Slip]:
    """Words of the narration that are often written for another."""
    spoken = dialogue_spans(text)
    others = _confusions().get(language, {})
    if not others:
        return
    words = "|".join(re.escape(word) for word in sorted(others, key=len, reverse=True))
    for match in re.finditer(rf"(?<![\w’'-])(?:{words})(?![\w’'-])", text.replace("’", "'"), re.IGNORECASE):
        span = Span(*match.span())
        if not any(speech.overlaps(span) for speech in spoken):
            yield Slip(span, "Confusion", "", tuple(_cased(other, match[0]) for other in others[match[0].casefold()]))


async def _chosen(work: Work, text: str, slip: Slip) -> str:
    """`text` with what the model finds most likely in the slip's place, if it is sure enough of it."""
    before, there, after = text[: slip.span.start], _at(text, slip.span), text[slip.span.end :]
    options = [option for option in dict.fromkeys(slip.replacements) if option != there]
    if slip.kind == "Spelling":
        options = [option for option in options if _may_be_misspelt(work, there, option)]
    if not options:
        return text
    if "’" in text:
        options = [option.replace("'", "’") for option in options]
    options = [there, *options[:_MOST_OPTIONS]]
    likely = {option: await work.likelihood(option + after[:_AFTER], work.before + before) for option in options}
    best = max(options[1:], key=likely.__getitem__)
    return before + (best if likely[best] > likely[there] + _margin(slip, there, best) else there) + after


def _margin(slip: Slip, there: str, instead: str) -> float:
    """By how many nats the model must prefer another word to the writer's.

    To one that has read the web “recieve” is as good as “receive”, so the same letters in another order, or doubled,
    are always a slip. Of “goverment” it is as sure as of many a word that was coined.
    """
    if slip.kind == "Spelling" and _letters(there) == _letters(instead):
        return -math.inf
    return _SURE if slip.kind in {"Spelling", "Confusion"} else 0.0


def _may_be_misspelt(work: Work, word: str, instead: str) -> bool:
    """Whether `word`, which no dictionary has, may be a slip for another: one of the same letters always, any other not
    if the story has it again, nor if more than a letter parts them. Then it is coined: “glowbell”, “glimmerkin”."""
    if _letters(word) == _letters(instead):
        return True
    own = work.reading.counts[folded(word)] >= _OWN
    return not own and _is_a_letter_away(_undoubled(word), _undoubled(instead))


def _is_a_letter_away(word: str, other: str) -> bool:
    """Whether a letter more, less or exchanged makes the one of the other."""
    return any(
        word[:at] == other[:at] and (word[at + 1 :] in (other[at:], other[at + 1 :]) or word[at:] == other[at + 1 :])
        for at in range(len(word) + 1)
    )


def _letters(word: str) -> list[str]:
    """The letters of `word` in the order of the alphabet: “recieve” has those of “receive”, “begining” those of
    “beginning” and “monday” those of “Monday”."""
    return sorted(_undoubled(word))


def _undoubled(word: str) -> str:
    return re.sub(r"(\w)\1", r"\1", folded(word).replace("'", ""))


async def _by_the_model(work: Work, text: str) -> str:
    """`text` with the small corrections of those that the model makes when it copies it out."""
    request = Generate(
        prompt=prompt_for(work, plain(text)),
        stops=Stops(max_new_tokens=int(count_words(text) * _TOKENS_A_WORD) + 16),
        sampling=Sampling(),
        lookup=True,
    )
    answer = await work.answer(request)
    unknown = [slip for slip in await _slips(work, text) if slip.kind == "Spelling"]
    for old, new in reversed(list(_corrections(text, " ".join(answer.split())))):
        corrected = text[: old.start] + new + text[old.end :]
        spoken = any(speech.overlaps(old) for speech in dialogue_spans(text))
        coined = any(_is_coined(work, text, slip, old, new) for slip in unknown if slip.span.overlaps(old))
        if not spoken and not coined and not fault(corrected, text, work.reading, work.entry):
            text = corrected
    return text


def _is_coined(work: Work, text: str, slip: Slip, old: Span, new: str) -> bool:
    """Whether the word of the `slip`, which stands in `old` and in no dictionary, is none that `new` corrects. The same
    marks cling to both."""
    instead = new[slip.span.start - old.start : len(new) - (old.end - slip.span.end)]
    return instead not in slip.replacements or not _may_be_misspelt(work, _at(text, slip.span), instead)


def _corrections(text: str, copy: str) -> Iterator[tuple[Span, str]]:
    """What `copy` has in the place of stretches of `text`, where it is a correction and not another wording."""
    old, new = _pieces(text), _pieces(copy)
    words = [_at(text, span) for span in old], [_at(copy, span) for span in new]
    for op, i, j, k, m in difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if op == "replace" and j - i == m - k == 1 and _is_correction(words[0][i], words[1][k]):
            yield old[i], words[1][k]


def _is_correction(there: str, instead: str) -> bool:
    """Whether a word is corrected and nothing else is: not its punctuation, not its capital, not the manner of speech
    (“I am”, “I’m”)."""
    if re.sub(r"\w", "", there) != re.sub(r"\w", "", instead) or there[:1].isupper() != instead[:1].isupper():
        return False
    return difflib.SequenceMatcher(None, there.casefold(), instead.casefold()).ratio() >= _LIKE


def _at(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _pieces(text: str) -> list[Span]:
    """Words with the marks that cling to them."""
    return [Span(*match.span()) for match in re.finditer(r"\S+", text)]


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() and len(like) > 1 else word


@cache
def _confusions() -> dict[str, dict[str, tuple[str, ...]]]:
    """By language and by word, small, the others that are written for it."""
    source = resources.files("lsp_writer.features.revision").joinpath("confusions.toml").read_bytes()
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, lines in msgspec.toml.decode(source, type=dict[str, tuple[str, ...]]).items():
        by_word = found.setdefault(language, {})
        for line in lines:
            words = line.split("|") if "|" in line else line.split()
            for word in words:
                rest = tuple(other for other in words if other != word)
                by_word[word.casefold()] = (*by_word.get(word.casefold(), ()), *rest)
    return found


def _tidied(text: str, language: str, marked: Iterable[Span]) -> str:
    """`text` with what no manner of writing can be put right. What people say is left as they say it, and so is what
    is `marked`."""
    kept = [*dialogue_spans(text), *marked]
    edits: list[tuple[Span, str]] = []
    if language in _NEVER_TWICE:
        doubled = re.compile(rf"\b({_NEVER_TWICE[language]})(?P<again>[ \t]+\1)\b", re.IGNORECASE)
        edits += [(Span(*match.span("again")), "") for match in doubled.finditer(text)]
    edits += [(Span(*match.span()), "") for match in _SPACE_BEFORE.finditer(text)]
    edits += [(Span(*match.span()), "") for match in _DOUBLE_SPACE.finditer(text)]
    edits += [(Span(*match.span()), " ") for match in _NO_SPACE_AFTER.finditer(text)]
    for span, new in sorted(edits, key=lambda edit: -edit[0].start):
        if not any(other.start <= span.start < other.end for other in kept):
            text = text[: span.start] + new + text[span.end :]
    return text
