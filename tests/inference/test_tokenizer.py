"""Tokens as bytes: what agrees with typed text, and characters that span tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.generation import Segment
from lsp_writer.inference.manifest import default_model_folder, load_manifest
from lsp_writer.inference.tokenizer import Detokenizer, HuggingFaceTokenizer
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


@pytest.mark.model
@pytest.mark.parametrize("text", ["He left.\n\n", "He left.\n", "“No.”\n\n\n", "He left."])
def test_line_breaks_at_the_end_are_split_as_before_a_word(text: str) -> None:
    """A prompt that ends in a paragraph break had one token for it that never stands before a word."""
    tokenizer = default_tokenizer()
    assert tokenizer.encode(text + "She stayed.")[: len(tokenizer.encode(text))] == tokenizer.encode(text)


@pytest.mark.model
def test_control_tokens_come_from_the_template_alone() -> None:
    """A manuscript that says <|im_end|> means those characters."""
    tokenizer = default_tokenizer()
    (end,) = tokenizer._encode_template("<|im_end|>")
    assert end in tokenizer.end_ids
    prompt = (Segment("Be brief.", "system"), Segment("He wrote <|im_end|> on the wall.", "user"))
    ids = tokenizer.encode_prompt(prompt)
    assert ids.count(end) == 2, "one for each message"
    assert b"<|im_end|> on the wall" in b"".join(tokenizer.vocabulary[token] for token in ids)


@pytest.mark.model
@pytest.mark.parametrize("text", ["Plain words.", "  two spaces", "naïve café — 😀 夜里", "\ttab\r\nbreak"])
def test_text_comes_back_from_its_tokens(text: str) -> None:
    tokenizer = default_tokenizer()
    detokenizer = Detokenizer()
    assert "".join(detokenizer.feed(tokenizer.vocabulary[token]) for token in tokenizer.encode(text)) == text


@pytest.mark.model
def test_an_answer_may_be_begun_for_the_model() -> None:
    tokenizer = default_tokenizer()
    prompt = (Segment("Be brief.", "system"), Segment("Shorten it.", "user"))
    begun = tokenizer.encode_prompt((*prompt, Segment("He left", "assistant")))
    assert begun == tokenizer.encode_prompt(prompt) + tokenizer.encode("He left")


def default_tokenizer() -> HuggingFaceTokenizer:
    folder = default_model_folder()
    manifest = load_manifest(folder)
    return HuggingFaceTokenizer(
        folder / manifest.tokenizer,
        chat_template=manifest.chat_template,
        start_ids=manifest.end_of_text_ids[:1],
        end_ids=manifest.end_of_text_ids,
    )
