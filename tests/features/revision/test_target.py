"""What a selection means."""

from __future__ import annotations

import pytest

from lsp_writer.features.revision.entry import Does, Takes
from lsp_writer.features.revision.target import target_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from tests.features.revision.commissions import variant

SENTENCES = "Tom opened the door. He sat down and waited. Nobody called."
STORY = f"---\ntitle: x\n---\n\n# Tom\n\n{SENTENCES}\n\nHe slept.\n\n***\n\nMorning came.\n"


def passage_of(selected: str, takes: Takes, does: Does = "replace", text: str = STORY) -> tuple[str, Span, Span] | None:
    start = text.index(selected)
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text))
    target = target_of(manuscript, Span(start, start + len(selected)), variant(takes=takes, does=does))
    if target is None:
        return None
    return text[target.passage.start : target.passage.end], target.passage, target.place


@pytest.mark.parametrize(
    ("selected", "passage"),
    [
        ("door. He sat", "Tom opened the door. He sat down and waited."),
        (" He sat down and waited. ", "He sat down and waited."),
        ("waited", "He sat down and waited."),
        ("aite", "He sat down and waited."),
        (SENTENCES, SENTENCES),
    ],
)
def test_a_selection_means_whole_sentences(selected: str, passage: str) -> None:
    """A rewrite of “the old man walked” put a new sentence into the middle of the writer's."""
    found = passage_of(selected, "paragraph")
    assert found is not None
    assert found[0] == passage


@pytest.mark.parametrize(
    ("takes", "passage"),
    [
        ("sentence", "He sat down and waited."),
        ("paragraph", SENTENCES),
        ("scene", f"{SENTENCES}\n\nHe slept."),
        ("selection", None),
        ("caret", ""),
    ],
)
def test_a_mere_caret_means_what_the_rewrite_takes(takes: Takes, passage: str | None) -> None:
    at = STORY.index("sat")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(STORY))
    target = target_of(manuscript, Span(at, at), variant(takes=takes))
    assert (target and STORY[target.passage.start : target.passage.end]) == passage


@pytest.mark.parametrize("at", ["title", "# Tom", "***"])
@pytest.mark.parametrize("takes", ["sentence", "paragraph", "scene"])
def test_there_is_nothing_to_take_where_there_is_no_prose(at: str, takes: Takes) -> None:
    offset = STORY.index(at)
    manuscript = Manuscript("file:///story.md", 1, Rope.of(STORY))
    assert target_of(manuscript, Span(offset, offset), variant(takes=takes)) is None


def test_what_is_inserted_goes_behind_the_passage() -> None:
    found = passage_of("waited", "paragraph", "insert")
    assert found is not None
    _, passage, place = found
    assert place == Span(passage.end, passage.end)


BLOCKS = (
    "---\ntitle: The Sea\n---\n\nTom slept.\n\n```\nx = 1\n\ny = 2\n```\n\n"
    "He woke.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<!-- to do -->\n\n# Two\n"
)


@pytest.mark.parametrize(
    ("first", "last", "behind"),
    [
        ("Tom", "x = 1", "Tom slept."),
        ("Tom", "y = 2\n```", "Tom slept."),
        ("x = 1", "He woke.", "He woke."),
        ("He woke", "| 1 |", "He woke."),
        ("He woke", "to do", "He woke."),
        ("He woke", "# Two", "He woke."),
        ("Sea", "Sea", None),
        ("x = 1", "y =", None),
        ("| 1 ", "2 |", None),
        ("# Two", "Two\n", None),
    ],
)
@pytest.mark.parametrize("does", ["insert", "alternatives"])
def test_nothing_is_put_in_behind_what_is_no_prose(first: str, last: str, behind: str | None, does: Does) -> None:
    """“Summarise the scene” put its summary between two lines of code, and another into the front matter's title."""
    selected = BLOCKS[BLOCKS.index(first) : BLOCKS.index(last) + len(last)]
    found = passage_of(selected, "scene", does, BLOCKS)
    if behind is None:
        assert found is None
        return
    assert found is not None
    passage, span, place = found
    assert passage.endswith(behind)
    assert place == Span(span.end, span.end), "what stands right behind what was read follows it"


def test_a_scene_that_ends_in_a_table_is_summarised_before_it() -> None:
    at = BLOCKS.index("Tom")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(BLOCKS))
    target = target_of(manuscript, Span(at, at), variant(takes="scene", does="insert"))
    assert target is not None
    assert BLOCKS[: target.place.end].endswith("He woke.")


@pytest.mark.parametrize("tail", ["\n\n[^1]: In June.\n", "\n\n```\ncode\n```\n", "\n\n<!-- todo -->\n", "\n"])
def test_a_selected_story_goes_on_behind_its_prose(tail: str) -> None:
    """With a whole file chosen, the continuation stood in the footnote at its end, or under a fence."""
    story = "He left.[^1] She slept."
    manuscript = Manuscript("file:///story.md", 1, Rope.of(story + tail))
    target = target_of(manuscript, Span(0, len(story + tail)), variant(takes="caret", does="insert"))
    assert target is not None
    assert target.place == Span(len(story), len(story))


def test_nothing_goes_on_in_the_row_of_a_table() -> None:
    """“Continue from here” wrote a sentence of the story into a cell."""
    entry = variant(takes="caret", does="insert")
    for at in (BLOCKS.index("| 1"), BLOCKS.index("2 |") + 3):
        assert target_of(Manuscript("file:///story.md", 1, Rope.of(BLOCKS)), Span(at, at), entry) is None
        plain = Manuscript("file:///story.txt", 1, Rope.of(BLOCKS), markdown=False)
        assert target_of(plain, Span(at, at), entry) is not None


MARKED = (
    "---\ntitle: x\n---\n\n# Tom woke\n\nHe wrote `x = 1` and [went](there.md).\n\n```\ncode\n```\n\n<!-- to do -->\n"
)


@pytest.mark.parametrize("inside", ["tle: x", "Tom woke", "om woke", "= 1", "here.md", "code", "ode", "to do"])
def test_nothing_is_written_at_a_caret_where_there_is_no_prose(inside: str) -> None:
    """“Continue from here” wrote a sentence of the story into the front matter, and another into a block of code."""
    at = MARKED.index(inside)
    entry = variant(takes="caret", does="insert")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(MARKED))
    assert target_of(manuscript, Span(at, at), entry) is None
    plain = Manuscript("file:///story.txt", 1, Rope.of(MARKED), markdown=False)
    assert target_of(plain, Span(at, at), entry) is not None, "a plain text is all prose"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("He wai|ted.", "He waited|."),
        ("He do|n’t wait.", "He don’t| wait."),
        ("He don’|t wait.", "He don’t| wait."),
        ("A half-|open door.", "A half-open| door."),
        ("He| waited.", "He| waited."),
        ("|He waited.", "|He waited."),
        ("", "|"),
        ("# Tom\n\n|\n", "# Tom\n\n|\n"),
        ("他等|了。", "他等|了。"),
    ],
)
def test_a_caret_inside_a_word_means_its_end(marked: str, expected: str) -> None:
    """With the caret in “wai|ted” the next sentence was put between the two halves."""
    at = max(marked.find("|"), 0)
    text = marked.replace("|", "")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(text))
    target = target_of(manuscript, Span(at, at), variant(takes="caret", does="insert"))
    end = expected.index("|")
    assert target is not None
    assert (target.passage, target.place) == (Span(end, end), Span(end, end))
