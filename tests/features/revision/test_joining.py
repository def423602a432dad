"""How a new text joins on to what stands around it."""

from __future__ import annotations

import pytest

from lsp_writer.features.revision.entry import Form
from lsp_writer.features.revision.joining import joined
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from tests.features.revision.commissions import variant


def put_in(marked: str, text: str, form: Form = "prose", *, markdown: bool = True) -> str:
    before, after = marked.split("|")
    manuscript = Manuscript("file:///story.md", 1, Rope.of(before + after), markdown)
    entry = variant(takes="caret", does="insert", form=form)
    return before + joined(manuscript, len(before), text, entry) + after


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("He left. |She slept.", "He left. It rained. She slept."),
        ("He left.| She slept.", "He left. It rained. She slept."),
        ("|She slept.", "It rained. She slept."),
        ("He left. |“No,” she said.", "He left. It rained. “No,” she said."),
        ("He left. |*No,* she thought.", "He left. It rained. *No,* she thought."),
        ("“He left.|” She slept.", "“He left. It rained.” She slept."),
        ("“He left.|»", "“He left. It rained.»"),
        ("(He left.|)", "(He left. It rained.)"),
        ("He left.|\n", "He left. It rained.\n"),
    ],
)
def test_a_text_at_the_caret_is_parted_from_what_follows(marked: str, expected: str) -> None:
    """A sentence put in before another was glued to it: “It rained.She slept.”"""
    assert put_in(marked, "It rained.") == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("He left.[^1]\n\n[^1]: In June.\n|", "He left.[^1]\n\n[^1]: In June.\n\nIt rained."),
        ("> He left.\n|\n", "> He left.\n\nIt rained.\n"),
        ("- milk\n|", "- milk\n\nIt rained."),
        ("***\n|", "***\n\nIt rained."),
        ("He left.\n|", "He left.\nIt rained."),
    ],
)
def test_a_text_at_the_caret_does_not_become_a_footnote(marked: str, expected: str) -> None:
    """The next sentence of a story was put under its last footnote, and was a part of that."""
    assert put_in(marked, "It rained.") == expected


def test_no_space_is_put_into_a_script_without_any() -> None:
    assert put_in("他走了。|“好。”", "下雨了。") == "他走了。下雨了。“好。”"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("He left.|\n", "He left.\n\n{}\n"),
        ("He left.\n\n|\n", "He left.\n\n{}\n"),
        ("He left.\n|\nShe slept.", "He left.\n\n{}\n\nShe slept."),
        ("He left.\n|She slept.", "He left.\n\n{}\n\nShe slept."),
        ("|She slept.", "{}\n\nShe slept."),
        ("He left.|\r\n\r\nShe slept.", "He left.\r\n\r\n{}\r\n\r\nShe slept."),
    ],
)
def test_a_text_of_several_lines_is_a_paragraph_of_its_own(marked: str, expected: str) -> None:
    """The first line of an outline went on in the writer's last paragraph, behind “He left.”"""
    break_ = "\r\n" if "\r" in marked else "\n"
    outline = ["- It rains.", "- It stops."]
    assert put_in(marked, "\n".join(outline), "lines") == expected.format(break_.join(outline))


def test_two_paragraphs_at_the_caret_are_not_begun_in_the_writer_s_own() -> None:
    assert put_in("He left.|", "It rained.\n\nIt stopped.") == "He left.\n\nIt rained.\n\nIt stopped."


@pytest.mark.parametrize(
    ("markdown", "text", "expected"),
    [
        (True, "Rain falls\nand stops", "Rain falls  \nand stops"),
        (True, "Rain falls\n\n3 swans\ngo by", "Rain falls\n\n3 swans  \ngo by"),
        (True, "1. Rain falls\n2. It stops", "1. Rain falls\n2. It stops"),
        (False, "Rain falls\nand stops", "Rain falls\nand stops"),
    ],
)
def test_lines_stay_apart_in_markdown(markdown: bool, text: str, expected: str) -> None:
    """An outline of five lines was shown as one paragraph in the preview."""
    assert put_in("|", text, "lines", markdown=markdown) == expected
