"""The beam over whole words, on distributions that are written down."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.inference.vocabulary import Vocabulary
from lsp_writer.inference.word_ranking import MOST_TOKENS, Path, WordBeam

# What may follow a text: tokens and their probabilities. Where nothing is said, a space comes.
Book = Mapping[str | bytes, Mapping[str | bytes, float]]

_LEAST = -30.0


def beam_over(book: Book, typed: str = "", starts: int = 1) -> tuple[WordBeam, Vocabulary]:
    """The finished beam, and the vocabulary that `book` makes use of."""
    known = {_bytes(text): {_bytes(token): share for token, share in after.items()} for text, after in book.items()}
    tokens = sorted({token for after in known.values() for token in after} | {b" "})
    vocabulary = Vocabulary(tokens)

    def logits_after(spelled: bytes) -> list[float]:
        shares = known.get(spelled, {b" ": 1.0})
        return [math.log(shares[token]) if token in shares else _LEAST for token in tokens]

    def rows(paths: list[Path]) -> np.ndarray:
        return np.array([logits_after(path.spelled) for path in paths], np.float32)

    beam = WordBeam(typed, vocabulary, np.array(logits_after(b""), np.float32), starts)
    while beam.paths:
        beam.grow(rows(beam.paths))
    return beam, vocabulary


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def check_words(book: Book, expected: Mapping[str, float], *, typed: str = "") -> None:
    """The words that are listed, most probable first, with their probabilities."""
    beam, _ = beam_over(book, typed)
    ranked = beam.ranked(8).words
    assert [word.text for word in ranked] == list(expected)
    assert [math.exp(word.log_probability) for word in ranked] == pytest.approx(list(expected.values()), abs=2e-3)


def check_first(book: Book, expected: str, *, typed: str = "", leading: bool) -> None:
    """What the continuation begins with, and whether that is the first of the words listed."""
    beam, vocabulary = beam_over(book, typed)
    (start,) = beam.starts()
    assert b"".join(vocabulary[token] for token in start.token_ids).decode() == expected
    assert beam.ranked(8).leading is leading


def test_a_fragment_is_no_word() -> None:
    """The menu listed “Mar” and “wasn”."""
    book: Book = {
        "": {" Mar": 0.5, " wasn": 0.3, " was": 0.2},
        " Mar": {"k": 0.7, "ch": 0.3},
        " wasn": {"'t": 1.0},
    }
    check_words(book, {"Mark": 0.35, "wasn't": 0.3, "was": 0.2, "March": 0.15})


def test_a_word_of_several_tokens_wins_over_its_first_token() -> None:
    """“pre” was the first suggestion: its token is the likeliest, but a word seldom ends there."""
    book: Book = {
        "": {" pre": 0.5, " price": 0.3, " old": 0.2},
        " pre": {"dominate": 0.9, " ": 0.1},
        " predominate": {"s": 0.8, " ": 0.2},
    }
    check_words(book, {"predominates": 0.45, "price": 0.375, "predominate": 0.1125, "pre": 0.0625}, typed=" pr")
    check_first(book, " predominates ", typed=" pr", leading=True)


def test_the_same_word_in_other_tokens_counts_as_well() -> None:
    book: Book = {"": {" house": 0.4, " hut": 0.45, " ho": 0.15}, " ho": {"use": 1.0}}
    check_words(book, {"house": 0.55, "hut": 0.45}, typed=" h")


def test_typed_letters_may_end_inside_a_token() -> None:
    book: Book = {
        "": {" the": 0.5, " h": 0.3, " house": 0.2},
        " h": {"ut": 0.5, "o": 0.5},
        " ho": {"use": 0.5, "me": 0.5},
    }
    typed = 0.2 + 0.3 / 2
    check_words(book, {"house": (0.2 + 0.3 / 4) / typed, "home": 0.3 / 4 / typed}, typed=" ho")


def test_an_unlikely_beginning_does_not_make_its_word_unlikely() -> None:
    """“wasn” was typed, and “wasn’t” held for improbable, because “was” would have been the better word."""
    check_words(
        {"": {" was": 0.96, " wasn": 0.04}, " was": {" ": 1.0}, " wasn": {"'t": 1.0}}, {"wasn't": 1.0}, typed=" wasn"
    )


@pytest.mark.parametrize(
    ("book", "word"),
    [
        ({"": {" don": 1.0}, " don": {"'t": 1.0}}, "don't"),
        ({"": {" o": 1.0}, " o": {"’": 1.0}, " o’": {"clock": 1.0}}, "o’clock"),
        ({"": {" boys": 1.0}, " boys": {"'": 1.0}}, "boys"),
        ({"": {" well": 1.0}, " well": {"-": 1.0}}, "well"),
        ({"": {"The": 1.0}}, "The"),
        ({"": {" cafe": 1.0}, " cafe": {"\u0301": 1.0}}, "cafe\u0301"),
        ({"": {" caf": 1.0}, " caf": {b"\xc3": 1.0}, b" caf\xc3": {b"\xa9": 1.0}}, "café"),
        ({"": {" yes": 1.0}, " yes": {b"\xe2\x80": 1.0}, b" yes\xe2\x80": {b"\x9d": 1.0}}, "yes"),
    ],
    ids=[
        "apostrophe",
        "curly",
        "closing quote",
        "hyphen",
        "capital",
        "combining mark",
        "split letter",
        "split quotation mark",
    ],
)
def test_where_a_word_ends(book: Book, word: str) -> None:
    check_words(book, {word: 1.0})


@pytest.mark.parametrize(
    ("book", "word"),
    [
        ({"": {"夜": 1.0}, "夜": {"里": 1.0}}, "夜"),
        ({"": {"夜里": 1.0}, "夜里": {"没": 1.0}}, "夜里"),
        ({"": {b"\xe5\xa4": 1.0}, b"\xe5\xa4": {b"\x9c": 1.0}, "夜": {"里": 1.0}}, "夜"),
        ({"": {"บ้าน": 1.0}, "บ้าน": {"หลัง": 1.0}}, "บ้าน"),
    ],
    ids=["one character", "a token of two", "a character of two tokens", "Thai"],
)
def test_without_spaces_a_word_is_what_one_token_says(book: Book, word: str) -> None:
    """Nothing tells where a word ends, and a whole sentence is none."""
    check_words(book, {word: 1.0})


def test_a_mark_is_no_word_but_the_continuation_may_begin_with_it() -> None:
    book: Book = {"": {' "': 0.6, " He": 0.3, " 12": 0.1}}
    check_words(book, {"He": 0.3}, typed=" ")
    check_first(book, ' "', typed=" ", leading=False)


def test_a_word_typed_to_its_end_is_not_offered_again() -> None:
    book: Book = {"": {" house": 0.9, " household": 0.1}, " house": {" stood": 1.0}}
    check_words(book, {"household": 0.1}, typed=" house")
    check_first(book, " house stood", typed=" house", leading=False)


def test_what_ends_a_word_comes_with_it() -> None:
    check_first({"": {" house": 1.0}, " house": {".": 0.6, "s": 0.4}}, " house.", leading=True)


def test_several_continuations_begin_with_different_words() -> None:
    book: Book = {"": {" house": 0.6, " ho": 0.2, " hut": 0.19, " hat": 0.01}, " ho": {"use": 1.0}}
    beam, vocabulary = beam_over(book, " h", starts=3)
    spelled = [b"".join(vocabulary[token] for token in start.token_ids) for start in beam.starts()]
    assert spelled == [b" house ", b" hut ", b" hat "]


def test_a_word_without_end_is_given_up() -> None:
    beam = WordBeam("", Vocabulary([b"x", b" "]), np.array([0, _LEAST], np.float32))
    passes = 0
    while beam.paths:
        beam.grow(np.array([[0, _LEAST]] * len(beam.paths), np.float32))
        passes += 1
    assert passes <= MOST_TOKENS


_LETTERS = st.text("abh", min_size=1, max_size=3)
_AFTER = st.dictionaries(st.one_of(_LETTERS, st.sampled_from([" ", ".", "'s"])), st.floats(0.01, 1), min_size=1)


@given(st.dictionaries(_LETTERS, _AFTER), st.dictionaries(_LETTERS, st.floats(0.01, 1), min_size=1), _LETTERS)
def test_every_word_goes_on_from_what_is_typed(
    after: dict[str | bytes, dict[str | bytes, float]], first: dict[str | bytes, float], typed: str
) -> None:
    every_byte: dict[str | bytes, float] = dict.fromkeys("abh", 0.005)
    beam, _ = beam_over({**after, "": every_byte | first}, typed)
    words = [word.text for word in beam.ranked(8).words]
    assert all(word.startswith(typed) and word != typed for word in words)
    assert len(set(words)) == len(words)
    assert beam.starts()
