"""Guard rails: what is stripped from a model's answer, and what makes it unfit to be offered."""

from __future__ import annotations

import difflib
import re

from lsp_writer.features.revision.catalogue import Bounds
from lsp_writer.prose.dialogue import narration
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.words import count_words, word_spans

# "Here is the rewritten passage:", "Sure!", "I'll keep the names." before the answer, and talk about it after.
_PREAMBLE = re.compile(
    r"\A\s*(?:(?:here(?:'s|’s| is| are)|sure|certainly|of course|i(?:'ll|’ll| will| have|'ve|’ve)|"
    r"(?:the )?(?:rewritten|revised|edited|shortened|condensed|longer) (?:passage|version|scene|text)|rewrite the)"
    r"[^\n]*(?:\n+|:\s+|\Z)|[^\n]{0,80}:\n+)",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\b(?:the (?:phrase|passage|narrative|original|rewrite|revised|author|writer|reader)|"
    r"this (?:passage|version|rewrite|scene|story)|as an ai|language model|rewritten|"
    r"rewrite|[AQ]: |let me know|i hope this|feel free|note that)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]")
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|myself)\b")
_ENDED = re.compile(r"[.!?…。！？][\"'”’»」』)*_]*\Z")
_NAME = re.compile(r"(?<![.!?…:\"“‘”’»—\n]\s)(?<![\"“‘«—])(?<!\A)\b[A-ZÀ-ÖØ-Þ][\w’']+")
_FUNCTION_WORD_LETTERS = 3
# Enough of a word to know it by, whatever its ending.
_STEM = 4
# So many words in the same order, said twice, are noticed.
_STRETCH = 5


def cleaned(answer: str, passage: str = "") -> str:
    """One paragraph of prose from a model's answer: no preamble, no talk about it, no unfinished last sentence, and no
    quotation marks around the whole unless `passage` has them."""
    text = answer.strip()
    while match := _PREAMBLE.match(text):
        text = text[match.end() :].lstrip()
    text = " ".join(re.split(r"\n\s*\n", text)[0].split())
    if _QUOTED.fullmatch(text) and not _QUOTED.match(passage):
        text = text[1:-1]
    sentences = [text[span.start : span.end] for span in sentence_spans(text)]
    while sentences and not _ENDED.search(sentences[-1]):
        sentences.pop()
    while sentences and _TALK.search(sentences[-1]):
        sentences.pop()
    return " ".join(sentences)


def fault(text: str, passage: str, known: str, bounds: Bounds) -> str:
    """Why `text` may not stand for `passage`, in the writer's words, or an empty string.

    `known` is what stands around the passage: names from there are no invention.
    """
    ratio = count_words(text) / max(count_words(passage), 1)
    invented = invented_names(text, f"{passage} {known}")
    faults = (
        (not text, "it was not prose"),
        (ratio < bounds.shortest, "it was too short"),
        (ratio > bounds.longest, "it was too long"),
        (talks(text, passage), "it talked about the passage"),
        (invented, f"it brought in {''.join(invented[:1])}"),
        (repeats(text), "it repeated itself"),
        (changes_person(text, passage), "it changed the point of view"),
        (_open_quotes(text) != _open_quotes(passage), "it broke a quotation"),
        (likeness(text, passage) > bounds.most_alike, "it changed next to nothing"),
        (kept_share(text, passage) < bounds.least_kept, "it strayed from what you wrote"),
    )
    return next((why for found, why in faults if found), "")


def unfit_beside(sentence: str, before: str, known: str) -> bool:
    """Whether a new `sentence` may not stand after `before`. `known` is all that stands around it."""
    return bool(
        sentence[:1].islower()
        or talks(sentence, known)
        or invented_names(f"x. {sentence}", known)
        or repeats(sentence, before)
        or _open_quotes(sentence) != _open_quotes("")
        or changes_person(sentence, known)
    )


def invented_names(text: str, known: str) -> list[str]:
    """Capitalised words inside sentences of `text` that do not occur in `known`."""
    there = {_bare(word) for word in re.findall(r"[\w’']+", known)}
    return [match[0] for match in _NAME.finditer(text) if _bare(match[0]) not in there | {"I", "I’m", "I'm"}]


def talks(text: str, passage: str) -> bool:
    """Whether `text` is about a passage and not one, `passage` being no story about stories."""
    return bool(_TALK.search(text)) and not _TALK.search(passage)


def changes_person(text: str, passage: str) -> bool:
    """Whether the narration of `text` says “I” and that of `passage` does not."""
    return bool(_FIRST_PERSON.search(narration(text))) and not _FIRST_PERSON.search(narration(passage))


def repeats(text: str, before: str = "") -> bool:
    """Whether a stretch of words of `text` comes twice, or stands in `before` already."""
    stretches = _stretches(text)
    return len(set(stretches)) < len(stretches) or not set(stretches).isdisjoint(_stretches(before))


def _stretches(text: str) -> list[tuple[str, ...]]:
    words = _words(text)
    return [tuple(words[start : start + _STRETCH]) for start in range(len(words) - _STRETCH + 1)]


def _open_quotes(text: str) -> tuple[int, ...]:
    """How many quotations of each style `text` leaves open. An apostrophe looks like a single closing mark, so those
    are not counted."""
    return (text.count('"') % 2, *(text.count(pair[0]) - text.count(pair[1]) for pair in ("“”", "«»", "「」")))


def likeness(text: str, passage: str) -> float:
    """How much of two texts is the same words in the same order, from 0 to 1."""
    return difflib.SequenceMatcher(None, _words(text), _words(passage), autojunk=False).ratio()


def kept_share(text: str, passage: str) -> float:
    """The share of the passage's longer words that `text` has too, endings aside."""
    wanted = _stems(passage)
    return len(wanted & _stems(text)) / len(wanted) if wanted else 1.0


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _words(text) if len(word) > _FUNCTION_WORD_LETTERS}


def _words(text: str) -> list[str]:
    return [text[span.start : span.end].casefold() for span in word_spans(text)]


def _bare(word: str) -> str:
    return re.sub(r"[’']s\Z|[’']\Z", "", word)
