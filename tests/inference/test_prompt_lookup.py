"""Drafts from a text of letters: each is a token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.inference.prompt_lookup import PromptLookup


def lookup_in(prompt: str, said: str, most: int = 15) -> PromptLookup:
    lookup = PromptLookup(map(ord, prompt), most)
    for letter in said:
        lookup.feed(ord(letter))
    return lookup


def drafted(lookup: PromptLookup, room: int = 99) -> str:
    return "".join(map(chr, lookup.propose(room)))


@pytest.mark.parametrize(
    ("prompt", "said", "expected"),
    [
        ("abcdefgh|", "ab", "cdefgh|ab"),
        ("abc1 abd2|", "abd", "2|abd"),
        ("ab1 ab2 ab3|", "ab", "3|ab"),
        ("abcdef|", "a", ""),
        ("abcdef|", "xyz", ""),
        ("", "ababab", "ab"),
    ],
    ids=[
        "what followed",
        "the longer match",
        "the last place",
        "one token is chance",
        "nothing like it",
        "what was said",
    ],
)
def test_what_followed_the_end_of_the_text_before_is_proposed(prompt: str, said: str, expected: str) -> None:
    assert drafted(lookup_in(prompt, said)) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [("abcdeXg", "hijk"), ("abcdeg", "hijk"), ("abcdeXf", "ghij"), ("abcdeXYh", "ijkl")],
    ids=["changed", "left out", "put in", "two changed"],
)
def test_behind_a_changed_token_the_passage_is_followed_further(said: str, expected: str) -> None:
    lookup = lookup_in("abcdefghijklmnop|", "abc")
    for letter in said[3:]:
        lookup.propose(99)
        lookup.feed(ord(letter))
    assert drafted(lookup) == expected


def test_the_way_is_kept_where_the_passage_says_the_same_twice() -> None:
    lookup = lookup_in("xyab1..ab2..|", "xy")
    for letter in "ab":
        lookup.propose(99)
        lookup.feed(ord(letter))
    assert drafted(lookup) == "1..ab2..|xyab"


def test_a_text_that_goes_another_way_is_not_followed_for_ever() -> None:
    lookup = lookup_in("abcdefghijklmnop|", "abc")
    for letter in "UVWXYZ":
        lookup.propose(99)
        lookup.feed(ord(letter))
    assert drafted(lookup) == ""


def test_a_draft_shrinks_when_it_is_refused_and_grows_while_it_is_accepted() -> None:
    lookup = lookup_in("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ|", "abc")
    lengths = []
    for said in ("d*", "f", "ghijk", "lmnopqrstuvwxyz", "0"):
        lengths.append(len(lookup.propose(99)))
        for letter in said:
            lookup.feed(ord(letter))
    assert lengths == [15, 0, 4, 14, 15]


def test_there_is_never_more_than_there_is_room_for() -> None:
    assert drafted(lookup_in("abcdefgh|", "ab", most=3)) == "cde"
    assert drafted(lookup_in("abcdefgh|", "ab"), room=2) == "cd"
    assert drafted(lookup_in("abcdefgh|", "ab"), room=0) == ""
    assert drafted(lookup_in("abcdefgh|", "ab", most=0)) == ""


@given(prompt=st.text("abc", max_size=30), said=st.text("abc", max_size=30), rooms=st.lists(st.integers(0, 20)))
def test_whatever_comes_it_proposes_tokens_of_the_text(prompt: str, said: str, rooms: list[int]) -> None:
    lookup = PromptLookup(map(ord, prompt), 15)
    text = prompt
    for letter, room in zip(said, rooms, strict=False):
        draft = drafted(lookup, room)
        assert len(draft) <= min(room, 15)
        assert draft in text
        lookup.feed(ord(letter))
        text += letter
    assert lookup.accepted <= lookup.drafted
