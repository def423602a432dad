import pytest

from lsp_writer.features.critiques.numeral import numerals
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "He had done it for ⟦19⟧ years.",
        "It stood there ⟦41⟧ times.",
        "The ice broke into ⟦4⟧ great plates.",
        "“It is kept by ⟦2⟧ hands,” he said.",
        "He was ⟦19⟧. She was aged ⟦30⟧, or so she said.",
        "⟦100⟧ men stood at the gate.",
        # Silent: times, dates, years, measures, money, names of things, scores, codes.
        "At 6 he rose, and at 5:15 he left, until 7 in the evening.",
        "On 4 July, or on July 5, in 1914 or the year ’87.",
        "It weighed 20 kg and cost £5, or 30 pounds, or 4 per cent.",
        "He lived in room 12 and was on page 4 of it.",
        "He lived at 221B, or at 17 King Edward Street.",
        "They won by 4–2, and then 4-2, and the road was the A1 north.",
        "Apollo 13 landed.",
        "It was 2.",
        "It was 150 miles or 1,000 miles away.",
        # A table, a log.
        "3 eggs, 2 spoons, 4 cups, 1 pot",
    ],
)
def test_numerals(text: str) -> None:
    check_rule(numerals, text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("He had ⟦19⟧ sons.", "nineteen"),
        ("He had ⟦41⟧ sons.", "forty-one"),
        ("⟦20⟧ sons had he.", "Twenty"),
        ("He had ⟦100⟧ sons.", "a hundred"),
    ],
)
def test_a_numeral_has_its_word(text: str, word: str) -> None:
    (finding,) = check_rule(numerals, text)
    assert finding.fixes == (word,)


@pytest.mark.parametrize("text", ["He left. ⟦12⟧ men came.", "“Go!” ⟦12⟧ men came.", "He said, “⟦12⟧ men came.”"])
def test_a_sentence_begins_large(text: str) -> None:
    """“He left. 12 men came.” became “He left. twelve men came.”"""
    (finding,) = check_rule(numerals, text)
    assert finding.fixes == ("Twelve",)
