from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.revision.proposal import Proposal
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span

#: The passage in capitals, so that its letters can be told from all others.
STORY, PASSAGE = "before THE PASSAGE after", Span(7, 18)

edits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8), st.text("xyz", max_size=4)), max_size=8)


def proposal(text: str = "new") -> Proposal:
    original = STORY[PASSAGE.start : PASSAGE.end]
    return Proposal(id="1", uri="u", span=PASSAGE, original=original, revision="noir", text=text)


def edited(start: int, removed: int, inserted: str, *more: tuple[int, int, str]) -> tuple[Proposal, str]:
    """The proposal and the story after some edits."""
    followed, text = proposal().sent(Rope.of(STORY)), STORY
    for at, length, new in ((start, removed, inserted), *more):
        first = min(at, len(text))
        last = min(first + length, len(text))
        text = text[:first] + new + text[last:]
        followed = followed.after(Edit(Span(first, last), len(new)))
    return followed, text


@given(edits)
def test_whatever_is_left_of_the_passage_stays_inside_and_the_rest_outside(
    changes: list[tuple[int, int, str]],
) -> None:
    followed, text = edited(0, 0, "", *changes)
    start, end = followed.span.start, followed.span.end
    assert 0 <= start <= end <= len(text)
    assert not any(letter.isupper() for letter in text[:start] + text[end:])
    assert not any(letter in "beforatx" for letter in text[start:end].replace("x", ""))


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ((0, 0, "xx"), "THE PASSAGE"),
        ((7, 0, "xx"), "THE PASSAGE"),
        ((18, 0, "xx"), "THE PASSAGE"),
        ((19, 5, ""), "THE PASSAGE"),
        ((10, 1, ""), "THEPASSAGE"),
        ((10, 1, "xx"), "THExxPASSAGE"),
        ((7, 11, "xx"), "xx"),
        ((4, 6, "xx"), " PASSAGE"),
        ((14, 9, "xx"), "THE PAS"),
        ((0, 24, "xx"), ""),
    ],
)
def test_what_the_span_holds_after_an_edit(change: tuple[int, int, str], left: str) -> None:
    followed, text = edited(*change)
    assert text[followed.span.start : followed.span.end] == left
    assert followed.fits(Rope.of(text)) == (left == "THE PASSAGE")


def test_a_passage_restored_letter_for_letter_fits_again() -> None:
    followed, text = edited(8, 1, "", (8, 0, "H"))
    assert text == STORY
    assert followed.fits(Rope.of(text))


@pytest.mark.parametrize(
    ("new", "change", "landed"),
    [
        ("NEW TEXT", (7, 11, "NEW TEXT"), True),
        ("THE OLD PASSAGE", (11, 0, "OLD "), True),
        ("THE PASSAGE. MORE", (18, 0, ". MORE"), True),
        ("OH, THE PASSAGE", (7, 0, "OH, "), True),
        ("PASSAGE", (7, 4, ""), True),
        ("NEW TEXT", (0, 18, "xx NEW TEXT"), True),
        ("NEW TEXT", (7, 18, "NEW TEXT xx"), True),
        ("NEW TEXT", (0, 0, "x"), False),
        ("PASSAGE", (0, 0, "x"), False),
        ("NEW TEXT", (10, 1, "x"), False),
        # The editor dropped the edit, and the writer went on.
        ("PASSAGE", (8, 1, "h"), False),
        ("PASSAGE", (0, 18, "xx THE PASSAGE"), False),
        ("after", (0, 0, "x"), False),
    ],
)
def test_the_rewrite_is_recognised_however_the_editor_reports_it(
    new: str, change: tuple[int, int, str], landed: bool
) -> None:
    followed, text = edited(*change)
    assert followed.come_to(followed.state, new).landed(Rope.of(text)) == landed


def test_an_edit_reported_in_pieces() -> None:
    followed, text = edited(0, 0, "xx", (9, 3, "NEW"), (13, 7, "TEXT"))
    assert text == "xxbefore NEW TEXT after"
    assert followed.come_to(followed.state, "NEW TEXT").landed(Rope.of(text))


def test_a_rewrite_that_was_never_sent_is_not_there_whatever_the_text_says() -> None:
    assert not proposal("PASSAGE").after(Edit(Span(0, 1), 1)).landed(Rope.of(STORY))
    assert not proposal("THE PASSAGE").landed(Rope.of(STORY))
