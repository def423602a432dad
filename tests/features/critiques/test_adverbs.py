import pytest

from lsp_writer.features.critiques.adverbs import adverbs
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "“Go,” he said ⟦softly⟧.",
        "“Go,” said Mr. Hale, ⟦angrily⟧.",
        "“Go,” Jory ⟦breathlessly⟧ announced. “They’re here.”",
        "'Go,' the old man whispered. 'Now,' he added ⟦urgently⟧.",
        # “Try cutting ‘loudly’” left “very and decidedly”.
        "“Nonsense!” said Alice, very ⟦loudly and decidedly⟧, and the Queen was silent.",
        "She walked ⟦slowly and softly⟧ away.",
        "He spoke ⟦quietly, calmly⟧.",
    ],
)
def test_fires(text: str) -> None:
    check_rule(adverbs, text)


@pytest.mark.parametrize(
    "text",
    [
        # Words that only look like adverbs, or that do not tell how.
        "Only her family had an early, lovely, lonely house in July.",
        "“Go,” he said finally.",
        "“Go,” he said, deeply moved.",
        # A single one, two that say two things, and no speech beside the verb.
        "She walked slowly away.",
        "She walked slowly as far as the gate of the old house, and there she waited patiently.",
        "She stepped quickly but cautiously along.",
        "He had said softly that he would go.",
        # When it is said, and no manner.
        "“Third right, fourth left,” answered the clerk promptly.",
        # A figure.
        "She prayed for him so touchingly, so appealingly, and with such love.",
        # Dialogue.
        "“He walked slowly and softly away,” she said.",
    ],
)
def test_stays_silent(text: str) -> None:
    check_rule(adverbs, text)
