"""Speeches of which a reader loses count."""

import pytest

from lsp_writer.features.critiques.unattributed import unattributed
from tests.features.critiques.marked_rule import check_story_rule
from tests.features.critiques.speech_cases import not_bare, told

SIX = (
    "“How much is a feather?”",
    "“I never asked.”",
    "“Somebody must know.”",
    "“Nobody ever needed to.”",
    "“The goose did.”",
    "“The goose was not consulted.”",
)


@pytest.mark.parametrize(
    "text",
    [
        told("“By a feather,” said the boy.", *SIX[:5], f"⟦{SIX[5]}⟧", "They laughed."),
        told(*SIX[:5], f"⟦{SIX[5]}⟧", "“I thought as much.”"),
        told(*SIX[:5], f"⟦{SIX[5]}⟧").translate(str.maketrans("“”", '""')),
        # Silent.
        *not_bare(SIX),
        told(*SIX[:4], "“The goose did,” he said.", SIX[5]),
        # Somebody is addressed or names himself.
        told(*SIX[:4], "“The goose did, Marten.”", SIX[5]),
        told(*SIX[:4], "“Marten, the goose did.”", SIX[5]),
        told(*SIX[:4], "“The goose did, sir!”", SIX[5]),
        told(*SIX[:4], "“I’m Jory.”", SIX[5]),
        # One gives orders.
        told(SIX[0], "“You must leave that to me.”", *SIX[2:5], "“You are to watch me.”"),
        # One asks and the other answers.
        told(*SIX[:4], "“Did the goose?”", SIX[5]),
        # Talking heads, which say so themselves.
        told(*SIX, "“Yet it is hers.”", "“It was hers.”", "“It is now mine.”", "“So you say.”"),
    ],
)
def test_unattributed(text: str) -> None:
    check_story_rule(unattributed, text)
