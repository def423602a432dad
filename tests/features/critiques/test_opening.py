import pytest

from lsp_writer.features.critiques.opening import opening
from tests.features.critiques.marked_rule import check_rule


@pytest.mark.parametrize(
    "text",
    [
        "He picked it up. He held it to the window. He turned it over. ⟦He⟧ knew then what it was.",
        "Pike laughed. Pike swore. Pike bent for his hat. ⟦Pike⟧ put it on. Pike left.",
    ],
)
def test_fires(text: str) -> None:
    check_rule(opening, text)


@pytest.mark.parametrize(
    "text",
    [
        "He picked it up. He held it to the window. He turned it over. Then he knew.",
        # The nouns are heard and not the articles.
        "The shirt was wet. The coat was torn. The key was gone. The door stood open.",
        # Anaphora is meant.
        "It was cold. It was late. It was no use. It was over.",
        # A speech between, or four speeches.
        "He rose. He bowed. He coughed. “Well?” He left.",
        "“He rose. He bowed. He coughed. He left.”",
    ],
)
def test_stays_silent(text: str) -> None:
    check_rule(opening, text)
