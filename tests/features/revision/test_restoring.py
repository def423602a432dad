"""What the model never has in its hands: Markdown's marks, and what people say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.revision.entry import Keeps
from lsp_writer.features.revision.reading import Reading
from lsp_writer.features.revision.restoring import plain, restored


@pytest.mark.parametrize(
    ("passage", "shown"),
    [
        ("He read [the map](http://example.org/m).", "He read the map."),
        ("It was *very* late, and **nobody** came.", "It was very late, and nobody came."),
        ("She left.[^1] It rained.", "She left. It rained."),
        ("“So _there_ it is,” he said.", "“So there it is,” he said."),
        ("One\nline.", "One line."),
        ("5 * 3 is 15, and snake_case stays.", "5 * 3 is 15, and snake_case stays."),
    ],
)
def test_the_model_reads_plain_text(passage: str, shown: str) -> None:
    assert plain(passage) == shown


def test_plain_text_has_no_marks() -> None:
    """In a text file “_never_” lost its underscores, and a link in brackets its target, for nobody put them back."""
    passage = "He _never_ came\nback to `the house`."
    assert plain(passage, markdown=False) == "He _never_ came back to `the house`."


@pytest.mark.parametrize(
    ("passage", "text", "expected"),
    [
        ("He read [the map](m.md).", "Slowly he read the map.", "Slowly he read [the map](m.md)."),
        ("It was *very* late.", "The hour was very late.", "The hour was *very* late."),
        ("It was *very* late.", "Very late it was.", "*Very* late it was."),
        ("She left.[^1] It rained.", "She left in the rain.", "She left[^1] in the rain."),
        ("She left.[^1]", "Rain came and she left.", "Rain came and she left.[^1]"),
        ("She left.[^1]", "Rain came.", "Rain came.[^1]"),
        ("“No, not me,” said Tom.", "Tom shook. “Oh no, not me,” he said.", "Tom shook. “No, not me,” he said."),
        ("“No,” said Tom. It rained.", "Tom spoke. “No.” It rained.", "Tom spoke. “No.” It rained."),
        ("“No,” said Tom. It rained.", "Tom said, “No,” It rained.", "Tom said, “No.” It rained."),
        ("Tom spoke. “No.”", "“No,” said Tom.", "“No,” said Tom."),
        ("他看了*地图*。", "他慢慢地看了地图。", "他慢慢地看了*地图*。"),
        ("«\u202fViens\u202f!\u202f» dit-elle.", "« Viens ! » fit-elle.", "«\u202fViens\u202f!\u202f» fit-elle."),
        ("“I didn’t,” said Tom.", "Tom couldn't. \"I didn't,\" he said.", "Tom couldn’t. “I didn’t,” he said."),
        ("„Geh“, sagte er.", 'Er sagte: "Geh."', "Er sagte: „Geh.“"),
        ('"I didn\'t," said Tom.', "Tom couldn't. \"I didn't,\" he said.", "Tom couldn't. \"I didn't,\" he said."),
        # Where it would have to be guessed, nothing is put back, and the checks turn the text away.
        ("It was *very* late.", "It was very, very late.", "It was very, very late."),
        ("“No,” said Tom.", "Tom shook his head.", "Tom shook his head."),
        ("“No,” said Tom.", "“Are you coming?” He shook his head.", "“Are you coming?” He shook his head."),
    ],
)
def test_it_is_put_back(passage: str, text: str, expected: str) -> None:
    assert restored(text, passage, Reading(passage=passage, before="", after=""), Keeps()) == expected


@pytest.mark.parametrize(
    ("passage", "text"),
    [
        ("“Go,” said Ann. “Stay,” said Bob.", "“Stay here,” Bob said. “Go now,” Ann said to him."),
        ("“Go now,” said Ann. “Go home,” said Bob.", "“Go home,” Bob said. “Go now,” Ann said to him."),
    ],
)
def test_nobody_says_what_another_said(passage: str, text: str) -> None:
    """Ann said “Stay” and Bob said “Go”, since the rewrite had told what Bob said first."""
    assert restored(text, passage, Reading(passage=passage, before="", after=""), Keeps()) == text


def test_a_paragraph_after_a_dash_is_not_put_back_whole() -> None:
    """A paragraph of “— No —dijo Ana” came back as it was, whatever the rewrite had made of it."""
    passage, text = "— No puedo ir —dijo Ana—. Llueve.", "— No puedo ir ahora —dijo Ana—. Llueve mucho."
    assert restored(text, passage, Reading(passage=passage, before="", after="", language="es"), Keeps()) == text


@given(st.lists(st.sampled_from(["He", "*saw*", "[it](x.md)", "“Go,”", "she said.", "**no**", "[^2]"]), max_size=12))
def test_a_copy_gets_back_all_that_was_taken_out(pieces: list[str]) -> None:
    passage = " ".join(dict.fromkeys(pieces))
    reading = Reading(passage=passage, before="", after="")
    back = restored(plain(passage), passage, reading, Keeps())
    assert plain(back) == plain(passage)
    for mark in ("*saw*", "[it](x.md)", "**no**"):
        assert (mark in back) == (mark in passage)
