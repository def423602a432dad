"""Sentences: `|` marks where one ends."""

import re

import pytest

from lsp_writer.prose.sentences import SENTENCE_END, sentence_at, sentence_spans
from lsp_writer.prose.span import Span


@pytest.mark.parametrize(
    "marked",
    [
        "She left.| He stayed.",
        "“Mr. Holmes,” she said, “I am glad.”| He looked up.",
        "“Is it?” he asked.| “Yes!” cried she.",
        "No, wait! he thought.| Then nothing.",
        "J. R. R. Tolkien wrote it.| He slept.",
        "He waited…| Then nothing.",
        "Hard wrapped lines\nare one sentence.| Here is\nanother.",
        "He whispered to the horse.| A second whisper came.| “Yes, sir.| And you?”",
        "「行こう。」|彼は言った。|雨だ。",
        "他把信放在桌上。|“明天再说。”|谁还醒着呢？",
        "No end",
        "",
    ],
)
def test_sentence_spans(marked: str) -> None:
    text = marked.replace("|", "")
    sentences = [sentence.strip() for sentence in marked.split("|") if sentence.strip()]
    assert [text[span.start : span.end] for span in sentence_spans(text)] == sentences


@pytest.mark.parametrize(
    ("marked", "sentence"),
    [
        ("$0One. Two.", "One."),
        ("One.$0 Two.", "One."),
        ("One. $0Two.", "Two."),
        ("One. Two.$0", "Two."),
        ("  $0One.", "One."),
    ],
)
def test_sentence_at(marked: str, sentence: str) -> None:
    text = marked.replace("$0", "")
    span = sentence_at(sentence_spans(text), marked.index("$0"))
    assert span is not None
    assert text[span.start : span.end] == sentence
    assert sentence_at([], 0) is None


@pytest.mark.parametrize(
    "marked",
    [
        " went home.| The",
        " went home.|\n",
        " said “Go!” and went.| Then",
        "“Stop!” he said.| She",
        " went (at last).| Then",
        " *at last.*| Then",
        " met Mr. Hale.| Then",
        " met J. R. Hale.| Then",
        " said it was I.| Then",
        " waited … and waited.| Then",
        " waited... and then she left.| He",
        " waited...| Then",
        "is it?!| Then",
        "走了。|然",
        "说：「走。」|然",
        # Not yet certain: more may follow.
        " went home.",
        " went home. ",
        "走了。",
        "Mr. ",
    ],
)
def test_sentence_end_in_growing_text(marked: str) -> None:
    text = marked.replace("|", "")
    found = re.search(SENTENCE_END, text)
    assert (found.end() if found else -1) == marked.find("|")


def test_a_sentence_end_once_found_stays_where_it_is() -> None:
    text = " said “Go!” to Dr. Hale … and went. Then he “left.” And so on."
    ends = {match.end() for length in range(len(text)) if (match := re.search(SENTENCE_END, text[:length]))}
    assert ends == {text.index(" Then")}


def test_spans_are_spans() -> None:
    assert sentence_spans("One.  Two. ") == [Span(0, 4), Span(6, 10)]
