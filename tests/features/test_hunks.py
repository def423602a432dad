"""A rewrite in parts: whichever of them the writer takes, the rest of the text is theirs, to the letter."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.revision.hunks import applied, hunks_of

SENTENCES = (
    "Mara opened the letter.",
    "She read the letter twice!",
    "“No,” she said.",
    "The rain went on.",
    "她打开了信。",
    "It was **late**, and the 3rd lamp was out;",
    "Dr. Hale didn't wait…",
    "🙂",
)
pieces = st.tuples(st.sampled_from(SENTENCES), st.sampled_from((" ", "", "\n", "\n\n", "\r\n\r\n", "  ")))
made = st.lists(pieces, max_size=8).map(lambda parts: "".join(a + b for a, b in parts))
texts = st.one_of(made, st.text(max_size=60))


@given(texts, texts, st.sets(st.integers(0, 20)))
def test_any_choice_of_hunks_is_the_mixture(old: str, new: str, chosen: set[int]) -> None:
    hunks = hunks_of(old, new)
    assert applied(old, hunks, range(len(hunks))) == new
    assert applied(old, hunks, ()) == old
    mixture, end = "", 0
    for number, hunk in enumerate(hunks):
        mixture += old[end : hunk.span.start]
        mixture += hunk.new if number in chosen else old[hunk.span.start : hunk.span.end]
        end = hunk.span.end
    assert applied(old, hunks, chosen) == mixture + old[end:]


@given(texts, texts)
def test_hunks_stand_in_order_and_their_words_are_both_texts(old: str, new: str) -> None:
    hunks = hunks_of(old, new)
    assert all(one.span.end <= other.span.start for one, other in pairwise(hunks))
    for hunk in hunks:
        assert "".join(text for op, text in hunk.words if op != "add") == old[hunk.span.start : hunk.span.end]
        assert "".join(text for op, text in hunk.words if op != "cut") == hunk.new
        assert all(text for _, text in hunk.words)


@given(texts)
def test_what_is_the_same_has_no_hunks(text: str) -> None:
    assert hunks_of(text, text) == ()


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        pytest.param(
            "Mara opened the letter. The rain went on.",
            "Mara tore the letter open. The rain went on.",
            [("Mara opened the letter.", "Mara tore the letter open.")],
            id="one sentence told anew",
        ),
        pytest.param(
            "Mara came in. The rain went on.",
            "Mara came in. A dog barked. The rain went on.",
            [("", " A dog barked.")],
            id="a sentence put between two",
        ),
        pytest.param(
            "Mara came in. The rain went on.",
            "A dog barked. Mara came in. The rain went on.",
            [("", "A dog barked. ")],
            id="a sentence put before the first",
        ),
        pytest.param(
            "Mara came in.",
            "Mara came in.\n\nThe rain went on. A dog barked.",
            [("", "\n\nThe rain went on. A dog barked.")],
            id="a paragraph put at the end",
        ),
        pytest.param(
            "Mara came in. A dog barked. The rain went on.",
            "Mara came in. The rain went on.",
            [(" A dog barked.", "")],
            id="a sentence cut",
        ),
        pytest.param(
            "Mara came in. A dog barked. The rain went on.",
            "Mara came in. Nobody answered him at the gate. The rain went on.",
            [(" A dog barked.", " Nobody answered him at the gate.")],
            id="unlike neighbours",
        ),
        pytest.param(
            "Mara came in from the rain. She read the letter twice.",
            "Mara came in out of the rain. She read the old letter once.",
            [
                ("Mara came in from the rain.", "Mara came in out of the rain."),
                ("She read the letter twice.", "She read the old letter once."),
            ],
            id="two told anew",
        ),
        pytest.param("", "A dog barked.", [("", "A dog barked.")], id="an insertion"),
        pytest.param("One. Two.", "One.\n\nTwo.", [(" ", "\n\n")], id="a new paragraph"),
    ],
)
def test_what_is_one_change(old: str, new: str, changes: list[tuple[str, str]]) -> None:
    found = [(old[hunk.span.start : hunk.span.end], hunk.new) for hunk in hunks_of(old, new)]
    assert found == changes


def test_the_words_of_a_change() -> None:
    (hunk,) = hunks_of("She read the letter twice.", "She read the old letter once.")
    assert hunk.words == (
        ("keep", "She read the"),
        ("add", " old"),
        ("keep", " letter"),
        ("cut", " twice"),
        ("add", " once"),
        ("keep", "."),
    )


def test_a_scene_told_anew_keeps_its_sentences_apart() -> None:
    """Every sentence is found in its new words, so that each can be chosen alone, however far down it stands."""
    old = " ".join(f"On day {number} the boat number {number} went out to sea again." for number in range(400))
    new = " ".join(f"On day {number} boat number {number} put out to sea once again." for number in range(400))
    assert len(hunks_of(old, new)) == 400
