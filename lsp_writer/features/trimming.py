"""What is left of generated text after what the manuscript already says, and after loops, is taken away."""

from __future__ import annotations

import re

from lsp_writer.generation import StopReason

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_CLAUSE_END = re.compile(r"[,;:—–.!?…](?=\s|[\"'”’]|$)[\"'”’]?")
# What a model took from web pages and tables: addresses, paths, tags, underscores.
_NO_PROSE = re.compile(r"\S*(?:\w\.[a-z]{2,3}\b(?!\.)|://|\w/\w|[_@{}<>\\|]|(?:-\w+){4})\S*")
# So many words in the same order are a repetition and not chance; so many may become one.
_ECHO_WORDS = 5
_ECHO_BEGINS = 2
_LOOP_WORDS = 3


def trimmed(text: str, ended: StopReason | None, before: str, after: str) -> str:
    """`text` as it may be offered between `before` and `after`; empty if nothing worth offering is left. `ended` is
    None while the text may go on."""
    text = _before_loop(_NO_PROSE.split(text, maxsplit=1)[0])
    if ended in (StopReason.MAX_TOKENS, StopReason.TIME):
        text = _whole_words(text)
    text = _without_overlap(text, after).rstrip()
    if text and after[:1].isalnum():
        text += " "
    return "" if _echoes(text, before, _ECHO_WORDS if ended else _ECHO_BEGINS) else text


def _before_loop(text: str) -> str:
    """`text` up to the end of the clause before it says the same few words again."""
    words = list(_WORD.finditer(text))
    seen: set[tuple[str, ...]] = set()
    for start in range(len(words) - _LOOP_WORDS + 1):
        turn = tuple(word[0].casefold() for word in words[start : start + _LOOP_WORDS])
        if turn in seen:
            said = text[: words[start].start()]
            clauses = list(_CLAUSE_END.finditer(said.rstrip(" ,;:—–")))
            return said[: clauses[-1].start()] if clauses else ""
        seen.add(turn)
    return text


def _whole_words(text: str) -> str:
    """`text` without a last word that may be cut off."""
    if not text or not text[-1].isalnum():
        return text
    head = re.sub(r"\w+(?:['’\-]\w*)*$", "", text)
    return head if head.strip() else text


def _without_overlap(text: str, after: str) -> str:
    """`text` without an end that repeats the beginning of `after`."""
    after = after.lstrip()
    for length in range(min(len(text), len(after)), 0, -1):
        if text.endswith(after[:length]) and not (text[-length - 1 : -length].isalnum() and after[0].isalnum()):
            return text[:-length]
    return text


def _echoes(text: str, before: str, least: int) -> bool:
    """Whether `text`, by its first `least` words or more, says what has just been said."""
    words = [word.casefold() for word in _WORD.findall(text)][:_ECHO_WORDS]
    if len(words) < least:
        return False
    said = " ".join(word.casefold() for word in _WORD.findall(before))
    return f" {' '.join(words)} " in f" {said} "
