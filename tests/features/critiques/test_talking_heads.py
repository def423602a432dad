"""Speeches with nothing seen or done between them."""

import pytest

from lsp_writer.features.critiques.talking_heads import talking_heads
from tests.features.critiques.marked_rule import check_story_rule

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


def _told(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    "text",
    [
        _told("He came in.", "⟦" + TEN[0], *TEN[1:9], TEN[9] + "⟧", "They went."),
        # A tag breaks no run.
        _told("⟦" + TEN[0], "“Yes,” said the boy.", *TEN[1:9], TEN[9] + "⟧"),
        # Straight marks, and other languages'.
        _told("⟦" + TEN[0], *TEN[1:9], TEN[9] + "⟧").translate(str.maketrans("“”’", '""\'')),
        _told("⟦" + TEN[0], *TEN[1:9], TEN[9] + "⟧").translate(str.maketrans("“”", "«»")),
        # Silent: too few, something done, another scene.
        _told(*TEN[:9]),
        _told(*TEN[:5], "“Yes.” He put the lamp on the sill.", *TEN[5:]),
        _told(*TEN[:5], "The lamp went out.", *TEN[5:]),
        _told(*TEN[:5], "***", *TEN[5:]),
        # A long speech holds the floor.
        _told(*TEN[:5], "“" + "It was a long way from there to the sea. " * 6 + "”", *TEN[5:]),
        # One questions the other.
        _told(*("“And what did you see?”", "“I saw a different thing then.”") * 5),
        # A quarrel that throws back its words, and people who cut each other short.
        _told(*TEN[:8], "“You are.”", "“I ain’t.”", "“You are.”"),
        _told(*TEN[:8], "“I can lick you.”", "“No, you can’t.”", "“Yes, I can lick you.”"),
        # Words that are thrown like stones.
        _told(*TEN[:7], "“None.”", "“My own seal.”", "“Imitated.”", "“Bought, then.”"),
        _told(*TEN[:6], "“If I—”", "“No—”", "“But she—”", "“Never—”"),
        # A play, a chat log, a letter, a poem that is quoted.
        _told(*(f"MARTEN. {speech[1:-1]}" for speech in TEN)),
        _told(*(f"<{name}> {speech[1:-1]}" for speech in TEN for name in ("ann", "bo"))),
        _told(*(speech.replace("”", "") for speech in TEN[:9]), TEN[9]),
        _told(*(f"“‘{speech[1:-1]}’”" for speech in TEN)),
        # A dash does not tell the tag from the speech.
        _told(*(f"— {speech[1:-1]}" for speech in TEN)),
    ],
)
def test_talking_heads(text: str) -> None:
    check_story_rule(talking_heads, text)
