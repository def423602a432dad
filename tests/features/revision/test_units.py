"""A passage taken apart: what a model may rewrite of it, and what stays."""

from __future__ import annotations

import pytest

from lsp_writer.features.revision.entry import AtOnce
from lsp_writer.features.revision.units import pieces_of, units_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span


def prose_of(text: str, start: int = 0, at_once: AtOnce = "sentences") -> list[str]:
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text))
    units = units_of(manuscript, Span(start, len(text)), at_once)
    assert "".join(unit.text for unit in units) == text[start:]
    return [unit.text for unit in units if unit.is_prose]


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("He left. She stayed.", ["He left. She stayed."]),
        ("He left.  \nShe stayed.", ["He left.", "She stayed."]),
        ("> He left.\n> She stayed.", ["He left.", "She stayed."]),
        ("- [ ] He left.", ["He left."]),
        ("- [x] He left. She stayed.", ["He left. She stayed."]),
        ("He left. She sat %%why her?%% there. Rain fell.", ["He left.", "Rain fell."]),
        ("He left. $$x = 1.$$ She stayed. Rain fell.", ["He left.", "Rain fell."]),
        ("::: aside\nHe left.\n:::", []),
        ("She stayed.\n: What he had not done.", ["She stayed."]),
    ],
)
def test_lines_and_marks_that_markdown_keeps_apart(text: str, prose: list[str]) -> None:
    """A verse became one line, and a box to tick was rewritten into the sentence behind it."""
    assert prose_of(text) == prose


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("“Stay.”\n\n“No.”\n\nShe left.", ["“Stay.”\n\n“No.”\n\nShe left."]),
        ("He left.\n\n# Two\n\nShe stayed.", ["He left.", "She stayed."]),
        ("He left.\n\n> He wept.\n\nShe stayed.", ["He left.", "He wept.", "She stayed."]),
        ("He left.\n\nSee [the map](m.md).\n\nRain fell.", ["He left.\n\nSee [the map](m.md).\n\nRain fell."]),
        ("He left.\n\nShe said `no`. She stayed.\n\nRain fell.", ["He left.", "She stayed.", "Rain fell."]),
        ("He left.  \nShe stayed.\n\nRain fell.", ["He left.", "She stayed.", "Rain fell."]),
    ],
)
def test_what_is_told_as_a_whole_is_told_over_its_paragraphs(text: str, whole: list[str]) -> None:
    """A talk of four lines became four letters, each of which began with “Dear friend”."""
    assert prose_of(text, at_once="whole") == whole


def test_a_whole_that_is_too_long_comes_in_parts() -> None:
    paragraph = "I walked all the way to the harbor and nobody was there. " * 20
    parts = prose_of("\n\n".join([paragraph.strip()] * 3), at_once="whole")
    assert [part.count("\n\n") for part in parts] == [1, 0]


def test_a_speech_is_not_cut() -> None:
    """The second half of a long speech was told anew as narration, and lost its closing mark."""
    sentence = "I walked all the way to the harbor and nobody was there. "
    speech = f"“{sentence * 6}So I came home.” She sat down. Rain fell."
    assert prose_of(speech)[0] == speech.removesuffix(" She sat down. Rain fell.")


def test_a_speech_that_begins_before_the_selection_is_not_cut() -> None:
    """The selection began inside a speech, and from there the marks were counted the wrong way round."""
    sentence = "I walked all the way to the harbor and nobody was there. "
    text = f'"{sentence * 6}So I came home." She sat down. ' + "The rain fell on the roof all night long. " * 5
    units = prose_of(text.strip(), start=1)
    assert units[0].endswith('came home."')
    assert len(units) > 1


def test_a_speech_beyond_what_a_model_holds_in_mind_stays() -> None:
    sentence = "I walked all the way to the harbor and nobody was there. "
    assert prose_of(f"“{sentence * 20}So I came home.” She sat down.") == ["She sat down."]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("He left.", ["He left."]),
        ("He left. She stayed. It rained.", ["He left. She stayed. It rained."]),
        (
            "He left by the door that nobody else had used. She stayed in the room and counted the chairs.",
            ["He left by the door that nobody else had used.", "She stayed in the room and counted the chairs."],
        ),
        (
            "“Go. Go now,” said Ann. He went. It rained. “Well,” she said.",
            ["“Go. Go now,” said Ann.", "He went. It rained.", "“Well,” she said."],
        ),
    ],
)
def test_pieces_are_sentences_and_a_speech_is_none_of_the_narrations(text: str, pieces: list[str]) -> None:
    assert [text[piece.start : piece.end] for piece in pieces_of(text)] == pieces
