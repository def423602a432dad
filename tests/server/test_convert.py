from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, PositionEncodingKind, Range

from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import offset_of, position_of, range_of, span_of

UTF8, UTF16, UTF32 = PositionEncodingKind.Utf8, PositionEncodingKind.Utf16, PositionEncodingKind.Utf32

#: Whatever editors hold: emoji, combining marks, CJK, every kind of line break and what only looks like one, NUL, and
#: halves of surrogate pairs.
AWKWARD = st.lists(
    st.sampled_from(
        ["a", "é", "e\u0301", "猫", "😀", "\n", "\r", "\r\n", "\u2028", "\x85", "\f", "\0", "\ud83d", "\ude00"]
    )
    | st.characters(),
    max_size=60,
).map("".join)


def check_position(text: str, encoding: PositionEncodingKind, line: int, character: int) -> None:
    """The position means the place marked `$0`."""
    expected = text.index("$0")
    rope = Rope.of(text.replace("$0", ""))
    assert offset_of(rope, Position(line, character), encoding) == expected


@pytest.mark.parametrize(
    ("text", "encoding", "line", "character"),
    [
        ("a cat\nsat$0 down", UTF16, 1, 3),
        ("😀 a$0 cat", UTF16, 0, 4),
        ("😀 a$0 cat", UTF8, 0, 6),
        ("😀 a$0 cat", UTF32, 0, 3),
        ("“Oh”$0 he said", UTF8, 0, 8),
        ("cafe\u0301$0", UTF16, 0, 5),
        ("一猫$0", UTF8, 0, 6),
        # Only these end a line.
        ("one\r\ntwo$0", UTF16, 1, 3),
        ("one\rtwo$0", UTF16, 1, 3),
        ("one\u2028two$0\nthree", UTF16, 0, 7),
        ("one\x85two$0\nthree", UTF16, 0, 7),
        ("one\ftwo$0\nthree", UTF16, 0, 7),
        # Past the end of a line: before its line break.
        ("one$0\r\ntwo", UTF16, 0, 4),
        ("one$0\ntwo", UTF16, 0, 999),
        ("ä$0\ntwo", UTF8, 0, 999),
        # Past the last line: the end of the text.
        ("one\ntwo$0", UTF16, 9, 0),
        ("one\n$0", UTF16, 1, 7),
        ("$0", UTF16, 3, 3),
        # Inside a character: its beginning.
        ("a$0😀b", UTF16, 0, 2),
        ("a$0😀b", UTF8, 0, 3),
        ("a$0猫", UTF8, 0, 2),
        # Half a pair is a character of its own.
        ("a\ud83d$0b", UTF16, 0, 2),
        ("a\ud83d\ude00$0b", UTF16, 0, 3),
        ("a\ud83d$0b", UTF8, 0, 4),
        ("\0\0$0", UTF16, 0, 2),
    ],
)
def test_position(text: str, encoding: PositionEncodingKind, line: int, character: int) -> None:
    check_position(text, encoding, line, character)


@given(text=AWKWARD, encoding=st.sampled_from([UTF8, UTF16, UTF32]), data=st.data())
def test_every_offset_outside_a_line_break_survives_the_way_there_and_back(
    text: str, encoding: PositionEncodingKind, data: st.DataObject
) -> None:
    rope = Rope.of(text)
    offset = data.draw(st.integers(0, len(text)))
    between = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
    assert offset_of(rope, position_of(rope, offset, encoding), encoding) == offset - between


@given(
    text=AWKWARD,
    encoding=st.sampled_from([UTF8, UTF16, UTF32]),
    line=st.integers(0, 2**31 - 1) | st.integers(0, 5),
    character=st.integers(0, 2**31 - 1) | st.integers(0, 10),
)
def test_any_position_is_somewhere_in_the_text(
    text: str, encoding: PositionEncodingKind, line: int, character: int
) -> None:
    rope = Rope.of(text)
    offset = offset_of(rope, Position(line, character), encoding)
    assert 0 <= offset <= len(text)
    if line < rope.line_count:
        assert rope.line_at(offset) == line
        assert position_of(rope, offset, encoding).character <= character


def test_a_swapped_range_is_the_same_stretch() -> None:
    rope = Rope.of("one\ntwo")
    assert span_of(rope, Range(Position(1, 1), Position(0, 1)), UTF16) == Span(1, 5)
    assert range_of(rope, Span(1, 5), UTF16) == Range(Position(0, 1), Position(1, 1))


@pytest.mark.parametrize("letter", ["a", "é", "😀"])
def test_a_line_of_ten_megabytes(letter: str) -> None:
    rope = Rope.of(letter * (10_000_000 // len(letter.encode())))
    offset = len(rope) - 3
    for encoding in (UTF8, UTF16, UTF32):
        assert offset_of(rope, position_of(rope, offset, encoding), encoding) == offset
