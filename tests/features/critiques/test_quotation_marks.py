"""Quotation marks that have no partner."""

import pytest

from lsp_writer.features.critiques.quotation_marks import quotation_marks
from tests.features.critiques.marked_rule import check_story_rule


@pytest.mark.parametrize(
    "text",
    [
        # Left open.
        "⟦“⟧It is too light, said Odile. “He made it so.”",
        '⟦"⟧It is too light, said Odile. "He made it so."',
        "⟦“⟧It is too light.\n\nShe turned an eel.",
        "⟦“⟧It is too light, she said.\n\n“By how much?”",
        "⟦«⟧C’est trop tard, dit-elle.\n\nIl partit.",
        "⟦„⟧Es ist spät, sagte sie.\n\nEr ging.",
        "⟦「⟧行こう、と彼は言った。\n\n彼は出た。",
        "⟦‘⟧It is too light, she said.\n\nHe left.",
        # Never opened.
        "It is too light,⟦”⟧ she said.",
        'It is too light,⟦"⟧ she said.',
        # Never closed within a speech.
        "“He has been there. ⟦‘⟧Come out, Jory.”",
        "“He said, ⟦'⟧Come out, Jory.”",
        # A speech that goes on in the next paragraph opens anew.
        "“It is late.\n\n“It is later than you think.”",
        '"It is late.\n\n"It is later than you think."',
        "« Il est tard.\n\n» Il est plus tard que tu ne crois. »",
        # A poem that opens once and closes once.
        "“Twinkle, twinkle, little bat,\n\nHow I wonder where you're at.”",
        '"Will you walk?" said he. "There\'s a porpoise.\n\nWill you join?\n\n"Another shore.\n\nJoin us."',
        # Right as they are.
        "“Go,” he said, “and don’t come back.” ’Tis so. The boys’ boat was built in the ’90s.",
        "‘Go,’ he said. ‘’Tis late, and the boys’ boat is gone.’",
        'He is 6\'2" tall, and the board is 12" wide.',
        '"He is 6\'2" tall," she said.',
        "“He said ‘go’ to me,” said Jory. “‘Go,’ he said.”",
        "“Wait for ‘em,” he said. “I ‘low ‘tis late. ‘Tain’t far.”",
        '"I read the "Odyssey" twice," he said.',
        "„Geh“, sagte er. „Nein, ‚geh‘ sagt man nicht.“ »Doch«, rief sie. «Si», dit-il.",
        "「彼は『行こう』と言った」",
        "—No puedo —dijo Ana—, de verdad.",
        "The men's house.",
    ],
)
def test_quotation_marks(text: str) -> None:
    check_story_rule(quotation_marks, text)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ('“Go.”\n\n“Jory⟦"⟧ he called.', "”"),
        ('“Go.”\n\n⟦"⟧Jory,” he called.', "“"),
        ('"Go."\n\n"Stay."\n\n"Jory,⟦”⟧ he called.', '"'),
        ('"Go."\n\n"Stay."\n\n⟦“⟧Jory," he called.', '"'),
    ],
)
def test_the_odd_mark_is_the_one_the_story_has_less_of(text: str, fix: str) -> None:
    (finding,) = check_story_rule(quotation_marks, text)
    assert finding.fixes == (fix,)
