"""Speech tags that draw the eye."""

import pytest

from lsp_writer.features.critiques.said_bookisms import said_bookisms
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "“You are late,” ⟦expostulated⟧ the widow.",
        "“Nineteen years,” he ⟦ejaculated⟧. “And no complaint.”",
        '"A clerk who cannot see," he ⟦mused⟧, "and a boy who can."',
        "She ⟦opined⟧, “It is late.”",
        "“It is late,” she ⟦opines⟧.",
        # Nothing to hiss.
        "“Three,” she ⟦hissed⟧.",
        # No words come out with a smile.
        "“Eels,” ⟦smiled⟧ Odile Lind.",
        "“Eels,” she ⟦shrugged⟧.",
        "“Eels?” he ⟦grinned⟧.",
        # Silent: verbs that nobody sees, and what can be hissed.
        "“Eels,” said Odile. “Eels,” he whispered. “Eels!” called the boy. “Eels,” she answered, smiling.",
        "“Less noise,” she hissed.",
        "“A certainty,” she hissed.",
        # An action in a sentence of its own.
        "“Eels.” She smiled.",
        "“Eels?” He laughed.",
        "“Eels,” she said, and smiled.",
        "She smiled. “Eels.”",
        "He mused on the matter.",
        # Inside a speech it is a character's own word.
        "“She opined that it was late, and he smiled,” said Jory.",
    ],
)
def test_said_bookisms(text: str) -> None:
    check_rule(said_bookisms, text)
