"""Tokens as bytes: what agrees with typed text, and characters that span tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.inference.tokenizer import Detokenizer
from lsp_writer.inference.vocabulary import Vocabulary

BYTE_LEVEL = Vocabulary.of_tokens(["<end>", "Ġ", "Ġh", "Ġhouse", "Ġhou", "h", "house", "Ċ", "é"], {0})


def check_agreeing(vocabulary: Vocabulary, wanted: bytes, expected: set[bytes]) -> None:
    assert {vocabulary[int(token)] for token in vocabulary.agreeing(wanted)} == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (b" hou", {b" ", b" h", b" hou", b" house"}),
        (b"ho", {b"h", b"house"}),
        (b" ", {b" ", b" h", b" hou", b" house"}),
        (b"\n", {b"\n"}),
    ],
)
def test_tokens_agree_that_begin_the_typed_text_or_begin_with_it(wanted: bytes, expected: set[bytes]) -> None:
    check_agreeing(BYTE_LEVEL, wanted, expected)


def test_control_tokens_stand_for_no_text() -> None:
    assert BYTE_LEVEL[0] == b""
    assert BYTE_LEVEL[10_000] == b"", "a row of the head that no token has"


def test_sentence_piece_vocabularies() -> None:
    vocabulary = Vocabulary.of_tokens(["<unk>", "▁house", "<0x0A>", "s"], {0})
    assert [vocabulary[token] for token in range(4)] == [b"", b" house", b"\n", b"s"]


@given(st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=30, unique=True), st.binary(min_size=1))
def test_agreeing_is_what_the_definition_says(tokens: list[bytes], wanted: bytes) -> None:
    expected = {token for token in tokens if token.startswith(wanted) or wanted.startswith(token)}
    check_agreeing(Vocabulary(tokens), wanted, expected)
    assert Vocabulary(tokens).agreeing(wanted).dtype == np.int64


@given(st.text(), st.integers(1, 5))
def test_a_character_is_given_out_with_its_last_byte(text: str, size: int) -> None:
    data = text.encode()
    detokenizer = Detokenizer()
    pieces = [detokenizer.feed(data[start : start + size]) for start in range(0, len(data), size)]
    assert "".join(pieces) == text
    assert "\ufffd" not in "".join(pieces).replace("\ufffd" * text.count("\ufffd"), "")
