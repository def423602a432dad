import pytest

from lsp_writer.features.critiques.told_emotion import told_emotion
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "He thought of the net, and ⟦was very sad⟧.",
        "He ⟦was angry and afraid⟧, and he sat down.",
        "She ⟦felt lonely⟧.",
    ],
)
def test_fires(text: str) -> None:
    check_rule(told_emotion, text)


@pytest.mark.parametrize(
    "text",
    ["He was not sad.", "She was glad of the rain.", "She was angry with him for it.", "“I was very sad,” he said."],
)
def test_stays_silent(text: str) -> None:
    check_rule(told_emotion, text)
