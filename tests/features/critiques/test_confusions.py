import pytest

from lsp_writer.features.critiques.confusions import confusions
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("He must ⟦of⟧ put it somewhere.", "have"),
        ("“You’re slow,” she said, “and ⟦your⟧ never slow.”", "you’re"),
        ("A cart went by with ⟦it’s⟧ wheels wrapped.", "its"),
        ("The cat has ⟦it's⟧ own chair.", "its"),
        ("“There’s dust, and ⟦theirs⟧ none here,” he said.", "there’s"),
        ("“⟦Its⟧ a seven,” Jory told him.", "It’s"),
        ("⟦Their⟧ was nobody there.", "There"),
        ("He went to ⟦there⟧ own house.", "their"),
        ("She was older ⟦then⟧ him.", "than"),
        ("He walked ⟦passed⟧ the door.", "past"),
        ("He ⟦use⟧ to be late.", "used"),
        ("There ⟦was⟧ two more in the drawer.", "were"),
        ("Between them they ⟦was⟧ making noise.", "were"),
        ("Between the inspector and ⟦he⟧ there was only the counter.", "him"),
    ],
)
def test_confusions(text: str, right: str) -> None:
    (finding,) = check_rule(confusions, text)
    assert finding.fixes == (right,)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("⟦Its⟧ a lie, and he didn't care.", "It's"),
        ('"⟦Its⟧ a lie," he said.', "It's"),
        ("⟦Its⟧ a lie, and he didn’t care.", "It’s"),
        ("⟦Its⟧ a lie, and he didn't and couldn’t care.", "It’s"),
        ("⟦Its⟧ a lie.", "It’s"),
    ],
)
def test_the_apostrophe_is_the_one_used_beside_it(text: str, right: str) -> None:
    """“Its a lie” became “It’s a lie”, the one curly apostrophe among straight ones."""
    (finding,) = check_rule(confusions, text)
    assert finding.fixes == (right,)


@pytest.mark.parametrize(
    "text",
    [
        "He could of course stay, and must of necessity.",
        "“Half of it’s mine, and what I think of it’s true,” he said.",
        "Your never-ending noise, your a-tremble hand.",
        "A friend of theirs nobody knew.",
        "There was ten pounds in it, and there were two more.",
        "He ran between the houses and he fell.",
        "“They was here,” he said. “There was two of them, between you and I.”",
        "It was better then, and he came passed over.",
    ],
)
def test_no_confusions(text: str) -> None:
    check_rule(confusions, text)
