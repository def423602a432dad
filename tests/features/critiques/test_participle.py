import pytest

from lsp_writer.features.critiques.participle import participles
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("The mud, which he had ⟦smell⟧ every day.", "smelt"),
        ("She had ⟦went⟧ to the city.", "gone"),
        ("They had never ⟦saw⟧ it.", "seen"),
        ("He hadn’t ⟦forgot⟧ her.", "forgotten"),
    ],
)
def test_participles(text: str, right: str) -> None:
    (finding,) = check_rule(participles, text)
    assert finding.fixes == (right,)


@pytest.mark.parametrize(
    "text",
    [
        "He had gone, and had taste, and had to go, and had come.",
        "What he had did him good.",
        "“She had went,” he said.",
    ],
)
def test_no_participles(text: str) -> None:
    check_rule(participles, text)
