import pytest

from lsp_writer.features.critiques.usage import usage
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("The ledger was ⟦very unique⟧ in that town.", "unique"),
        ("“⟦Past history⟧ teaches us that,” he said.", "History"),
        ("She asked ⟦each and\nevery⟧ one of them.", "every"),
    ],
)
def test_usage(text: str, right: str) -> None:
    (finding,) = check_rule(usage, text)
    assert finding.fixes == (right,)


def test_no_usage() -> None:
    check_rule(usage, "She knelt down and sat up for ever and ever. The past, history says, was unique.")
