"""Speeches of which a reader loses count."""

import pytest

from lsp_writer.features.critiques.unattributed import unattributed
from tests.features.critiques.marked_rule import check_story_rule

SIX = (
    "“How much is a feather?”",
    "“I never asked.”",
    "“Somebody must know.”",
    "“Nobody ever needed to.”",
    "“The goose did.”",
    "“The goose was not consulted.”",
)


def _told(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    "text",
    [
        _told("“By a feather,” said the boy.", *SIX[:5], f"⟦{SIX[5]}⟧", "They laughed."),
        _told(*SIX[:5], f"⟦{SIX[5]}⟧", "“I thought as much.”"),
        _told(*SIX[:5], f"⟦{SIX[5]}⟧").translate(str.maketrans("“”", '""')),
        # Silent: too few, a tag, something done.
        _told(*SIX[:5]),
        _told(*SIX[:4], "“The goose did,” he said.", SIX[5]),
        _told(*SIX[:4], "He looked up.", *SIX[4:]),
        # Somebody is addressed or names himself.
        _told(*SIX[:4], "“The goose did, Marten.”", SIX[5]),
        _told(*SIX[:4], "“Marten, the goose did.”", SIX[5]),
        _told(*SIX[:4], "“The goose did, sir!”", SIX[5]),
        _told(*SIX[:4], "“I’m Jory.”", SIX[5]),
        # One gives orders.
        _told(SIX[0], "“You must leave that to me.”", *SIX[2:5], "“You are to watch me.”"),
        # One asks and the other answers.
        _told(*SIX[:4], "“Did the goose?”", SIX[5]),
        # Talking heads, which say so themselves.
        _told(*SIX, "“Yet it is hers.”", "“It was hers.”", "“It is now mine.”", "“So you say.”"),
    ],
)
def test_unattributed(text: str) -> None:
    check_story_rule(unattributed, text)
