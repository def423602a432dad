import pytest

from lsp_writer.features.critiques.monotone import monotone
from tests.features.critiques.marked_rule import check_rule

FIVE = (
    "The shirt was still damp from the night. The coat was the one the clerk had worn. The key was on the nail beside"
    " the clock. The stairs were wet from the snow outside. The door was open and let in the light."
)
SIXTH = "The street was full of the noise of water."


def test_fires() -> None:
    check_rule(monotone, f"⟦{FIVE} {SIXTH}⟧")
    check_rule(monotone, f"It thawed. ⟦{FIVE} {SIXTH}⟧ He left.")


@pytest.mark.parametrize(
    "text",
    [
        FIVE,
        # One of another length, one of another build.
        f"{FIVE} It rained.",
        f"{FIVE} Outside, the street was full of the noise of water.",
        # Staccato is style.
        "He ran. He fell. He rose. He ran again. He fell again. He lay still.",
        # A list, in a script without spaces: each of its sentences begins alike.
        "".join(f"第{number}镇，河内郡太守王匡。" for number in "二三四五六七八"),
        # Dialogue.
        f"“{FIVE} {SIXTH}”",
        f"{FIVE} “{SIXTH}”",
    ],
)
def test_stays_silent(text: str) -> None:
    check_rule(monotone, text)
