"""The rope against the plain string it stands for."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.rope import Rope, split_lines

TEXT = st.text(alphabet="ab é🙂\n\r\u2028\x0c\x85", max_size=60)
LONG = "".join(f"line {i}\n" for i in range(2000))


def check_same(rope: Rope, text: str) -> None:
    assert str(rope) == text
    assert len(rope) == len(text)
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    assert list(rope.lines(0, rope.line_count)) == lines
    for number in (0, len(lines) // 2, len(lines) - 1):
        assert rope.line(number) == lines[number]
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


@given(st.integers(0, len(LONG)), st.integers(0, len(LONG)), TEXT)
def test_edits_across_many_leaves(start: int, end: int, new: str) -> None:
    start, end = min(start, end), max(start, end)
    check_same(Rope.of(LONG).replace(start, end, new), LONG[:start] + new + LONG[end:])
    assert Rope.of(LONG).slice(start, end) == LONG[start:end]


def test_only_the_edited_leaf_is_made_anew() -> None:
    rope = Rope.of(LONG)
    edited = rope.replace(10, 10, "x")
    assert edited.leaves[1:] == rope.leaves[1:]
    assert edited.leaves[0] is not rope.leaves[0]


def test_a_line_separator_is_not_a_line_end() -> None:
    assert split_lines("one\u2028still one\x0cand\x85on\ntwo") == ["one\u2028still one\x0cand\x85on\n", "two"]
