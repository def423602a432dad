import pytest

from lsp_writer.features.critiques.misspelling import LIST, misspellings
from lsp_writer.features.critiques.phrases import shipped
from lsp_writer.prose.words import words_of
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("She had ⟦recieved⟧ nothing.", "received"),
        ("⟦Untill⟧ then she waited.", "Until"),
        ("“It was ⟦definately⟧ not heavy,” said Jory.", "definitely"),
        ("He had ⟦alot⟧ of time.", "a lot"),
    ],
)
def test_misspellings(text: str, right: str) -> None:
    (finding,) = check_rule(misspellings, text)
    assert finding.fixes == (right,)


def test_no_misspellings() -> None:
    check_rule(misspellings, "“Agin the law, he wuz,” said Jory, and RECIEVED was on the wall.")


def test_a_misspelling_is_in_no_dictionary_and_its_spelling_is() -> None:
    from simplemma import is_known

    pairs = [line.split() for line in shipped(LIST)]
    assert [wrong for wrong, _ in pairs if len(words_of(wrong)) != 1] == []
    assert [right for _, right in pairs if not all(is_known(word, "en") for word in right.split("|"))] == []
    assert len({wrong for wrong, _ in pairs}) == len(pairs)
