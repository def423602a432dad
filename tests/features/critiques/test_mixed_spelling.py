import pytest

from lsp_writer.features.critiques.mixed_spelling import mixed_spelling
from tests.features.critiques.marked_rule import check_story_rule

BRITISH = "The harbour was grey. Its colour was that of mould, and the neighbours walked towards the centre.\n\n"
AMERICAN = "The harbor was gray. Its color was that of mold, and the neighbors walked toward the center.\n\n"


@pytest.mark.parametrize(
    "text",
    [
        BRITISH + "“What is its ⟦color⟧?” she asked.",
        BRITISH + "It lay ⟦toward⟧ the sea, ⟦gray⟧ and dull.",
        AMERICAN + "It had no ⟦colour⟧.",
        "---\nspelling: british\n---\n\nIt had no ⟦color⟧.",
    ],
)
def test_fires(text: str) -> None:
    check_story_rule(mixed_spelling, text)


def test_the_other_spelling_is_the_fix() -> None:
    (finding,) = check_story_rule(mixed_spelling, BRITISH + "It had no ⟦color⟧.")
    assert finding.fixes == ("colour",)


@pytest.mark.parametrize(
    "text",
    [
        BRITISH,
        AMERICAN,
        # Neither is kept, or too little tells.
        BRITISH + AMERICAN,
        "It had no color and no flavour.",
        # Both write these; what the story always does is its own.
        BRITISH.replace("towards", "into").replace("grey", "dull") + "It lay toward the gray sea, and she realized it.",
        # “Colour” was taken for a slip in a story that was American by three “toward”.
        "She went toward the house. He came toward her. They looked toward the sea, which had no colour.",
        BRITISH + "It was his judgment. Her judgment was another. No judgment came.",
        # Names.
        BRITISH + "He sailed to Pearl Harbor.",
    ],
)
def test_stays_silent(text: str) -> None:
    check_story_rule(mixed_spelling, text)
