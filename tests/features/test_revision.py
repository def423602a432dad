"""Rewrites with a model that answers what the test wrote down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.errors import InvalidRequest, ModelUnavailable, RevisionRejected
from lsp_writer.features.revision.catalogue import revision_of
from lsp_writer.features.revision.revise import revise
from lsp_writer.features.revision.units import passage_at, units_of
from lsp_writer.generation import Capabilities, ModelState, ModelStatus
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from tests.scripted_text_model import LOADING, ScriptedTextModel

PARAGRAPH = "Tom opened the office door. The room was empty. He sat down and waited for somebody to call."
NOIR = " the door on a dead office. Nobody was in the room. He sat in the smoke and waited for the call."


async def rewrite(marked: str, replies: dict[str, str], revision: str = "noir", *, markdown: bool = True) -> str:
    """The whole text after the stretch between the two `|` has been rewritten."""
    before, passage, after = marked.split("|")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(before + passage + after), markdown)
    model = ScriptedTextModel(replies)
    model.start()
    shown: list[str] = []
    span = Span(len(before), len(before + passage))
    text = await revise(model, manuscript, span, revision_of(revision), on_text=shown.append)
    assert shown[-1] == text, "the last text shown is the result"
    return before + text + after


async def check_rewrite(marked: str, replies: dict[str, str], expected: str, revision: str = "noir") -> None:
    assert await rewrite(marked, replies, revision) == expected


async def test_a_paragraph_is_replaced_and_its_surroundings_stay() -> None:
    await check_rewrite(f"Before.\n\n|{PARAGRAPH}|\n\nAfter.", {"Tom": NOIR}, f"Before.\n\nTom opened{NOIR}\n\nAfter.")


async def test_the_model_is_asked_through_its_instructions_with_the_passage() -> None:
    with pytest.raises(RevisionRejected):
        await rewrite(f"|{PARAGRAPH}|", {"no such words in any prompt": NOIR})


async def test_expanding_keeps_every_sentence_and_adds_one() -> None:
    await check_rewrite(
        f"|{PARAGRAPH}|", {"Tom": " Dust lay on the telephone."}, f"{PARAGRAPH} Dust lay on the telephone.", "expand"
    )


async def test_headings_code_links_and_emphasis_are_copied_and_never_rewritten() -> None:
    kept = (
        "# Tom\n\n> {}\n\n```\nTom = 1\n```\n\n- He read [the map](http://example.org/tom).\n\n"
        "It was *very* late.\n\n***\n\n{}"
    )
    replies = {"Tom": NOIR}
    await check_rewrite(f"|{kept.format(PARAGRAPH, PARAGRAPH)}|", replies, kept.format(*[f"Tom opened{NOIR}"] * 2))


async def test_when_a_style_fails_its_checks_a_sentence_is_added_instead() -> None:
    """A small model copies the passage; it can still add to it."""
    replies = {"\n\nTom": "Rain ran down the window."}
    assert await rewrite(f"|{PARAGRAPH}|", replies, "noir") == f"{PARAGRAPH} Rain ran down the window."


async def test_what_fails_every_check_is_not_offered_and_the_reason_is_told() -> None:
    with pytest.raises(RevisionRejected, match=r"it was not prose.*larger model"):
        await rewrite(f"|{PARAGRAPH}|", {"Tom": ""}, "condense")


@pytest.mark.parametrize("marked", ["|\n\n|", "|# A heading|", "|```\ncode\n```|", "|---\ntitle: x\n---|\n\nText."])
async def test_where_there_is_no_prose_the_writer_is_told(marked: str) -> None:
    with pytest.raises(InvalidRequest, match="no prose"):
        await rewrite(marked, {})


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (LOADING, "still loading"),
        (ModelStatus(ModelState.FAILED, "There is no model. Make one."), "Make one"),
        (
            ModelStatus(
                ModelState.READY,
                capabilities=Capabilities(name="base", device="cpu", chat=False, context_tokens=512),
            ),
            "instruct model",
        ),
    ],
)
async def test_without_a_model_that_follows_instructions_the_writer_is_told(status: ModelStatus, message: str) -> None:
    model = ScriptedTextModel()
    model.turn(status)
    manuscript = Manuscript("file:///story.md", 1, Rope.of(PARAGRAPH))
    with pytest.raises(ModelUnavailable, match=message):
        await revise(model, manuscript, Span(0, 10), revision_of("noir"), on_text=lambda _: None)


SENTENCES = "Tom opened the door. He sat down and waited. Nobody called."


@pytest.mark.parametrize(
    ("selected", "passage"),
    [
        ("door. He sat", "Tom opened the door. He sat down and waited."),
        (" He sat down and waited. ", "He sat down and waited."),
        ("waited", "He sat down and waited."),
        ("", SENTENCES),
        (SENTENCES, SENTENCES),
    ],
)
def test_a_selection_means_whole_sentences(selected: str, passage: str) -> None:
    """A rewrite of “the old man walked” put a new sentence into the middle of the writer's."""
    text = f"# Tom\n\n{SENTENCES}\n\nAfter."
    start = text.index(selected) if selected else text.index("sat")
    found = passage_at(Manuscript("file:///story.md", 1, Rope.of(text)), Span(start, start + len(selected)))
    assert found is not None
    assert text[found.start : found.end] == passage


@pytest.mark.parametrize("line_end", ["  \n", "\\\n", "  \r\n"])
def test_verse_is_left_alone(line_end: str) -> None:
    """Two spaces at a line's end are a line break; a rewrite made one line of the stanza."""
    text = f"Roses are red,{line_end}violets are blue."
    units = units_of(Manuscript("file:///poem.md", 1, Rope.of(text)), Span(0, len(text)))
    assert not any(unit.is_prose for unit in units)


def test_an_endless_sentence_is_left_alone() -> None:
    text = "and then " * 400 + "he left. She stayed."
    units = units_of(Manuscript("file:///story.md", 1, Rope.of(text)), Span(0, len(text)))
    assert [unit.text for unit in units if unit.is_prose] == ["She stayed."]


@given(
    st.lists(
        st.sampled_from(
            [
                PARAGRAPH,
                "> Quoted. Twice.",
                "# Head",
                "- One. Two.",
                "`code` here.",
                "*All* of it.",
                "“Go,” he said.",
                "",
            ]
        ),
        max_size=6,
    ),
    st.integers(0, 400),
    st.integers(0, 400),
    st.sampled_from(["\n\n", "\r\n\r\n", "\n"]),
)
def test_units_laid_end_to_end_are_the_passage(paragraphs: list[str], start: int, end: int, between: str) -> None:
    text = between.join(paragraphs)
    span = Span(min(start, end, len(text)), min(max(start, end), len(text)))
    units = units_of(Manuscript("file:///story.md", 1, Rope.of(text)), span)
    assert "".join(unit.text for unit in units) == text[span.start : span.end]
