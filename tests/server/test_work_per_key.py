"""The server's own work for a key does not grow with the document. Counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from lsprotocol import types

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.wanted import Wishes, wanted
from lsp_writer.prose.front_matter import Switches, switches
from lsp_writer.prose.markdown import markup_at
from lsp_writer.prose.passage import Anchor, Window, passage_before
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import offset_of
from lsp_writer.server.documents import Documents

URI = "file:///book.md"
UTF16 = types.PositionEncodingKind.Utf16
PARAGRAPH = "The lamp was lit, and the sea went on under it. “Is it late?” she asked.\n\n"
WORDS = 16
# A book has full leaves and a note has not: the work may grow that far, and not with the number of leaves.
FACTOR = 3


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls, Python's own and those written in C; a generator counts at every item."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def calls_for_a_key(words: int, language: str, paragraph: str = PARAGRAPH) -> int:
    """What a key in the middle of `words` words costs, from the editor's change to the passage that the model reads."""
    documents = Documents(UTF16)
    middle = paragraph * (words // WORDS // 2)
    documents.open(types.TextDocumentItem(URI, language, 1, middle * 2))
    line, column = middle.count("\n"), len(middle) - middle.rfind("\n") - 1

    def key(version: int, anchor: Anchor | None) -> Anchor:
        place = types.Position(line, column + 10 + version)
        change = types.TextDocumentContentChangePartial(range=types.Range(place, place), text="x")
        documents.change(URI, version, [change])
        manuscript = documents.get(URI)
        offset = offset_of(manuscript.text, types.Position(line, column + 11 + version), UTF16)
        assert switches(manuscript) == Switches()
        assert markup_at(manuscript, offset) is None
        here = Finding(Span(offset - 1, offset), CritiqueKind.SPELLING, "", "")
        assert wanted([here], manuscript, Wishes())
        passage = passage_before(manuscript, offset, anchor, Window())
        assert passage.text.endswith("x")
        return passage.anchor

    anchor = key(2, None)  # the first key reads what later ones find
    return calls(lambda: key(3, anchor))


@pytest.mark.parametrize("language", ["markdown", "plaintext"])
def test_a_key_costs_the_same_in_a_book_as_in_a_note(language: str) -> None:
    assert calls_for_a_key(100_000, language) < FACTOR * calls_for_a_key(1_000, language)


def test_a_key_costs_the_same_among_comments() -> None:
    page = PARAGRAPH * 10 + "<!-- lsp-writer: ignore adverb -->\n" + PARAGRAPH * 10
    assert calls_for_a_key(100_000 // 20, "markdown", page) < FACTOR * calls_for_a_key(1_000 // 10, "markdown", page)


@pytest.mark.parametrize("language", ["markdown", "plaintext"])
def test_a_key_costs_the_same_in_a_book_pasted_as_one_line(language: str) -> None:
    line = PARAGRAPH.replace("\n", " ")
    assert calls_for_a_key(100_000, language, line) < FACTOR * calls_for_a_key(1_000, language)


def test_work_that_grows_with_the_text_would_be_seen() -> None:
    note, book = (Documents(UTF16) for _ in range(2))
    note.open(types.TextDocumentItem(URI, "markdown", 1, PARAGRAPH * 60))
    book.open(types.TextDocumentItem(URI, "markdown", 1, PARAGRAPH * 6_000))
    assert calls(lambda: str(book.get(URI).text)) > FACTOR * calls(lambda: str(note.get(URI).text))
