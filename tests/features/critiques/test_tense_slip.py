import pytest

from lsp_writer.features.critiques.tense_slip import tense_slip
from tests.features.critiques.marked_rule import check_story_rule

PAST = "He was late. She knew it. They went to the window and saw the boat. It had come in. He took the lamp.\n\n"


@pytest.mark.parametrize(
    "text",
    [
        PAST + "⟦Marten picks up the lamp and turns down the wick.⟧ There was light enough.",
        PAST + "She waited. ⟦She slowly turns away.⟧ He coughed.",
        "---\ntense: past\n---\n\n⟦She turns away.⟧",
    ],
)
def test_fires(text: str) -> None:
    check_story_rule(tense_slip, text)


@pytest.mark.parametrize(
    "text",
    [
        PAST,
        # A truth, a speech, and both tenses in one sentence.
        PAST + "A house lives on one thing. There are men who carry too much.",
        PAST + "“Marten picks up the lamp.”",
        PAST + "She knows now what she was.",
        # A story in the present.
        "He walks in. She turns away. He sees the lamp. She says nothing. He takes it. She was late.",
        # A letter in a scene of its own.
        PAST + "***\n\nShe turns away. He says nothing.",
    ],
)
def test_stays_silent(text: str) -> None:
    check_story_rule(tense_slip, text)
