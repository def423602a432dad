"""Differences by words."""

import pytest

from lsp_writer.cli.word_diff import changed_paragraphs, plain_word_diff, word_diff


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("He sat down.", "He sat down.", "He sat down."),
        ("He sat down.", "He stood up.", "He [-sat down-]{+stood up+}."),
        ("He sat.", "He sat. It rained.", "He sat.{+ It rained.+}"),
        ("He really sat.", "He sat.", "He[- really-] sat."),
        ("", "He sat.", "{+He sat.+}"),
        (
            "He sat. It rained.\n\nShe left.",
            "He sat. It poured.\n\nShe left.",
            "He sat. It [-rained-]{+poured+}.\n\nShe left.",
        ),
    ],
)
def test_only_words_that_differ_are_marked(old: str, new: str, expected: str) -> None:
    assert plain_word_diff(old, new) == expected
    marked = word_diff(old, new)
    kept = "".join(
        text
        for text, style in ((span_text(marked, s.start, s.end), s.style) for s in marked.spans)
        if "green" in str(style)
    )
    assert kept == "".join(part.split("+}")[0] for part in expected.split("{+")[1:])


def span_text(text: object, start: int, end: int) -> str:
    return str(text)[start:end]


def test_only_paragraphs_that_changed_are_shown() -> None:
    """Three words of a story were spelt anew, and all of the story was printed."""
    old, new = "One.\n\nTwo colors.\r\n\r\nThree.", "One.\n\nTwo colours.\r\n\r\nThree."
    assert changed_paragraphs(old, new) == [(6, "Two colors.", "Two colours.")]
    assert changed_paragraphs(old, f"{new}\n\nFour.") == [(0, old, f"{new}\n\nFour.")]
