"""The inline Markdown of a paragraph."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lsp_writer.prose.marks import marks_in

MARKDOWN = st.text(alphabet="ab *_~`[]()!^<>:é🙂\ud800\n", max_size=60)


def check_marks(paragraph: str, *expected: str) -> None:
    """Each mark as `kind|what stands there|what is read|target`, the last two where they are not empty."""
    found = [
        "|".join((mark.kind, paragraph[mark.span.start : mark.span.end], mark.text, mark.target)).rstrip("|")
        for mark in marks_in(paragraph)
    ]
    assert found == list(expected)


@pytest.mark.parametrize(
    ("paragraph", "marks"),
    [
        ("Nothing marked here.", []),
        ("She *did* say _so_.", ["emphasis|*did*|did", "emphasis|_so_|so"]),
        ("é🙂走 **no** ~~never~~", ["strong|**no**|no", "strikethrough|~~never~~|never"]),
        ("*said **no** twice*", ["emphasis|*said **no** twice*|said no twice", "strong|**no**|no"]),
        ("***both***", ["emphasis|***both***|both", "strong|**both**|both"]),
        ("*over two\nlines*", ["emphasis|*over two\nlines*|over two lines"]),
        ('See [the *tide*](http://x.y "t").',
         ['link|[the *tide*](http://x.y "t")|the tide|http://x.y', "emphasis|*tide*|tide"]),
        ("![a map](map.png)", ["image|![a map](map.png)|a map|map.png"]),
        ("[[Ruth|her]] and [[Ruth]]", ["link|[[Ruth|her]]|her|Ruth", "link|[[Ruth]]|Ruth|Ruth"]),
        ("<https://example.org>", ["link|<https://example.org>|https://example.org|https://example.org"]),
        ("by [reference][tides]", ["link|[reference][tides]|reference|tides"]),
        ("or [tides][]", ["link|[tides][]|tides|tides"]),
        ("A note.[^1] Another[^two].", ["footnote|[^1]||1", "footnote|[^two]||two"]),
        ("[^1]: The note *itself*.", ["footnote|[^1]:||1", "emphasis|*itself*|itself"]),
        ("the `co*d*e [a][b]` span", ["code|`co*d*e [a][b]`|co*d*e [a][b]"]),
        ("a<br>b <!-- no --> <b>c</b>", ["html|<br>", "html|<!-- no -->", "html|<b>", "html|</b>"]),
        ("    An indented *paragraph*.", ["emphasis|*paragraph*|paragraph"]),
        ("2 * 3 * 4, snake_case_word, *open, \\*escaped\\*, [bare]", []),
        ("\ud800 *a*", ["emphasis|*a*|a"]),
    ],
)  # fmt: skip
def test_marks(paragraph: str, marks: list[str]) -> None:
    check_marks(paragraph, *marks)


@given(MARKDOWN)
@example("[^a]: *b\n\n[^a]:\n\n    *c*")
@example("![[a](b)](c)")
def test_marks_are_in_order_and_inside_the_paragraph(paragraph: str) -> None:
    marks = marks_in(paragraph)
    assert all(0 <= mark.span.start < mark.span.end <= len(paragraph) for mark in marks)
    assert all(first.span.start <= second.span.start for first, second in pairwise(marks))
