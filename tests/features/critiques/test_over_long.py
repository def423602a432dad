import pytest

from lsp_writer.features.critiques.over_long import over_long
from tests.features.critiques.marked_rule import check_rule

LONG = "She took the key " + "that lay on the stone beside the door " * 7 + "and left."


@pytest.mark.parametrize("text", [f"⟦{LONG}⟧", "A short one. " + f"⟦{LONG}⟧", "⟦" + "他" * 100 + "。⟧"])
def test_fires(text: str) -> None:
    check_rule(over_long, text)


@pytest.mark.parametrize(
    "text",
    [
        "A short one.",
        "他" * 60 + "。",
        # Long, with places to rest.
        "She took the key that lay on the stone beside the door; " * 6 + "and she left.",
        # A list.
        "She took the key, " + "and the coat, " * 20 + "and she left.",
        # Dialogue.
        f"“{LONG}”",
    ],
)
def test_stays_silent(text: str) -> None:
    check_rule(over_long, text)


def test_it_is_parted_near_its_middle() -> None:
    long = "He came " + "from the far hills " * 7 + ", and she went " + "to the far hills " * 7 + "."
    (finding,) = check_rule(over_long, f"⟦{long}⟧")
    assert finding.suggestion == "Try a full stop before “and she went”."


def test_it_is_not_parted_where_no_clause_begins() -> None:
    (finding,) = check_rule(over_long, f"⟦{LONG[:-1]}, and the coat.⟧")
    assert finding.suggestion == "Try saying its main point first, in a sentence of its own."
