"""What the critic makes of a whole manuscript."""

from __future__ import annotations

import pytest

from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

ENGLISH = "She knew that he had been sent away by her father, and she did not say a word of it to anybody that day."
GERMAN = "Sie wusste, dass er fort war, und sie sagte den ganzen Tag niemandem ein Wort davon, auch nicht dem Vater."
FRENCH = "Elle savait bien qu'il était parti, et de toute la journée elle n'en dit pas un mot, pas même à son père."


def found_in(text: str, *, markdown: bool = True) -> list[tuple[CritiqueKind, str]]:
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text), markdown)
    return [(finding.kind, text[finding.span.start : finding.span.end]) for finding in Critic().in_story(manuscript)]


def test_findings_stand_in_order_and_in_their_places() -> None:
    text = f"---\ntitle: 😀\n---\n\n# One 😀\r\n\r\n{ENGLISH}\r\n\r\n***\r\n\r\n“Go,” she said ⟨😀⟩ the the wind.\r\n"
    assert found_in(text) == [
        (CritiqueKind.PASSIVE, "had been sent away by her father"),
        (CritiqueKind.DOUBLED_WORD, "the the"),
    ]


def test_nothing_is_found_in_what_is_no_prose() -> None:
    assert found_in("```\nThe the lamp.\n```\n\n# The the lamp\n\n<!-- The the lamp. -->\n") == []


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        (f"{ENGLISH}\n\n{ENGLISH} It was the the end.", ["the the"]),
        (f"{GERMAN}\n\n{GERMAN} Es war der der Vater.", []),
        (f"{ENGLISH}\n\n{ENGLISH}\n\n{FRENCH} C’était le le soir.", []),
    ],
)
def test_a_language_is_judged_by_its_own_rules(text: str, doubled: list[str]) -> None:
    """German was told of its passives by the rules for English, and so was a letter in French."""
    assert [found for kind, found in found_in(text) if kind is CritiqueKind.DOUBLED_WORD] == doubled


def test_an_edit_costs_the_reading_of_its_paragraph_alone() -> None:
    critic = Critic()
    paragraphs = [f"{ENGLISH} {number}" for number in range(50)]
    for edited in range(3):
        paragraphs[edited] += " More."
        critic.in_story(Manuscript("file:///story.md", edited, Rope.of("\n\n".join(paragraphs))))
    assert critic.read.cache_info().misses == 50 + 2 * 1
