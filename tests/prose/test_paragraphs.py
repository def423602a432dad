"""Paragraphs: the caret is `$0`, the paragraph stands between ⟦ and ⟧."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraph_at, paragraphs_in
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span


def check_paragraph(marked: str, *, markdown: bool = True) -> None:
    text = re.sub(r"[⟦⟧]|\$0", "", marked)
    offset = re.sub("[⟦⟧]", "", marked).index("$0")
    paragraph = paragraph_at(Manuscript("file:///story.md", 1, Rope.of(text), markdown), offset)
    expected = re.search("⟦(.*)⟧", marked.replace("$0", ""), re.DOTALL)
    assert (paragraph is None) == (expected is None)
    if paragraph is not None and expected is not None:
        assert text[paragraph.start : paragraph.end] == expected[1]


@pytest.mark.parametrize(
    "marked",
    [
        "⟦O$0ne.⟧",
        "One.\n\n⟦Two\nthr$0ee.⟧\n\nFour.",
        "One.\r\n\r\n⟦T$0wo.⟧\r\n\r\nThree.",
        "⟦One.$0⟧\n\nTwo.",
        "One.\n$0\nTwo.",
        "# Title\n⟦Pro$0se.⟧\n***\nMore.",
        "```\nco$0de\n```",
        "```\ncode\n```\n⟦Pro$0se.⟧",
        "<!-- a\nnote -->\n⟦Pro$0se.⟧",
        "---\ntitle: x\n---\n⟦Pro$0se.⟧",
        "- One.\n⟦- T$0wo.⟧\n- Three.",
        "⟦One\u2028t$0wo.⟧\nThree.".replace("\nThree.", "\n\nThree."),
        "$0",
    ],
)
def test_paragraph_at(marked: str) -> None:
    check_paragraph(marked)


def test_in_plain_text_a_short_line_ends_a_paragraph_and_a_wrapped_one_does_not() -> None:
    check_paragraph("One.\n⟦T$0wo.⟧\nThree.", markdown=False)
    check_paragraph("⟦" + "word " * 14 + "\nand on$0.⟧", markdown=False)


def test_paragraphs_in_a_range() -> None:
    text = "---\nt: x\n---\n\nOne.\n\nTwo\nlines.\n\n```\ncode\n```\n\nThree."
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text))
    assert [text[span.start : span.end] for span in paragraphs_in(manuscript, Span(0, len(text)))] == [
        "One.",
        "Two\nlines.",
        "Three.",
    ]
    inside = Span(text.index("lines"), text.index("lines") + 1)
    assert [text[span.start : span.end] for span in paragraphs_in(manuscript, inside)] == ["Two\nlines."]
    assert paragraphs_in(manuscript, Span(0, 0)) == []


@pytest.mark.parametrize("text", ["word " * 100_000, "x" * 500_000, "走" * 500_000])
def test_of_a_book_in_one_line_only_the_part_around_the_caret_is_read(text: str) -> None:
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text))
    paragraph = paragraph_at(manuscript, 250_000)
    assert paragraph is not None
    assert paragraph.start <= 250_000 <= paragraph.end
    assert 10_000 < len(paragraph) <= 20_000
    assert sum(map(len, paragraphs_in(manuscript, Span(0, len(text))))) <= len(text)


@given(
    st.lists(
        st.sampled_from(["", "A line.", "- item", "# Head", "***", "```", "> quote", "x" * 80, "  ", "---", "😀 b"]),
        max_size=30,
    ),
    st.booleans(),
)
def test_the_paragraphs_of_a_text_are_those_at_its_lines(lines: list[str], markdown: bool) -> None:
    text = "\n".join(lines)
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text), markdown)
    ends = [len("\n".join(lines[: number + 1])) for number in range(len(lines))]
    at_lines = [paragraph_at(manuscript, end - len(line)) for end, line in zip(ends, lines, strict=True)]
    expected = list(dict.fromkeys(paragraph for paragraph in at_lines if paragraph is not None))
    assert paragraphs_in(manuscript, Span(0, len(text))) == expected
