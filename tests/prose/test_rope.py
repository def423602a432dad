"""The rope against the plain string it stands for."""

import re
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.rope import Rope, split_lines

TEXT = st.text(alphabet="ab é🙂\n\r\u2028\x0c\x85", max_size=60)
#: Some leaves of lines, of one line, and of one without a place to cut it at.
LONG = "".join(f"line {i}\n" for i in range(8_000)) + "word " * 10_000 + "\r\n" + "\r" * 40_000 + "x" * 40_000 + "\nend"
ROPE = Rope.of(LONG)


def check_same(rope: Rope, text: str) -> None:
    assert str(rope) == text
    assert len(rope) == len(text)
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    assert list(rope.lines(0, rope.line_count)) == lines
    assert list(rope.lines(0, rope.line_count, 5)) == [line[:5] for line in lines]
    for number in (0, len(lines) // 2, len(lines) - 1):
        assert rope.line(number) == lines[number]
        assert rope.line(number, 5) == lines[number][:5]
        assert rope.line_end(number) == rope.line_start(number) + len(lines[number].rstrip("\r\n"))
        start = rope.line_start(number)
        assert start == len("".join(lines[:number]))
        assert rope.line_at(start) == number
    assert rope.line_at(10**9) == rope.line_count - 1


@given(TEXT)
def test_a_text_comes_back_as_it_went_in(text: str) -> None:
    check_same(Rope.of(text), text)


@given(TEXT, st.lists(st.tuples(st.integers(-2, 70), st.integers(-2, 70), TEXT), max_size=6))
def test_edits_agree_with_string_slicing(text: str, edits: list[tuple[int, int, str]]) -> None:
    rope = Rope.of(text)
    for start, end, new in edits:
        rope = rope.replace(start, end, new)
        low = min(max(start, 0), len(text))
        high = min(max(end, low), len(text))
        text = text[:low] + new + text[high:]
        check_same(rope, text)


def test_a_text_of_many_leaves_comes_back() -> None:
    check_same(Rope.of(LONG), LONG)


@given(st.lists(st.tuples(st.integers(0, len(LONG)), st.integers(0, len(LONG)), TEXT), min_size=1, max_size=3))
def test_edits_across_many_leaves(edits: list[tuple[int, int, str]]) -> None:
    rope, text = ROPE, LONG
    for first, second, new in edits:
        start, end = sorted((first, second))
        assert rope.slice(start, end) == text[start:end]
        rope, text = rope.replace(start, end, new), text[:start] + new + text[end:]
    check_same(rope, text)


@given(st.data())
def test_edits_where_leaves_meet(data: st.DataObject) -> None:
    starts = list(accumulate(len(leaf.text) for leaf in ROPE.leaves))
    place = data.draw(st.sampled_from(starts)) + data.draw(st.integers(-2, 2))
    end = place + data.draw(st.integers(0, 3))
    new = data.draw(TEXT)
    check_same(ROPE.replace(place, end, new), LONG[:place] + new + LONG[end:])


@pytest.mark.parametrize("line", ["word " * 400_000, "猫" * 2_000_000, "😀" * 2_000_000], ids=["words", "猫", "😀"])
def test_a_key_in_a_book_of_one_line_makes_one_leaf_anew(line: str) -> None:
    """A book that was pasted as one line cost 20 ms a key, and 90 ms more where it was not English."""
    rope = Rope.of(line)
    edited = rope.replace(1_000_000, 1_000_000, "x")
    anew = [leaf for leaf in edited.leaves if leaf not in rope.leaves]
    assert sum(len(leaf.text) for leaf in anew) < len(line) // 20


def test_leaves_end_where_lines_do() -> None:
    """What a line is must not depend on where a leaf ends."""
    book = "A line of a book.\n" * 5_000
    rope = Rope.of(book)
    for place in range(5_000, 60_000, 5_000):
        rope = rope.replace(place, place, "x").replace(place // 2, place // 2 + 300, "\n")
    assert all(leaf.text.endswith("\n") for leaf in rope.leaves)


def test_only_the_edited_leaf_is_made_anew() -> None:
    rope = Rope.of(LONG)
    edited = rope.replace(10, 10, "x")
    assert edited.leaves[1:] == rope.leaves[1:]
    assert edited.leaves[0] is not rope.leaves[0]


def test_a_line_separator_is_not_a_line_end() -> None:
    assert split_lines("one\u2028still one\x0cand\x85on\ntwo") == ["one\u2028still one\x0cand\x85on\n", "two"]
