"""What became of a suggestion, told from the text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.acceptance import Acceptance
from lsp_writer.features.calibration import Evidence, Outcome
from lsp_writer.features.gate import new_words
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span

URI = "file:///story.md"


class Page:
    """A document with a caret, in which a suggestion is shown."""

    def __init__(self, marked: str) -> None:
        before, after = marked.split("$0")
        self.text, self.caret = before + after, len(before)
        self.acceptance = Acceptance()
        self.outcomes: list[Outcome] = []

    def show(self, text: str, half_word: str = "") -> Page:
        """`text` is offered in place of `half_word`, which stands before the caret."""
        words = tuple(Evidence(log_probability=-1.0) for _ in new_words(text, len(half_word)))
        self.acceptance.shown(URI, self.caret - len(half_word), text, len(half_word), words)
        return self

    def edit(self, start: int, end: int, new: str) -> Page:
        self.text = self.text[:start] + new + self.text[end:]
        self.caret = start + len(new)
        edit = Edit(Span(start, end), len(new))
        self.outcomes += self.acceptance.changed(URI, [edit], Rope.of(self.text))
        return self

    def write(self, new: str) -> Page:
        """Put `new` in at once, as an editor does that accepts ghost text, or a paste."""
        return self.edit(self.caret, self.caret, new)

    def type(self, keys: str) -> Page:
        """A key at a time; `<` deletes backwards."""
        for key in keys:
            self.edit(self.caret - 1, self.caret, "") if key == "<" else self.write(key)
        return self

    def close(self) -> Page:
        self.outcomes += self.acceptance.closed(URI, Rope.of(self.text))
        return self


def check(page: Page, *expected: tuple[int, bool]) -> None:
    """How many words were kept of each suggestion whose end is known, and whether the next one was refused."""
    assert [(outcome.kept, outcome.refused) for outcome in page.outcomes] == list(expected)


def house() -> Page:
    return Page("The old $0").show("house stood empty.")


def test_accepted_whole() -> None:
    check(house().write("house stood empty.").type(" N"), (3, False))


def test_accepted_by_the_word() -> None:
    check(house().write("house").write(" stood").type(" there "), (2, True))


def test_typed_through() -> None:
    check(house().type("house stood empty. "), (3, False))


def test_typed_through_in_part_and_then_otherwise() -> None:
    check(house().type("house fell "), (1, True))


def test_refused() -> None:
    check(house().type("barn "), (0, True))
    check(house().type("house-"), (1, True))
    check(house().type("houses "), (0, True))


def test_nothing_is_known_before_another_word_is_finished() -> None:
    check(house().type("bar"))
    check(house().type("hou"))
    check(house().write("house stood empty."))


def test_a_slip_of_the_finger_is_no_refusal() -> None:
    check(house().type("hi<ouse stood empty. "), (3, False))


def test_accepted_and_deleted_at_once() -> None:
    page = house().write("house stood empty.")
    check(page.edit(8, 26, "").type("barn "), (0, True))
    check(house().write("house stood empty.").type("<<<<<<<").close(), (2, True))


def test_accepted_undone_and_done_again() -> None:
    page = house().write("house stood empty.").edit(8, 26, "").edit(8, 8, "house stood empty.")
    check(page.type(" "), (3, False))


def test_shown_again_for_each_letter_it_counts_once() -> None:
    page = house().type("h").show("house stood empty.", "h").type("o").show("house stood empty.", "ho")
    check(page.write("use stood empty.").type(" "), (3, False))


def test_shown_again_behind_each_word_it_counts_once() -> None:
    page = house().write("house ").show("stood empty.").write("stood ").show("empty.").write("empty.")
    check(page.type(" "), (3, False))


def test_an_early_answer_that_grows_counts_once() -> None:
    page = Page("The old $0").show("house").show("house stood empty.").type("house stood ")
    check(page.type("alone "), (2, True))


def test_words_typed_before_it_could_be_shown_are_not_counted() -> None:
    page = Page("The old house $0")
    unlikely, likely = Evidence(log_probability=-3.0), Evidence(log_probability=-1.0)
    page.acceptance.shown(URI, page.caret, "stood empty.", 0, (unlikely, likely, likely))
    page.type("fell ")
    assert page.outcomes == [Outcome((likely, likely), kept=0, refused=True)]


def test_the_next_suggestion_is_another_one() -> None:
    page = house().write("house stood empty.").show(" Nobody went there.").type(" Who ")
    check(page, (3, False), (0, True))


def test_another_suggestion_at_the_same_place_is_judged_for_itself() -> None:
    page = house().type("b").show("barn stood empty.", "b").type("arn burnt ")
    check(page, (0, True), (1, True))


def test_a_half_typed_word() -> None:
    page = Page("The old ho$0").show("house stood", "ho")
    check(page.write("use").type(" was "), (1, True))
    check(Page("The old ho$0").show("house stood", "ho").type("rse "), (0, True))
    check(Page("The old ho$0").show("house stood", "ho").type("<<barn "), (0, True))


def test_an_editor_that_replaces_the_half_typed_word() -> None:
    page = Page("The old ho$0").show("house stood", "ho").edit(8, 10, "house stood")
    check(page.type(" "), (2, False))


def test_a_half_typed_word_that_is_a_whole_one() -> None:
    check(Page("The old house$0").show("house stood", "house").write(" stood").type(" "), (1, False))


def test_edits_above_move_it_along() -> None:
    page = house().write("house").edit(0, 3, "This").edit(0, 0, "Once.\n\n")
    check(page.edit(21, 21, " stood").type(" there "), (2, True))


def test_edits_below_do_not_concern_it() -> None:
    page = Page("The old $0\n\nHe left.").show("house stood empty.")
    check(page.edit(11, 11, "Then "))
    check(page.edit(8, 8, "house stood empty.").type(" "), (3, False))


def test_who_stops_and_goes_elsewhere_has_refused_nothing() -> None:
    check(house().write("house").edit(0, 0, "Once. ").close(), (1, False))
    check(house().edit(0, 0, "Once. ").close())
    check(house().close())


def test_closed_on_the_way() -> None:
    check(house().type("bar").close(), (0, True))
    check(house().type("house sto").close(), (1, False))
    check(house().write("house stood empty.").close(), (3, False))


def test_a_text_replaced_all_over_tells_nothing() -> None:
    check(house().edit(0, 8, "Another story.").close())
    check(house().write("house").edit(0, 13, "Another story.").close())


def test_a_pasted_book() -> None:
    check(house().write("word " * 200_000), (0, True))


def test_line_breaks_of_windows() -> None:
    page = Page("He left.$0").show("\n\nThe house").write("\r\n\r\nThe house")
    check(page.type(" "), (2, False))


def test_chinese() -> None:
    check(Page("他住在$0").show("房子里").type("房屋。"), (1, True))
    check(Page("他住在$0").show("房子里").write("房子里").type("。"), (3, False))


def test_the_oldest_is_given_up_when_many_are_open() -> None:
    page = Page("The $0")
    page.show("old house").write("old")
    for _ in range(10):
        page.write("\n\nThe ").show("young moon")
    assert (page.outcomes[0].kept, page.outcomes[0].refused) == (1, True)
    assert len(page.acceptance._pending[URI]) <= 9


@pytest.mark.parametrize("typed", ["", "h", "house", "house stood"])
def test_documents_do_not_mix(typed: str) -> None:
    page = house().type(typed)
    assert page.acceptance.changed("file:///other.md", [Edit(Span(0, 8), 9)], Rope.of("another x")) == []


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("edit"),
            st.integers(0, 60),
            st.integers(0, 20),
            st.sampled_from(["", "h", "house", " ", "😀", "\r\n", "x y"]),
        ),
        st.tuples(
            st.just("show"),
            st.integers(0, 4),
            st.integers(0, 0),
            st.sampled_from(["house stood", "house", "\n\nThe", "房子", "."]),
        ),
    ),
    max_size=30,
)


@given(steps)
def test_whatever_happens_no_more_is_kept_than_was_shown(history: list[tuple[str, int, int, str]]) -> None:
    page = Page("The old $0\r\n\r\nhouse stood.")
    shown = 0
    for what, at, removed, text in history:
        if what == "edit":
            start = min(at, len(page.text))
            page.edit(start, min(start + removed, len(page.text)), text)
        else:
            shown += 1
            page.show(text, text[:at] if page.text[: page.caret].endswith(text[:at]) else "")
    page.close()
    assert len(page.outcomes) <= shown
    assert all(0 <= outcome.kept <= len(outcome.words) for outcome in page.outcomes)
    assert not any(outcome.refused and outcome.kept == len(outcome.words) for outcome in page.outcomes)


@given(st.integers(0, 18), st.lists(st.tuples(st.integers(0, 7), st.text("xyz\n", max_size=3)), max_size=5))
def test_typing_it_and_accepting_it_are_the_same_wherever_else_is_written(
    letters: int, above: list[tuple[int, str]]
) -> None:
    text = "house stood empty."
    page = house().type(text[:letters])
    end = page.caret
    for at, new in above:
        page.edit(at, at, new)
        end += len(new)
    page.edit(end, end, text[letters:])
    page.type(" ")
    check(page, (3, False))
