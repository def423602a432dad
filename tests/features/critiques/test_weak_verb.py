import pytest

from lsp_writer.features.critiques.weak_verb import weak_verbs
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    ("text", "fixes"),
    [
        ("He ⟦made a decision⟧ to say nothing.", ("decided",)),
        ("Pike ⟦gave a nod⟧.", ("nodded",)),
        ("Pike ⟦gave a nod⟧ of thanks.", ()),
        ("⟦Giving a shrug⟧, she left.", ("Shrugging",)),
        ("She ⟦let out a sigh⟧ and left.", ("sighed",)),
        ("They ⟦had a conversation⟧ about eels.", ()),
    ],
)
def test_weak_verbs(text: str, fixes: tuple[str, ...]) -> None:
    (finding,) = check_rule(weak_verbs, text)
    assert finding.fixes == fixes


@pytest.mark.parametrize(
    "text",
    [
        "He gave a curt nod.",
        "He made a chair, and had a look-out, and took a look’s length.",
        "She did not let out a sigh.",
        "He gave the nod.",
        "“I made a decision,” she said.",
    ],
)
def test_no_weak_verbs(text: str) -> None:
    check_rule(weak_verbs, text)
