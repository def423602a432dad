"""Tokens as bytes: what agrees with typed text, and characters that span tokens."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.errors import ModelUnavailable
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


def byte_tokenizer(folder: Path, chat_template: str = "", *, beginning: str = "<bos>") -> HuggingFaceTokenizer:
    """One token a byte, after `<bos>` (0) and `<end>` (1)."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<bos>": 0, "<end>": 1} | {letter: number for number, letter in enumerate(letters, 2)}
    backend = Tokenizer(models.BPE(vocabulary, []))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    backend.add_special_tokens(["<bos>", "<end>"])
    backend.save(str(folder / "tokenizer.json"))
    return HuggingFaceTokenizer(
        folder / "tokenizer.json",
        chat_template=chat_template or None,
        beginning_ids=[vocabulary[beginning]] if beginning else [],
        end_ids=[1],
    )


@pytest.mark.parametrize(
    "chat_template",
    [
        "{{ bos_token }}{% for message in messages %}{{ message.content }}<end>{% endfor %}",
        "<bos>{% for message in messages %}{{ message.content }}<end>{% endfor %}",
        "{% for message in messages %}{{ message.content }}<end>{% endfor %}",
    ],
    ids=["asks for the beginning", "writes it", "does not"],
)
@pytest.mark.parametrize("role", ["text", "user"])
def test_every_prompt_begins_once_as_the_model_was_trained(tmp_path: Path, chat_template: str, role: str) -> None:
    """Gemma and Llama were never shown a text without <bos>, and wrote nonsense after one."""
    tokenizer = byte_tokenizer(tmp_path, chat_template)
    ids = tokenizer.encode_prompt((Segment("Rain on <bos>.", "user" if role == "user" else "text"),))
    assert ids[0] == 0
    assert ids.count(0) == 1, "the manuscript's own <bos> is characters"
    rest = ids[1:-1] if role == "user" else ids[1:]
    assert b"".join(tokenizer.vocabulary[token] for token in rest) == b"Rain on <bos>."


SAY = "{{ message.role }}: {{ message.content }};"
EACH = "{% for message in messages %}" + SAY + "{% endfor %}"


@pytest.mark.parametrize(
    ("chat_template", "expected"),
    [
        ("{% for message in messages %}" + SAY + "{% break %}{% endfor %}", "system: Be brief.;"),
        ("{% generation %}" + EACH + "{%- endgeneration -%}", "system: Be brief.;user: Rain?;"),
        ("{{ strftime_now('%Y')|length }}" + EACH, "4system: Be brief.;user: Rain?;"),
        (
            "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + EACH,
            "user: Be brief.\n\nRain?;",
        ),
    ],
    ids=["breaks off", "marks what is generated", "asks for the date", "has no system"],
)
def test_what_chat_templates_do(tmp_path: Path, chat_template: str, expected: str) -> None:
    """Rewrites with such a model ended in silence, and in a traceback in the log."""
    tokenizer = byte_tokenizer(tmp_path, chat_template, beginning="")
    ids = tokenizer.encode_prompt((Segment("Be brief.", "system"), Segment("Rain?", "user")))
    assert b"".join(tokenizer.vocabulary[token] for token in ids).decode() == expected


@pytest.mark.parametrize("chat_template", ["{% strange %}", "{{ raise_exception('no') }}"])
def test_a_chat_template_that_cannot_be_used(tmp_path: Path, chat_template: str) -> None:
    with pytest.raises(ModelUnavailable, match="Choose another instruct model"):
        byte_tokenizer(tmp_path, chat_template).encode_prompt((Segment("Rain?", "user"),))


def test_a_prompt_without_text_is_the_beginning_alone(tmp_path: Path) -> None:
    assert byte_tokenizer(tmp_path).encode_prompt((Segment(""),)) == [0]


def test_a_model_without_a_beginning_gets_the_text_alone(tmp_path: Path) -> None:
    tokenizer = byte_tokenizer(tmp_path, beginning="")
    assert tokenizer.encode_prompt((Segment("Rain"),)) == tokenizer.encode("Rain")
    assert (tokenizer.encode_prompt((Segment(""),)), tokenizer.start_ids) == ([], (1,))


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
        beginning_ids=manifest.beginning_of_text_ids,
        end_ids=manifest.end_of_text_ids,
    )
