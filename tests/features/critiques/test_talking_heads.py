"""Speeches with nothing seen or done between them."""

import pytest

from lsp_writer.features.critiques.talking_heads import talking_heads
from tests.features.critiques.marked_rule import check_story_rule
from tests.features.critiques.speech_cases import not_bare, told

TEN = (
    "“Why did you say that?”",
    "“I don’t know what it was.”",
    "“You never say what isn’t so.”",
    "“I said it once before.”",
    "“So tell me now.”",
    "“Is it because of her?”",
    "“I suppose it must be.”",
    "“You know it is.”",
    "“The river will be up.”",
    "“Then we shall walk.”",
)


@pytest.mark.parametrize(
    "text",
    [
        told("He came in.", "⟦" + TEN[0], *TEN[1:9], TEN[9] + "⟧", "They went."),
        # A tag breaks no run.
        told("⟦" + TEN[0], "“Yes,” said the boy.", *TEN[1:9], TEN[9] + "⟧"),
        # Straight marks, and other languages'.
        told("⟦" + TEN[0], *TEN[1:9], TEN[9] + "⟧").translate(str.maketrans("“”’", '""\'')),
        told("⟦" + TEN[0], *TEN[1:9], TEN[9] + "⟧").translate(str.maketrans("“”", "«»")),
        # Silent.
        *not_bare(TEN),
        # A quarrel that throws back its words, and people who cut each other short.
        told(*TEN[:8], "“You are.”", "“I ain’t.”", "“You are.”"),
        told(*TEN[:8], "“I can lick you.”", "“No, you can’t.”", "“Yes, I can lick you.”"),
        told(*TEN[:6], "“If I—”", "“No—”", "“But she—”", "“Never—”"),
        # Words that are thrown like stones.
        told(*TEN[:7], "“None.”", "“My own seal.”", "“Imitated.”", "“Bought, then.”"),
    ],
)
def test_talking_heads(text: str) -> None:
    check_story_rule(talking_heads, text)
