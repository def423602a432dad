import pytest

from lsp_writer.features.critiques.filter_words import filter_words
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "⟦She saw⟧ the gate swing open.",
        "⟦He suddenly felt⟧ that the room was smaller.",
        "⟦I could hear⟧ the sea.",
        "⟦I could see⟧ that his face was pale.",
        "⟦She felt⟧ that she was dozing off.",
        "⟦Anna noticed⟧ how the dust lay.",
        "She opened the door, and ⟦she smelled⟧ the sea.",
    ],
)
def test_fires(text: str) -> None:
    check_rule(filter_words, text)


@pytest.mark.parametrize(
    "text",
    [
        # Not perceived, perceived by nobody, asked.
        "She never saw the gate.",
        "He could hardly hear the sea.",
        "The gate swung open.",
        "Had he seen that the door was open?",
        "Who saw the gate?",
        # An act or a thought, and no perception.
        "She felt her way along the wall.",
        "He saw his chance.",
        "At last they saw the point.",
        "She felt a little tired.",
        "She felt that there must be another door.",
        "She watched the bottle.",
        "He saw that he had made a blunder.",
        "Huck felt that a silence was going to fall.",
        "She felt that he had given away her whole childhood.",
        "I could see that he was deeply moved.",
        # The other clause hangs on it.
        "She ran when she saw the gate swing open.",
        "He wished he could see the sea.",
        # Dialogue.
        "“I saw the gate swing open,” said Ruth.",
    ],
)
def test_stays_silent(text: str) -> None:
    check_rule(filter_words, text)
