import pytest

from lsp_writer.features.critiques.viewpoint_slip import viewpoint_slip
from tests.features.critiques.marked_rule import check_story_rule

MARTEN = "Marten looked up. He saw what Marten saw every day. Marten rose, and Marten thought of eels. Marten left.\n\n"


@pytest.mark.parametrize("text", [MARTEN + "It rained. ⟦Pike wondered whether he knew.⟧ The herring was good."])
def test_fires(text: str) -> None:
    check_story_rule(viewpoint_slip, text)


@pytest.mark.parametrize(
    "text",
    [
        MARTEN + "Marten wondered whether he knew.",
        # What can be seen of him, and what he says.
        MARTEN + "Pike seemed to wonder. “Pike thought so, too,” said Pike.",
        # A story that sees into all of them, or through nobody who is named.
        MARTEN + "Pike wondered whether he knew. Odile knew. Jory hoped so.",
        "Pike wondered whether he knew.",
        "---\npov: omniscient\n---\n\n" + MARTEN + "Pike wondered whether he knew.",
    ],
)
def test_stays_silent(text: str) -> None:
    check_story_rule(viewpoint_slip, text)
