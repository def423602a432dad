"""The passage before the caret: what is left out of it, and that typing only appends to it."""

from itertools import pairwise

import pytest

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.passage import Anchor, Passage, Window, passage_after, passage_after_step, passage_before
from lsp_writer.prose.rope import Rope

WINDOW = Window()
STORY = "".join(
    f"Paragraph {number} opens here. It goes on for a while, as paragraphs do! Then it ends, at number {number}.\n\n"
    for number in range(400)
)
ONE_LINE = " ".join(f"word{number}" for number in range(4000))
REFRAIN = "All work and no play makes a dull day. " * 700
NO_SPACES = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(26_000))


def manuscript_of(text: str) -> Manuscript:
    return Manuscript("file:///story.md", 1, Rope.of(text))


def passage_at(marked: str, anchor: Anchor | None = None) -> str:
    return passage_before(manuscript_of(marked.replace("$0", "")), marked.index("$0"), anchor, WINDOW).text


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("$0", ""),
        ("One $0two.", "One "),
        ("One.\n\nT$0", "One.\n\nT"),
        ("One.\r\n\r\nT$0", "One.\n\nT"),
        ("One.\n\n\n\n\nT$0", "One.\n\nT"),
        ("---\ntitle: x\n---\n\nOne$0", "One"),
        ("# Title\n\nOne$0", "# Title\n\nOne"),
        ("One.\n\n```\ncode\n```\n\nTwo$0", "One.\n\nTwo"),
        ("One.\n\n<!-- a\n\nnote -->\n\nTwo$0", "One.\n\nTwo"),
        ("See [the *text*](https://example.org) and `x` 🙂 $0", "See the *text* and  🙂 "),
        ("One.\n\n  $0", "One.\n\n  "),
        ("\ufeffOne.$0", "One."),
    ],
)
def test_the_passage_is_prose_alone(marked: str, text: str) -> None:
    assert passage_at(marked) == text


def test_plain_text_is_taken_as_it_is() -> None:
    manuscript = Manuscript("file:///story.txt", 1, Rope.of("---\n`x`\n---\n[a](b)"), markdown=False)
    assert passage_before(manuscript, 18, None, WINDOW).text == "---\n`x`\n---\n[a](b)"


def type_through(story: str, start: int, end: int) -> list[tuple[Passage, Passage | None]]:
    """The passage at every offset, and the one that was expected after the coming step."""
    manuscript = manuscript_of(story)
    anchor: Anchor | None = None
    typed: list[tuple[Passage, Passage | None]] = []
    for offset in range(start, end):
        passage = passage_before(manuscript, offset, anchor, WINDOW)
        typed.append((passage, passage_after_step(passage, WINDOW)))
        anchor = passage.anchor
    return typed


@pytest.mark.parametrize(
    "story", [STORY, ONE_LINE, NO_SPACES, REFRAIN], ids=["paragraphs", "one line", "no spaces", "a refrain"]
)
@pytest.mark.parametrize("start", [0, 20_000])
def test_typing_appends_and_steps_rarely_to_where_was_foretold(story: str, start: int) -> None:
    typed = type_through(story, start, start + 2500)
    steps = 0
    for (before, expected), (after, _) in pairwise(typed):
        assert len(after.text) <= WINDOW.most
        if after.text.startswith(before.text):
            continue
        steps += 1
        assert expected is not None
        assert after.text.startswith(expected.text)
        assert WINDOW.least // 2 <= len(after.text) <= WINDOW.most - WINDOW.least // 2
    assert 1 <= steps <= 4


def test_a_passage_begins_at_a_paragraph_where_it_can() -> None:
    passage = passage_before(manuscript_of(STORY), 20_000, None, WINDOW)
    assert passage.text.startswith("Paragraph ")


def test_an_edit_far_above_does_not_move_the_anchor() -> None:
    passage = passage_before(manuscript_of(STORY), 20_000, None, WINDOW)
    edited = passage_before(manuscript_of("New words. " * 50 + STORY), 20_551, passage.anchor, WINDOW)
    assert edited.text.startswith(passage.text)


def test_a_caret_elsewhere_begins_anew() -> None:
    passage = passage_before(manuscript_of(STORY), 20_000, None, WINDOW)
    elsewhere = passage_before(manuscript_of(STORY), 5_000, passage.anchor, WINDOW)
    assert STORY[:5_000].endswith(elsewhere.text)
    just_after_the_anchor = passage_before(
        manuscript_of(STORY), 20_000 - len(passage.text) + 80, passage.anchor, WINDOW
    )
    assert len(just_after_the_anchor.text) > WINDOW.least // 2


def test_a_short_passage_has_no_step_ahead() -> None:
    assert passage_after_step(Passage("Short."), WINDOW) is None


@pytest.mark.parametrize(
    ("marked", "after"),
    [("One $0two.\n\nThree.", "two."), ("One.$0", ""), ("One.\n$0\nTwo.", ""), ("One $0" + "x" * 1000, "x" * 400)],
)
def test_the_passage_after(marked: str, after: str) -> None:
    assert passage_after(manuscript_of(marked.replace("$0", "")), marked.index("$0")) == after
