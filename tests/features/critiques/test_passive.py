import pytest

from lsp_writer.features.critiques.passive import passive
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "The lamp ⟦was broken by the wind⟧ at night.",
        "He ⟦was slowly eaten by her⟧.",
        "The gate ⟦had been opened by Marten Voss⟧.",
        "The best plans ⟦were beaten by a woman's wit⟧.",
        "She knew that the bell ⟦was being rung by a child⟧.",
        # Nobody is seen to decide, to order, to perceive.
        "That ⟦had been arranged⟧ three winters ago.",
        "The boy ⟦was sent⟧ across the square.",
        "It ⟦was decided⟧ to say nothing.",
        "It ⟦was said⟧ that the cave had no end.",
        "“Go,” he said, and a knock ⟦was heard⟧ at the door.",
    ],
)
def test_fires(text: str) -> None:
    check_rule(passive, text)


@pytest.mark.parametrize(
    "text",
    [
        # States and feelings, other voices, agents that are none.
        "She was tired and he was worried.",
        "The valley was covered with snow.",
        "He was gone by then.",
        "She was born in the village.",
        "It was won by chance.",
        "The door was opened by pulling a string.",
        # Nobody misses who did it.
        "The door was painted green.",
        "The invitations were sent out before sunset.",
        "Nothing had been heard of him.",
        "She would be sent for in the morning.",
        "I have been told otherwise, by people who ought to know better.",
        # A feeling, whatever made him feel it.
        "He was touched by his aunt’s grief.",
        # One subject for both clauses, and an agent too long for the front.
        "She turned the corner, and was struck by a cart.",
        "It was opened by the body of a man who had lain there since Monday.",
        # Dialogue is the character's own.
        "“It was broken by the wind,” she said.",
        "‘The boy was sent across the square.’",
    ],
)
def test_stays_silent(text: str) -> None:
    check_rule(passive, text)


def test_a_passive_with_an_agent_is_told_to_begin_with_it() -> None:
    (finding,) = check_rule(passive, "The lamp ⟦was lit by her⟧ slowly.")
    assert "“she …”" in finding.suggestion
    (finding,) = check_rule(passive, "The lamp ⟦was lit by the keeper⟧.")
    assert "“the keeper …”" in finding.suggestion
