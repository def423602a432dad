"""Words: counting them, the time they take to read, and the one that is being typed."""

from __future__ import annotations

import re

from lsp_writer.prose.span import Span

# Scripts written without spaces, so that nothing here can tell where a word ends:
# Thai, Lao, Myanmar, Khmer; kana, Han.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)

# Marks that belong to the letter before them: accents, Hebrew points, Arabic vowels, the Indic scripts', joiners.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0963\u0966-\u0dff\u200c\u200d"
)
_LETTER = rf"[^\W_{UNSPACED}]"
_LETTERS = rf"{_LETTER}(?:{_LETTER}|[{_MARKS}])*"
_WORD = re.compile(rf"{_LETTERS}(?:[’'\-‐‑]{_LETTERS})*[’']?(?<=[^’'])|[{UNSPACED}]")
#: A word of a script that is written without spaces: one character.
UNSPACED_WORD = re.compile(f"[{UNSPACED}]")
_HALF_TYPED = re.compile(rf"\s*(?:{_LETTER}(?:{_LETTER}|[’'{_MARKS}])*)?\Z")
_LETTER_BEFORE = re.compile(rf"(?:{_LETTER}|[{_MARKS}])\Z")
_LETTER_AFTER = re.compile(rf"['’]?{_LETTER}")
_POSSESSIVE = re.compile(r"[’'](?:s|S)?\Z")
_MARK_AFTER = re.compile(rf"[{_MARKS}]")
# Nothing is backed over when it would be more: that is no word, and every letter of it would be decoded again.
_MOST_HALF_TYPED = 48

# Silent reading of fiction, words a minute (Brysbaert 2019).
_WORDS_A_MINUTE = 260


def word_spans(text: str) -> list[Span]:
    """The words of `text`. An apostrophe or hyphen inside belongs to its word; each Chinese, Japanese or Thai character
    counts as one word."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def bare_words(text: str) -> frozenset[str]:
    """The words of `text`, `folded` and without a possessive's ending."""
    return frozenset(map(bare, words_of(folded(text))))


def bare(word: str) -> str:
    """`word` without a possessive's ending."""
    return _POSSESSIVE.sub("", word)


def folded(text: str) -> str:
    """`text` in small letters and with straight apostrophes: O’Brien is O'Brien."""
    return text.casefold().replace("’", "'")


def count_words(text: str) -> int:
    return len(_WORD.findall(text))


def reading_seconds(words: int) -> int:
    """How long `words` words take to read silently, in whole seconds."""
    return round(words * 60 / _WORDS_A_MINUTE)


def is_inside_word(before: str, after: str) -> bool:
    """Whether a caret between the two parts a word ("do|n't", "the|'re"), or a letter from its accent. Of scripts
    without spaces nothing tells where a word ends, so there it may end anywhere."""
    parts_word = _LETTER_BEFORE.search(before[-1:]) and _LETTER_AFTER.match(after)
    return bool(parts_word or (before and _MARK_AFTER.match(after)))


def half_typed(before: str) -> str:
    """The unfinished word at the end of `before`, with the white space in front of it.

    A model continues best from the end of a whole token, so the prompt is what stands before this, and decoding is
    constrained to begin with it. White space alone counts ("the old " gives " "), and so do the line breaks before the
    first word of a paragraph. It is empty after a character of an unspaced script and after a run too long for a word.
    """
    found = _HALF_TYPED.search(before[-_MOST_HALF_TYPED - 1 :])
    return found[0] if found and len(found[0]) <= _MOST_HALF_TYPED else ""
