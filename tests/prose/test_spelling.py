"""British and American spelling: `british | american`, the same text in both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.prose.spelling import Variety, _table, respelled, variety_of

BOTH_WAYS = sorted(_table().british.items())
WORDS = sorted({*_table().american, *_table().british})


def check_both(pair: str) -> None:
    british, american = (text.strip() for text in pair.split("|"))
    assert respelled(british, "american") == american
    assert respelled(american, "british") == british


def check_unchanged(text: str) -> None:
    assert respelled(text, "british") == text
    assert respelled(text, "american") == text


@pytest.mark.parametrize(
    "pair",
    [
        "the grey colour of dishwater | the gray color of dishwater",
        "Colour came back. GREY! | Color came back. GRAY!",
        "She travelled; the traveller’s cosy theatre. | She traveled; the traveler’s cozy theater.",
        "a grey-green plough, well-organised | a gray-green plow, well-organized",
        "He realised it; the organisation apologised. | He realized it; the organization apologized.",
        "neighbourly, favourite, honourable, humourless | neighborly, favorite, honorable, humorless",
        "She practised in the centre, without defence. | She practiced in the center, without defense.",
        "“It’s grey,” ‘said’ *the neighbour*. | “It’s gray,” ‘said’ *the neighbor*.",
        "She asked Mum, and her mum’s sister. | She asked Mom, and her mom’s sister.",
        "Mr. Gray paid for the grey coat. | Mr. Gray paid for the gray coat.",
        "Grey _grey_ light. | Gray _gray_ light.",
    ],
)
def test_the_same_text_in_both(pair: str) -> None:
    check_both(pair)


@pytest.mark.parametrize(
    "text",
    [
        "Gray laughed. She looked at Gray, and at the Harbor Hotel.",
        "It was in Grey’s room, by the Centre Bridge.",
        "humorous, vigorous, honorary, laborious, a humorist, glamour",
        "a surprise, to advise, exercise, a promise, otherwise, the size of a prize",
        "The harbourmaster's analyses; controlled, compelled, rebelling, rolled, filler",
        "`colour gray` and [here](http://example.org/colour/gray)",
        "Keep mum. Mum’s the word.",
        "meter, check, story, tire, license, practice, program, curb, draft",
        "naïvecolour colour2 _colour2_",
        "",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    check_unchanged(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gray shook his head at the color.", "Gray shook his head at the colour."),
        ("Gray’s coat was gray.", "Gray’s coat was grey."),
        ("Gray nodded. “Gray, who is it?”", "Gray nodded. “Gray, who is it?”"),
        ("Gray light lay on the harbor.", "Grey light lay on the harbour."),
        ("GRAY SKIES, and Color came.", "GREY SKIES, and Color came."),
    ],
)
def test_a_name_known_from_around_stays(text: str, expected: str) -> None:
    """Gray became Grey wherever he opened a sentence, since none there had him inside."""
    assert respelled(text, "british", names=frozenset({"Gray"})) == expected


def test_what_americans_spell_as_another_word_is_made_american_only() -> None:
    assert respelled("a cheque, two metres, the second storey", "american") == "a check, two meters, the second story"


@pytest.mark.parametrize(
    ("text", "variety"),
    [
        ("the grey harbour", "british"),
        ("the gray harbor", "american"),
        ("a cheque for the tyre", "british"),
        ("she realised it", "british"),
        ("she realized it", "american"),
        # A z is at home in Oxford, too.
        ("she realized the colour, organized and civilized", "british"),
        ("the grey harbor", None),
        ("the sea", None),
        ("keep mum", None),
    ],
)
def test_variety(text: str, variety: str | None) -> None:
    assert variety_of(text) == variety


@given(st.lists(st.sampled_from(WORDS) | st.sampled_from(["Sea", "the", "“", ". ", "\n"]), max_size=8))
def test_respelling_twice_is_respelling_once(words: list[str]) -> None:
    text = " ".join(words)
    varieties: tuple[Variety, ...] = ("british", "american")
    for variety in varieties:
        once = respelled(text, variety)
        assert respelled(once, variety) == once


def test_every_word_comes_back() -> None:
    british = " ".join(word for _, word in BOTH_WAYS)
    assert respelled(british, "american") == " ".join(word for word, _ in BOTH_WAYS)
    assert respelled(respelled(british, "american"), "british") == british


def test_no_spelling_belongs_to_two_words() -> None:
    table = _table()
    assert all(table.american[british] == american for american, british in table.british.items())
    assert table.american.keys().isdisjoint(table.british)
