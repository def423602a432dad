from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.commission import Alternative, Commission
from lsp_writer.features.revision.entry import Entry
from lsp_writer.features.revision.proposal import Proposal, ProposalState
from lsp_writer.features.revision.target import Target
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span

#: The passage in capitals, so that its letters can be told from all others.
STORY, PASSAGE = "before THE PASSAGE after", Span(7, 18)

ENTRY = Entry(title="Noir", instructions={"en": "Make it noir."}, id="noir")
INSERT = Entry(title="A beat", does="insert", instructions={"en": "What next?"}, id="beat")
CARET = Entry(title="Go on", takes="caret", does="insert", instructions={"en": "Go on."}, id="continue")
COMMISSION = Commission(entry=ENTRY, seed=3, alternatives=2)

Followed = tuple[Proposal, str]

edits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8), st.text("xyz", max_size=4)), max_size=8)


def proposal(new: str = "new") -> Proposal:
    """One that puts `new` in the place of the passage."""
    begun = Proposal.of(manuscript(STORY), Target(PASSAGE, PASSAGE), COMMISSION, "1")
    return begun.with_alternatives((Alternative(text=new, seed=4),)).come_to(ProposalState.READY)


def inserted(at: Span = PASSAGE) -> Proposal:
    """One that is put right behind the passage, or at the caret if that is empty."""
    entry = INSERT if at else CARET
    commission = Commission(entry=entry)
    return Proposal.of(manuscript(STORY), Target(at, Span(at.end, at.end)), commission, "2")


def manuscript(text: str) -> Manuscript:
    return Manuscript(uri="u", version=1, text=Rope.of(text))


def edited(start: int, removed: int, inserted: str, *more: tuple[int, int, str], new: str = "new") -> Followed:
    """The proposal, once it was sent, and the story after some edits."""
    return after(proposal(new).sending(Rope.of(STORY), new), (start, removed, inserted), *more)


def after(followed: Proposal, *changes: tuple[int, int, str]) -> Followed:
    text = STORY
    for at, length, new in changes:
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
    start, end = followed.place.start, followed.place.end
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
    assert text[followed.place.start : followed.place.end] == left
    assert followed.fits(Rope.of(text)) == (left == "THE PASSAGE")


def test_a_passage_restored_letter_for_letter_fits_again() -> None:
    followed, text = edited(8, 1, "", (8, 0, "H"))
    assert text == STORY
    assert followed.fits(Rope.of(text))


@given(st.integers(0, 10), st.integers(1, 11), st.booleans(), st.booleans())
def test_a_passage_that_was_cut_and_came_back_fits_again(first: int, length: int, backwards: bool, whole: bool) -> None:
    """In Neovim, undoing the cut of a passage's first word did not bring its rewrite back, and “put it in all the same”
    wrote it behind a word that had been typed in the place of the first: “AnnaMara opened”."""
    start, end = 7 + first, min(7 + first + length, 18)
    letters = [(at if backwards else start, 1, "") for at in reversed(range(start, end))]
    back = [(at, 0, STORY[at]) for at in range(start, end)]
    changes = [(start, end - start, ""), (start, 0, STORY[start:end])] if whole else [*letters, *back]
    for followed, text in (after(proposal(), *changes), after(inserted(), *changes)):
        assert text == STORY
        assert followed.fits(Rope.of(text))


def test_what_is_written_before_a_passage_that_came_back_is_outside() -> None:
    followed, _ = after(proposal(), (7, 1, ""), (7, 1, ""), (7, 0, "T"), (8, 0, "H"))
    restored = followed.turned().turned()
    again, text = restored.after(Edit(Span(7, 7), 3)), STORY[:7] + "xx " + STORY[7:]
    assert again.fits(Rope.of(text))


def test_another_word_in_the_place_of_the_first_is_part_of_the_passage() -> None:
    followed, text = after(proposal(), (7, 3, ""), (7, 0, "xxxxx"))
    assert text[followed.place.start : followed.place.end] == "xxxxx PASSAGE"


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
    followed, text = edited(*change, new=new)
    assert followed.landed(Rope.of(text)) == landed


def test_an_edit_reported_in_pieces() -> None:
    followed, text = edited(0, 0, "xx", (9, 3, "NEW"), (13, 7, "TEXT"), new="NEW TEXT")
    assert text == "xxbefore NEW TEXT after"
    assert followed.landed(Rope.of(text))


def test_a_rewrite_that_was_never_sent_is_not_there_whatever_the_text_says() -> None:
    assert not proposal("PASSAGE").after(Edit(Span(0, 1), 1)).landed(Rope.of(STORY))
    assert not proposal("THE PASSAGE").landed(Rope.of(STORY))


def test_what_the_writer_took_of_it_is_whatever_has_changed_there() -> None:
    followed, text = edited(7, 3, "SOME")
    assert not followed.landed(Rope.of(text))
    assert msgspec.structs.replace(followed, taken=True).landed(Rope.of(text))
    elsewhere, text = edited(0, 0, "x")
    assert not msgspec.structs.replace(elsewhere, taken=True).landed(Rope.of(text))


@pytest.mark.parametrize(
    ("change", "place", "fits"),
    [
        pytest.param((0, 0, "xx"), 20, True, id="typing before it"),
        pytest.param((19, 2, ""), 18, True, id="a cut behind it"),
        pytest.param((10, 1, ""), 17, False, id="a cut in the passage"),
        pytest.param((18, 0, " And"), 22, False, id="the writer goes on where it would stand"),
        pytest.param((15, 6, ""), 15, False, id="its place is cut out"),
    ],
)
def test_the_place_of_an_insertion(change: tuple[int, int, str], place: int, fits: bool) -> None:
    followed, text = after(inserted(), change)
    assert followed.place == Span(place, place)
    assert followed.fits(Rope.of(text)) == fits


@pytest.mark.parametrize(
    ("change", "fits"), [((18, 0, " and"), False), ((10, 1, ""), False), ((20, 3, ""), True), ((0, 0, "x\n"), True)]
)
def test_what_is_written_at_the_caret_goes_on_from_the_same_line(change: tuple[int, int, str], fits: bool) -> None:
    followed, text = after(inserted(Span(18, 18)), change)
    assert followed.fits(Rope.of(text)) == fits
    assert followed.target == Target(followed.place, followed.place)


class TestPartsOfIt:
    def test_some_hunks(self) -> None:
        story = "One dog barked. Two cats slept."
        target = Target(Span(0, len(story)), Span(0, len(story)))
        begun = Proposal.of(manuscript(story), target, COMMISSION, "1")
        made = begun.with_alternatives((Alternative(text="One old dog barked. Two cats woke.", seed=0),))
        assert made.text_with(0, None) == "One old dog barked. Two cats woke."
        assert made.text_with(0, [1]) == "One dog barked. Two cats woke."

    @pytest.mark.parametrize(("alternative", "chosen"), [(1, None), (0, [1]), (0, [0, 99])])
    def test_what_is_not_there(self, alternative: int, chosen: list[int] | None) -> None:
        with pytest.raises(InvalidRequest, match="Choose"):
            proposal().text_with(alternative, chosen)

    def test_what_is_finished_and_the_rest_as_it_was(self) -> None:
        stopped = proposal().growing("NEW text and", "NEW", 3).stopped()
        assert stopped is not None
        assert stopped.state is ProposalState.STOPPED
        assert stopped.alternatives == (Alternative(text="NEW PASSAGE", seed=3),)

    @pytest.mark.parametrize(("part", "read"), [("", 0), ("THE", 3)])
    def test_nothing_is_finished(self, part: str, read: int) -> None:
        assert proposal().growing("THE NEW", part, read).stopped() is None


def test_the_next_seed_is_behind_those_of_every_attempt() -> None:
    """Trying again gave the candidates that had just been turned away: the next seed was that of the second one."""
    assert proposal().next_seed == 3 + 16


def test_of_no_changes_nothing_is_made() -> None:
    with pytest.raises(InvalidRequest, match="discard"):
        proposal().text_with(0, ())
