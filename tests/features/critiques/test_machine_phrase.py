import pytest

from lsp_writer.features.critiques import cliche, machine_phrase
from lsp_writer.features.critiques.machine_phrase import machine_phrases
from lsp_writer.features.critiques.phrases import shipped
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "It was ⟦a testament to⟧ her kindness.",
        "⟦A chill ran down his spine.⟧ He sat down.",
        "He turned. ⟦Time seemed to stand still.⟧",
        "⟦He let out a breath he hadn’t known he was holding.⟧ Then he left.",
        "Then ⟦she let out a breath she had not realized she had been holding⟧ and sat.",
        "⟦Little did they know⟧ that it was Sunday.",
        "⟦The air was thick with⟧ tar.",
        # Silent: the words as they are.
        "The air was cold and thick.",
        "He ran down the stairs and time stood against him.",
        "The air was thick with paper wads, and heavy with swallows.",
        # Dialogue.
        "“It is a testament to her,” he said.",
    ],
)
def test_machine_phrases(text: str) -> None:
    check_rule(machine_phrases, text)


def test_no_phrase_is_a_cliche_and_a_machines_phrase() -> None:
    assert not set(shipped(cliche.LIST)) & set(shipped(machine_phrase.LIST))
