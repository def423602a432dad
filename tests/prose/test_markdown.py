"""Markdown: what is not prose, in a passage and at a caret."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lsp_writer.prose.blocks import Markup, line_markup
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import blanked, markup_at, masked, without
from lsp_writer.prose.rope import Rope

MARKDOWN = st.text(alphabet="ab `~*#<!->[](){}:/.é🙂走\ud800\x00\r\n\u2028", max_size=80)


def manuscript_of(text: str, *, markdown: bool = True) -> Manuscript:
    return Manuscript("file:///story.md", 1, Rope.of(text), markdown)


def check_markup(marked: str, markup: Markup | None, *, markdown: bool = True) -> None:
    """What stands at the caret `$0`."""
    text = marked.replace("$0", "")
    assert markup_at(manuscript_of(text, markdown=markdown), marked.index("$0")) == markup


@pytest.mark.parametrize(
    "marked",
    [
        "Some *text* and ⟦`code`⟧ stay.",
        '⟦[⟧a *link*⟦](http://x.y "title")⟧ and ⟦![alt](a.png)⟧',
        "é🙂走 ⟦`code`⟧ 走 ⟦<b>⟧bold⟦</b>⟧ ⟦<!-- a\nnote -->⟧ end",
        "⟦[[⟧Ruth⟦]]⟧ and ⟦[[Ruth|⟧her⟦]]⟧",
        "See ⟦https://example.org/a⟧. And ⟦<https://example.org>⟧.",
        "text\n\n⟦[ref]: https://example.org⟧",
        "    An indented paragraph with ` one backtick.",
        "\ud800 ⟦`code`⟧",
        "",
    ],
)
def test_what_is_masked_in_a_passage(marked: str) -> None:
    text = re.sub("[⟦⟧]", "", marked)
    masks = masked(text)
    assert [text[mask.span.start : mask.span.end] for mask in masks] == re.findall("⟦(.*?)⟧", marked, re.DOTALL)
    assert without(text, masks) == re.sub("⟦.*?⟧", "", marked, flags=re.DOTALL)


@given(MARKDOWN)
@example("[]()")
def test_masks_are_in_order_and_blanking_keeps_every_offset(text: str) -> None:
    masks = masked(text)
    for first, second in pairwise(masks):
        assert first.span.end <= second.span.start
    assert all(0 <= mask.span.start < mask.span.end <= len(text) for mask in masks)
    assert len(blanked(text, masks)) == len(text)


@pytest.mark.parametrize(
    ("marked", "markup"),
    [
        ("A line of pro$0se.", None),
        ("$0", None),
        ("One.\n\n$0", None),
        ("---\ntit$0le: x\n---\n", Markup.FRONT_MATTER),
        ("---\ntitle: x\n---\nPro$0se", None),
        ("---\r\ntitle: x\r\n-$0--\r\nProse", Markup.FRONT_MATTER),
        ("---\ntitle: still ty$0ping", Markup.FRONT_MATTER),
        ("---\nA rule, then pro$0se.\n", None),
        ("---\n\nA scene br$0eak at the top.", None),
        ("```py\nco$0de\n```\n", Markup.CODE),
        ("```py\ncode\n```\nPro$0se", None),
        ("~~~\n```\nco$0de\n~~~\n", Markup.CODE),
        ("````\n```\nco$0de", Markup.CODE),
        ("```inline``` pro$0se", None),
        ("<!-- a\n\nno$0te -->\n", Markup.COMMENT),
        ("<!-- a\n\nnote -->\nPro$0se", None),
        ("<!-- a no$0te --> after", Markup.COMMENT),
        ("<!-- a note -->$0\nProse.", Markup.COMMENT),
        ("Prose <!-- unfini$0shed", Markup.COMMENT),
        ("# Head$0ing", Markup.HEADING),
        ("#hash$0tag", None),
        ("Prose with `co$0de`", Markup.CODE),
        ("Prose with `code`$0", None),
        ("[te$0xt](https://example.org)", None),
        ("[text](https://exa$0mple.org)", Markup.LINK),
        ("[text](https://exa$0", Markup.LINK),
        ("[text](chapter$0", Markup.LINK),
        ("[[Ru$0", Markup.LINK),
        ("<di$0v>", Markup.HTML),
    ],
)
def test_what_stands_at_a_caret(marked: str, markup: Markup | None) -> None:
    check_markup(marked, markup)


def test_everything_is_prose_in_plain_text() -> None:
    check_markup("```\nco$0de\n```", None, markdown=False)
    check_markup("---\ntit$0le\n---", None, markdown=False)


def test_a_fence_far_above_is_known() -> None:
    check_markup("```\n" + "code\n" * 3000 + "co$0de\n", Markup.CODE)
    check_markup("```\n" + "code\n" * 3000 + "```\npro$0se\n", None)


@given(MARKDOWN, MARKDOWN, st.integers(0, 2000))
def test_line_markup_does_not_depend_on_where_leaves_begin(above: str, below: str, lines: int) -> None:
    text = above + "\n" + "line\n" * lines + below
    whole = line_markup(manuscript_of(text), 0, 10_000)
    edited = manuscript_of("")
    rope = edited.text
    for piece in (below, "line\n" * lines, above + "\n"):
        rope = rope.replace(0, 0, piece)
    in_pieces = Manuscript("", 1, rope)
    assert line_markup(in_pieces, 0, 10_000) == whole
    assert [
        line_markup(in_pieces, number, number + 1)[0] for number in range(lines, min(lines + 5, len(whole)))
    ] == whole[lines : lines + 5]


WORDS = "word " * 20_000


@pytest.mark.parametrize(
    ("marked", "markup"),
    [
        (WORDS + "pro$0se", None),
        (f"```\n{WORDS}\nco$0de\n```", Markup.CODE),
        (f"```\n{WORDS}\n```\npro$0se", None),
        (f"<!-- {WORDS}\nno$0te -->", Markup.COMMENT),
        (f"<!-- {WORDS} -->\npro$0se", None),
        (f"<!--\n{WORDS} -->\npro$0se", None),
        (f"<!--\n{WORDS} --> {WORDS}\npro$0se", None),
        # What a line holds far on does not begin anything.
        (f"{WORDS}```\npro$0se", None),
        (f"{WORDS}``` {WORDS}\npro$0se", None),
        (" ``` ".join([WORDS] * 9) + "\npro$0se", None),
        (" <!-- ".join([WORDS] * 9) + "\npro$0se", None),
    ],
)
def test_a_book_pasted_as_one_line_is_a_line_like_any_other(marked: str, markup: Markup | None) -> None:
    check_markup(marked, markup)


def test_only_edited_leaves_are_read_again() -> None:
    rope = Rope.of("```\n" + "code\n" * 3000)
    assert line_markup(Manuscript("", 1, rope), 2999, 3000) == [Markup.CODE]
    edited = rope.replace(10, 10, "x")
    shared = [leaf for leaf in edited.leaves if leaf in rope.leaves]
    assert len(shared) == len(rope.leaves) - 1


@pytest.mark.parametrize(
    ("marked", "markup"),
    [
        ("\ufeff---\ntit$0le: x\n---\nProse", Markup.FRONT_MATTER),
        ("\ufeff---\ntitle: x\n---\nPro$0se", None),
        ("\ufeff# Head$0ing\n", Markup.HEADING),
        ("\ufeff```\nco$0de\n```\n", Markup.CODE),
        ("\ufeff<!-- a\n\nno$0te -->\n", Markup.COMMENT),
    ],
)
def test_a_byte_order_mark_hides_nothing(marked: str, markup: Markup | None) -> None:
    """In a story saved with a byte-order mark, ghost text went on with the front matter."""
    check_markup(marked, markup)
