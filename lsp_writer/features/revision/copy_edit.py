"""Grammar, spelling and punctuation put right, and nothing else.

Two hands work at it: rules find slips and name what may stand there instead, of which the model chooses by likelihood;
then the model copies the passage out, and of what it changed only small corrections are taken over.
"""

from __future__ import annotations

import asyncio
import difflib
import math
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.revision.asking import prompt_for
from lsp_writer.features.revision.facts import lost_fact
from lsp_writer.features.revision.restoring import plain
from lsp_writer.features.revision.work import Work
from lsp_writer.generation import Generate, Sampling, Stops
from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.harper import Slip, slips
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words

_MOST_OPTIONS = 4
# So much after a slip tells which of its options belongs there.
_AFTER = 60
_TOKENS_A_WORD = 2.0
# So many nats likelier must a word be to take the place of one that is a word, too.
_SURE = 4.0
# A word put in the place of another must be this like it, letter by letter, to be a correction.
_LIKE = 0.6
_DOUBLED = re.compile(
    r"\b(?!(?:had|that|is|no|so|very|bye|blah|nous|vous|sie|die|der|das)\b)(\w+)(?P<again>\s+\1)\b", re.IGNORECASE
)
_SPACE_BEFORE = re.compile(r"(?<=\w)[ \t]+(?=[,.](?:\s|\Z))")
_DOUBLE_COMMA = re.compile(r",(?=,)")
_NO_SPACE_AFTER = re.compile(r"(?<=[a-zà-ÿ][,;])(?=[A-Za-zÀ-ÿ])")
# A small letter after a full stop that ends no abbreviation.
_SMALL_START = re.compile(r"(?<=[a-zà-ÿ]{3}\. )(?<!etc\. )(?<!approx\. )[a-zà-ÿ]")
_DOUBLE_SPACE = re.compile(r"(?<=\S) (?= \S)")


async def copy_edited(work: Work, unit: str, _following: str) -> tuple[list[str], str]:
    """`unit` with its slips put right, and, if there were none, a word about it."""
    text = await _by_rules(work, unit)
    work.show(text)
    text = await _by_the_model(work, text)
    return ([text], "") if text != unit else ([], "there was nothing to correct")


async def _by_rules(work: Work, unit: str) -> str:
    text = _tidied(unit)
    work.show(text)
    language = work.reading.language or "en"
    found = await asyncio.to_thread(slips, text) if language == "en" else []
    taken = [slip.span for slip in found]
    confused = [slip for slip in _confused(text, language) if not any(slip.span.overlaps(span) for span in taken)]
    for slip in sorted([*found, *confused], key=lambda slip: -slip.span.start):
        text = await _chosen(work, text, slip, _SURE if slip in confused else 0.0)
    return text


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


async def _chosen(work: Work, text: str, slip: Slip, margin: float) -> str:
    """`text` with what the model finds most likely in the slip's place, by so many nats at least; a word that is none
    cannot stay."""
    before, there, after = text[: slip.span.start], text[slip.span.start : slip.span.end], text[slip.span.end :]
    options = [option for option in dict.fromkeys(slip.replacements[:_MOST_OPTIONS]) if option != there]
    if not options:
        return text
    if "’" in text:
        options = [option.replace("'", "’") for option in options]
    if slip.kind != "Spelling":
        options.insert(0, there)
    likely = {option: await work.likelihood(option + after[:_AFTER], work.before + before) for option in options}
    best = max(likely, key=likely.__getitem__)
    return before + (best if likely[best] >= likely.get(there, -math.inf) + margin else there) + after


async def _by_the_model(work: Work, text: str) -> str:
    """`text` with the small corrections of those that the model makes when it copies it out."""
    request = Generate(
        prompt=prompt_for(work, plain(text)),
        stops=Stops(max_new_tokens=int(count_words(text) * _TOKENS_A_WORD) + 16),
        sampling=Sampling(),
        lookup=True,
    )
    answer = await work.answer(request)
    for old, new in reversed(list(_corrections(text, " ".join(answer.split())))):
        corrected = text[: old.start] + new + text[old.end :]
        if not lost_fact(text, corrected, work.reading):
            text = corrected
    return text


def _corrections(text: str, copy: str) -> Iterator[tuple[Span, str]]:
    """What `copy` has in the place of stretches of `text`, where it is a correction and not another wording."""
    old, new = _pieces(text), _pieces(copy)
    words = [text[span.start : span.end] for span in old], [copy[span.start : span.end] for span in new]
    for op, i, j, k, m in difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if op == "replace" and j - i == m - k == 1 and _is_correction(words[0][i], words[1][k]):
            yield old[i], words[1][k]


def _is_correction(there: str, instead: str) -> bool:
    """Whether a word is corrected and nothing else is: not its punctuation, not its capital, not the manner of speech
    (“I am”, “I’m”)."""
    if re.sub(r"\w", "", there) != re.sub(r"\w", "", instead) or there[:1].isupper() != instead[:1].isupper():
        return False
    return difflib.SequenceMatcher(None, there.casefold(), instead.casefold()).ratio() >= _LIKE


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


def _tidied(text: str) -> str:
    text = _DOUBLED.sub(lambda match: match[1], text)
    text = _SPACE_BEFORE.sub("", text)
    text = _DOUBLE_COMMA.sub("", text)
    text = _NO_SPACE_AFTER.sub(" ", text)
    text = _SMALL_START.sub(lambda match: match[0].upper(), text)
    return _DOUBLE_SPACE.sub("", text)
