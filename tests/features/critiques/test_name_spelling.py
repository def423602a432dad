import pytest

from lsp_writer.features.critiques.name_spelling import name_spelling
from tests.features.critiques.marked_rule import check_story_rule

OFTEN = "The boy saw Marten. He knew Marten well, and Marten knew him. So did Marten’s wife. Then Marten left.\n\n"


@pytest.mark.parametrize(
    "text",
    [
        OFTEN + "She looked at ⟦Martin⟧, and he at her.",
        OFTEN + "It was ⟦Martten⟧’s coat. ⟦Maten⟧ had left it.",
        OFTEN + "“Where is ⟦Matren⟧?” she asked.",
        OFTEN.replace("Marten", "Billy") + "She looked at ⟦Billie⟧.",
        # The same title before both.
        "“Good morning, Mrs. Lind,” he said, and Mrs. Lind nodded. “And to you, Mrs. ⟦Lindt⟧.”",
    ],
)
def test_fires(text: str) -> None:
    check_story_rule(name_spelling, text)


def test_the_usual_spelling_is_the_fix() -> None:
    (finding,) = check_story_rule(name_spelling, OFTEN + "She looked at ⟦Martin⟧.")
    assert finding.fixes == ("Marten",)


@pytest.mark.parametrize(
    "text",
    [
        # Two people: both often there, of different families, or names that only begin alike.
        OFTEN + OFTEN.replace("Marten", "Martin"),
        OFTEN.replace("Marten", "Marten Voss") + "She looked at Martin Pell.",
        OFTEN.replace("Marten", "Anna") + "She looked at Ann.",
        OFTEN.replace("Marten", "Maria") + "She looked at Marie.",
        "Is Karen there? And Karen came and went. And Karin came.",
        # A family, and words that only open a sentence or stand in small letters, too.
        OFTEN + "She asked the Martens.",
        OFTEN.replace("Marten", "Wilf") + "Wolf tracks lay in the snow.",
        OFTEN.replace("Marten", "Rosse") + "She loved a rose. He called her Rose.",
    ],
)
def test_stays_silent(text: str) -> None:
    check_story_rule(name_spelling, text)
