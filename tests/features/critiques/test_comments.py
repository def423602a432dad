"""Comments in the manuscript that say what is to be passed over."""

from __future__ import annotations

import re

import pytest

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.wanted import Wishes, wanted
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from lsp_writer.settings import CritiqueSettings

_MARKED = re.compile("⟦(.*?)⟧")


def check_heard(marked: str, heard: list[str], *, markdown: bool = True) -> None:
    """Of the adverbs in ⟦⟧ the writer hears of these, whatever the line ends."""
    for text in (marked, marked.replace("\n", "\r\n"), marked.replace("\n", "\r")):
        plain, findings = "", []
        for part, found in zip(*[iter([*_MARKED.split(text), ""])] * 2, strict=True):
            plain += part
            if found:
                span = Span(len(plain), len(plain) + len(found))
                findings.append(Finding(span, CritiqueKind.ADVERB, "", ""))
            plain += found
        manuscript = Manuscript("file:///story.md", 1, Rope.of(plain), markdown)
        left = wanted(findings, manuscript, Wishes(CritiqueSettings()))
        assert [plain[finding.span.start : finding.span.end] for finding in left] == heard


STORY = "😀 She ran ⟦quickly⟧.\n\n{}He ran ⟦slowly⟧,\nand ⟦softly⟧.\n\nThey ran ⟦madly⟧.\n"


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- lsp-writer: ignore adverb -->\n",
        "<!-- lsp-writer: ignore passive, adverb -->\n",
        "<!--lsp-writer:ignore Adverb passive-->\n",
        "<!-- lsp-writer: ignore -->\n",
        "<!-- lsp-writer: ignore -->\n\n",
        "<!-- lsp-writer: ignore adverb -->\n<!-- lsp-writer: ignore passive -->\n",
        "<!-- lsp-writer: ignore adverb -->\n<!-- a note of mine\n\nand more of it -->\n\n",
        "<!-- lsp-writer: ignore adverb --> ",
        "He saw <!-- lsp-writer: ignore adverb --> it. ",
        "- <!-- lsp-writer: ignore adverb --> ",
    ],
)
def test_a_comment_silences_its_paragraph(comment: str) -> None:
    check_heard(STORY.format(comment), ["quickly", "madly"])


def test_a_comment_behind_its_paragraph_is_in_it() -> None:
    check_heard("He ran ⟦slowly⟧. <!-- lsp-writer: ignore -->\n\nThey ran ⟦madly⟧.", ["madly"])


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- lsp-writer: ignore passive -->\n",
        "<!-- lsp-writer: ignore advrb -->\n",
        "<!-- lsp-writer: ignored -->\n",
        "<!-- lsp-writer -->\n",
        "<!-- ignore adverb -->\n",
        "```\n<!-- lsp-writer: ignore -->\n```\n",
        "`<!-- lsp-writer: ignore -->` ",
        "<!-- lsp-writer: ignore -->\n\n# A chapter\n\n",
        "<!-- lsp-writer: ignore -->\n\n***\n\n",
        "<!-- lsp-writer: ignore",
    ],
)
def test_what_silences_nothing_here(comment: str) -> None:
    check_heard(STORY.format(comment), ["quickly", "slowly", "softly", "madly"])


@pytest.mark.parametrize("what", ["", " adverb", " passive adverb"])
def test_a_stretch(what: str) -> None:
    stretch = f"⟦Now⟧.\n\n<!-- lsp-writer: off{what} -->\n\n⟦Then⟧.\n\n⟦There⟧.\n\n<!-- lsp-writer: on -->\n\n⟦Here⟧."
    check_heard(stretch, ["Now", "Here"])
    check_heard(stretch.partition("<!-- lsp-writer: on")[0], ["Now"])


def test_a_stretch_for_other_kinds() -> None:
    check_heard("<!-- lsp-writer: off passive -->\n\n⟦Then⟧.", ["Then"])
    check_heard("<!-- lsp-writer: off -->\n\n⟦A⟧.\n\n<!-- lsp-writer: on adverb -->\n\n⟦B⟧.", ["B"])
    check_heard("```\n<!-- lsp-writer: off -->\n```\n\n⟦Then⟧.", ["Then"])


def test_plain_text_has_no_comments() -> None:
    check_heard("<!-- lsp-writer: off -->\n⟦Then⟧.", ["Then"], markdown=False)


LEAF = 16_384


@pytest.mark.parametrize("seam", range(0, 40, 3))
@pytest.mark.parametrize("gap", [" ", "-"])
def test_a_comment_across_two_leaves(seam: int, gap: str) -> None:
    """In a book pasted as one line, a comment that happened to stand where a leaf ends silenced nothing."""
    comment = "<!-- lsp-writer: ignore adverb -->"
    before = "It was the sea. " * LEAF
    before = before[-(LEAF - len("Now slowly ") - seam) :].replace(" ", gap)
    line = f"⟦Now⟧ {before}⟦slowly⟧ {comment} ⟦softly⟧ and {'so it went on, ' * 2_000}⟦quickly⟧."
    check_heard(line, ["Now", "quickly"])


def test_a_stretch_that_begins_across_two_leaves() -> None:
    line = ("x" * 32 + " ") * 20_000
    for start in range(LEAF - 40, LEAF + 10, 7):
        check_heard(f"{line[:start]} <!-- lsp-writer: off --> ⟦Then⟧ {line}", [])


def test_comments_of_a_long_text() -> None:
    """Each is found in its own leaf, and counts for its own paragraph."""
    silent = "<!-- lsp-writer: ignore adverb -->\nHe ran ⟦slowly⟧.\n\n"
    other = "She ran ⟦quickly⟧, and nothing else came of it that summer.\n\n" * 300
    check_heard((silent + other) * 5, ["quickly"] * 1500)
