import pytest

from lsp_writer.features.critiques.cliche import cliches
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "She went as ⟦white as a sheet⟧.",
        "His knees were ⟦white as\na ghost⟧.",
        "It was ⟦the calm before the storm⟧.",
        "It was ⟦music to Anna’s ears⟧ to hear it.",
        "⟦Needless to say⟧, he was not there.",
        "He ⟦stopped dead in his tracks⟧, ⟦hoping against hope⟧.",
        # The sentence, where there is nothing else in it.
        "They left. ⟦The rest is history.⟧ Nobody knew.",
        # Silent: the words as they are.
        "The sheet was white, as a sheet should be.",
        "The rest of the house was history.",
        # People speak in them.
        "“White as a sheet, she was,” said Ruth.",
        "“It is the calm,” he said, “before the storm.”",
    ],
)
def test_cliches(text: str) -> None:
    check_rule(cliches, text)
