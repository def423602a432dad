import pytest

from lsp_writer.features.critiques.repetition import repetition
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "The gravel glittered and above it all the glass ⟦glittered⟧.",
        "Suddenly the swallows were there, and ⟦suddenly⟧ the women had taken off their shawls.",
        "He counted them. Then he ⟦counted⟧ the sevens.",
        "She gently waved a hand in time to the music while her ⟦gently⟧ smiling face was turned away.",
    ],
)
def test_fires(text: str) -> None:
    check_rule(repetition, text)


@pytest.mark.parametrize(
    "text",
    [
        # Plain words, names, things named again, figures of speech.
        "She looked at the house and looked away.",
        "She passed Aunt Polly on the stairs of the house. Aunt Polly nodded.",
        "She lifted a lantern. The lantern was cold.",
        "The wheel turned and turned.",
        # Denied and then done, and done again.
        "He could not be admitted on Friday. He was admitted daily after that.",
        "He locked the door, tried it, and locked it again.",
        # Meant: compared, denied, in the same words.
        "Gradually the dawn whitened, and as gradually sounds multiplied.",
        "She found the fence whitewashed, and not only whitewashed but painted.",
        "Nobody entered the alley by day; nobody entered the alley by night.",
        # Words far apart.
        "The gravel glittered. " + "She went on for some time and said nothing of it. " * 3 + "The glass glittered.",
        # Dialogue: people repeat themselves.
        "“Glittering, I tell you,” she said. “All glittering.”",
        "It glittered for a while. “Well?” she said. It glittered.",
    ],
)
def test_stays_silent(text: str) -> None:
    check_rule(repetition, text)
