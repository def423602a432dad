"""Differences by words."""

import pytest

from lsp_writer.cli.word_diff import plain_word_diff, word_diff


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
