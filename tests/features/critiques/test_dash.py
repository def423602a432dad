import pytest

from lsp_writer.features.critiques.dash import dashes
from lsp_writer.features.critiques.reading import read
from lsp_writer.features.critiques.story import story_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope


def found(text: str) -> list[tuple[str, tuple[str, ...]]]:
    story = story_of(Manuscript("file:///story.md", 1, Rope.of(text), markdown=True), read)
    return [(text[finding.span.start : finding.span.end], finding.fixes) for finding in dashes(story)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left—so she said.\n\nShe stayed -- or he did.", [("--", ("—",))]),
        ("He left – so she said.\n\nShe stayed - or he did.", [("-", ("–",))]),
        ("“Then Pike—”\n\n“Yes” - and he went--", [("-", ("—",)), ("--", ("—",))]),
        # One who stammers, or spells a word.
        ("He left—so she said.\n\n“I-I don’t know,” he said. “It is s-o-r-t.”", []),
        # Silent: a typescript, with a stray dash or none, and what is no dash.
        ("He left -- so she said -- at once.", []),
        ("He left—so she said.\n\n" + "She stayed -- or he did.\n\n" * 4, []),
        ("He left—so.\n\n- one\n- two\n\nA half-lit room, 4 - 2, a ---- row.", []),
    ],
)
def test_dashes(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert found(text) == expected


def test_an_en_dash_stands_apart_from_its_words() -> None:
    """In a story with – between its clauses “She stayed--or not” became “She stayed–or not”."""
    assert found("He left – so she said.\n\nShe stayed--or not.") == [("--", (" – ",))]
