"""What each token stands for, as bytes, and which tokens agree with bytes that must come next."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

import numpy as np
import numpy.typing as npt

#: Thai, Lao, Myanmar, Khmer; kana, Han: no space tells where a word ends.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
#: Marks that belong to the letter before them: accents, Hebrew points, Arabic vowels, the Indic scripts', joiners.
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0963\u0966-\u0dff\u200c\u200d"
)

_BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")
_BLANKS = re.compile(r"\s+")
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_WORD_CHARACTER = re.compile(rf"(?![{UNSPACED}])[\w{MARKS}]")
_WORD_STARTS = re.compile(rf"(?<![^\W{UNSPACED}])|(?=[\W{UNSPACED}])")
_ONE_WORD = re.compile(r" ?[a-z]+")
# Texts in their order, and a number of each.
_Index = tuple[list[str], npt.NDArray[np.int64]]
# Never part of a token's text, and the same when it is folded.
_BETWEEN = "\ud800"
# An apostrophe is none: it is too often part of a word, and a quotation has other marks beside it.
_BREAK = re.compile(r"[\n.,:;!?…\"“”«»*()—–。，、：；！？「」]")
# An apostrophe may stand inside a word (don't, o’clock); a hyphen parts two.
_INSIDE_WORD = re.compile(rf"(?![{UNSPACED}])[\w'’{MARKS}]")


class Vocabulary:
    """The bytes of every token id; control tokens stand for none."""

    def __init__(self, token_bytes: Sequence[bytes]) -> None:
        self._bytes = tuple(token_bytes)

    @classmethod
    def of_tokens(cls, tokens: Sequence[str], special: AbstractSet[int]) -> Vocabulary:
        """From the token strings of a byte-level vocabulary (GPT-2's alphabet) or one of the SentencePiece kind."""
        decode = _byte_level() if "Ġ" in tokens else _sentence_piece
        return cls([b"" if number in special else decode(token) for number, token in enumerate(tokens)])

    def __len__(self) -> int:
        return len(self._bytes)

    def __getitem__(self, token: int) -> bytes:
        # A model's last rows may be padding that no token has.
        return self._bytes[token] if token < len(self._bytes) else b""

    def agreeing(self, wanted: bytes) -> npt.NDArray[np.int64]:
        """Ids of the tokens that begin with `wanted`, or that `wanted` begins with; never empty for a byte-complete
        vocabulary."""
        order, ids = self._sorted
        places = ((bisect_left(order, wanted[:n]), wanted[:n]) for n in range(1, len(wanted)))
        shorter = [ids[place] for place, token in places if order[place : place + 1] == [token]]
        return np.concatenate([self.beginning_with(wanted), np.asarray(shorter, dtype=np.int64)])

    def beginning_with(self, wanted: bytes) -> npt.NDArray[np.int64]:
        """Ids of the tokens that begin with `wanted`. A sorted list serves as the trie: a prefix is a range of it."""
        order, ids = self._sorted
        first = bisect_left(order, wanted)
        return ids[first : bisect_left(order, wanted + b"\xff" * 8, first)]

    @cached_property
    def word_ends(self) -> npt.NDArray[np.int64]:
        """Ids of the tokens that show that the word before them is complete: marks, white space, control tokens."""
        return np.array([number for number, token in enumerate(self._bytes) if not token or _is_outside_word(token)])

    @cached_property
    def breaks(self) -> frozenset[int]:
        """Ids of the tokens in which a line, a sentence, a clause or a speech begins or ends."""
        return frozenset(number for number, token in enumerate(self._bytes) if _BREAK.search(_text(token)))

    @cached_property
    def line_breaks(self) -> frozenset[int]:
        return frozenset(number for number, token in enumerate(self._bytes) if b"\n" in token)

    @cached_property
    def spelling(self) -> Spelling:
        """The same tokens as readers know them. Takes 0.14 s and 4 MB when first asked for."""
        return Spelling(self._bytes)

    @cached_property
    def _sorted(self) -> tuple[list[bytes], npt.NDArray[np.int64]]:
        numbers = sorted((number for number, token in enumerate(self._bytes) if token), key=self._bytes.__getitem__)
        return [self._bytes[number] for number in numbers], np.asarray(numbers, dtype=np.int64)


class Spelling:
    """Which tokens go on with a text as readers know it: letter case, the shape of quotation marks and the width of
    white space aside. Texts are as `fold` makes them."""

    def __init__(self, token_bytes: Sequence[bytes]) -> None:
        folded = fold(_BETWEEN.join(map(_text, token_bytes))).split(_BETWEEN)
        tokens = [(token, number) for number, token in enumerate(folded) if token]
        self._tokens = _index(tokens)
        # What tokens hold from a word on that begins inside of them. A blank before it is found by itself.
        self._inside = _index(
            (token[start:], number)
            for token, number in tokens
            if not _ONE_WORD.fullmatch(token)
            for start in (found.start() for found in _WORD_STARTS.finditer(token, 1))
            if token[:start] != " "
        )

    def ending(self, rest: str) -> list[int]:
        """Ids of the tokens that begin with `rest` and in which its last word ends there."""
        return _ending(self._tokens, rest)

    def holding(self, phrase: str) -> list[int]:
        """Ids of the tokens that hold `phrase` as whole words, but not at their beginning."""
        return _ending(self._tokens, " " + phrase) + _ending(self._inside, phrase)


def fold(text: str) -> str:
    """`text` as far as readers tell words apart."""
    return _BLANKS.sub(" ", text.translate(_QUOTES).casefold())


def forms(character: str) -> set[str]:
    """What `fold` makes `character` of."""
    return {character, character.upper(), *(chr(other) for other, form in _QUOTES.items() if form == ord(character))}


def is_in_word(character: str) -> bool:
    """Whether a word goes on through it. An apostrophe may as well be a quotation mark, and is not taken for one."""
    return bool(_WORD_CHARACTER.match(character))


def _index(texts: Iterable[tuple[str, int]]) -> _Index:
    ordered = sorted(texts)
    return [text for text, _ in ordered], np.array([number for _, number in ordered], np.int64)


def _ending(index: _Index, wanted: str) -> list[int]:
    """The numbers of the texts in `index` that begin with `wanted` and in which its last word ends there."""
    texts, numbers = index
    found: list[int] = []
    for place in range(bisect_left(texts, wanted), len(texts)):
        text = texts[place]
        if not text.startswith(wanted):
            break
        if not (is_in_word(wanted[-1]) and is_in_word(text[len(wanted) :][:1])):
            found.append(int(numbers[place]))
    return found


def _text(token: bytes) -> str:
    """The token as text, with lone surrogates for parts of characters."""
    return token.decode("utf-8", "surrogateescape")


def _is_outside_word(token: bytes) -> bool:
    """Whether it begins so. Of a part of a character nobody can tell."""
    text = token.decode("utf-8", "ignore")
    return bool(text) and not _INSIDE_WORD.match(text)


def _byte_level() -> Callable[[str], bytes]:
    """GPT-2's alphabet: printable bytes stand for themselves, the others for code points from 256 on."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    byte_of = {chr(byte): byte for byte in printable} | {chr(256 + n): byte for n, byte in enumerate(others)}

    def decode(token: str) -> bytes:
        try:
            return bytes(byte_of[character] for character in token)
        except KeyError:  # an added token, written as it is
            return token.encode()

    return decode


def _sentence_piece(token: str) -> bytes:
    if match := _BYTE_TOKEN.fullmatch(token):
        return bytes([int(match[1], 16)])
    return token.replace("▁", " ").encode()
