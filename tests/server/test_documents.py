from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from lsp_writer.errors import InvalidRequest
from lsp_writer.prose.span import Edit, Span, follow
from lsp_writer.server.documents import Documents
from tests.server.test_convert import AWKWARD

URI = "file:///story.md"
UTF16 = types.PositionEncodingKind.Utf16


def opened(text: str, language: str = "markdown") -> Documents:
    documents = Documents(UTF16)
    documents.open(types.TextDocumentItem(uri=URI, language_id=language, version=1, text=text))
    return documents


def position(text: str, offset: int) -> types.Position:
    """As an editor counts, without the server's code."""
    before = re.split(r"\r\n|\n|\r", text[:offset])
    return types.Position(len(before) - 1, len(before[-1].encode("utf-16-le", "surrogatepass")) // 2)


def partial(text: str, start: int, end: int, new: str) -> types.TextDocumentContentChangePartial:
    return types.TextDocumentContentChangePartial(
        range=types.Range(position(text, start), position(text, end)), text=new
    )


def apply(text: str, edit: Edit, new_text: str) -> str:
    inserted = new_text[edit.span.start : edit.span.start + edit.inserted]
    return text[: edit.span.start] + inserted + text[edit.span.end :]


@given(text=AWKWARD, edits=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80), AWKWARD), max_size=6))
def test_incremental_changes_leave_the_same_text_as_in_the_editor(text: str, edits: list[tuple[int, int, str]]) -> None:
    documents = opened(text)
    for version, (first, second, new) in enumerate(edits, start=2):
        start, end = sorted((min(first, len(text)), min(second, len(text))))
        # No editor puts a caret between the two halves of a line break.
        start -= text[max(start - 1, 0) : start + 1] == "\r\n"
        end += text[max(end - 1, 0) : end + 1] == "\r\n"
        (edit,) = documents.change(URI, version, [partial(text, start, end, new)])
        after = text[:start] + new + text[end:]
        assert str(documents.get(URI).text) == after
        assert documents.get(URI).version == version
        assert apply(text, edit, after) == after
        text = after


@given(before=AWKWARD, after=AWKWARD)
def test_a_full_change_is_reported_as_the_part_that_changed(before: str, after: str) -> None:
    documents = opened(before)
    (edit,) = documents.change(URI, 2, [types.TextDocumentContentChangeWholeDocument(text=after)])
    assert str(documents.get(URI).text) == after
    assert apply(before, edit, after) == after
    if before == after:
        assert edit.inserted == len(edit.span) == 0


def test_a_passage_survives_a_client_that_sends_the_whole_text() -> None:
    documents = opened("One. Two. Three.")
    (edit,) = documents.change(URI, 2, [types.TextDocumentContentChangeWholeDocument(text="Once. Two. Three!")])
    assert follow(Span(5, 9), edit) is None, "one edit cannot leave the middle out"
    (edit,) = documents.change(URI, 3, [types.TextDocumentContentChangeWholeDocument(text="Oh, once. Two. Three!")])
    assert follow(Span(6, 10), edit) == Span(10, 14)


def test_changes_of_one_message_build_on_each_other() -> None:
    documents = opened("a")
    documents.change(URI, 2, [partial("a", 1, 1, "\nb"), partial("a\nb", 3, 3, "c")])
    assert str(documents.get(URI).text) == "a\nbc"


def test_a_snapshot_stays_as_it_was() -> None:
    documents = opened("before")
    snapshot = documents.get(URI)
    assert documents.is_current(snapshot)
    documents.change(URI, 2, [partial("before", 0, 6, "after")])
    assert str(snapshot.text) == "before"
    assert not documents.is_current(snapshot)


def test_a_keystroke_in_a_book_makes_only_its_own_lines_anew() -> None:
    book = "A line of a book.\n" * 100_000
    documents = opened(book)
    before = set(documents.get(URI).text.leaves)
    documents.change(URI, 2, [partial("", 0, 0, "x")])
    assert len(before.symmetric_difference(documents.get(URI).text.leaves)) <= 4


def test_only_markdown_is_masked() -> None:
    assert opened("", "markdown").get(URI).markdown
    assert not opened("", "plaintext").get(URI).markdown


def test_a_document_that_is_not_open() -> None:
    documents = opened("text")
    documents.close(URI)
    documents.close(URI)
    assert documents.find(URI) is None
    with pytest.raises(InvalidRequest, match="not open"):
        documents.get(URI)
    with pytest.raises(InvalidRequest, match="not open"):
        documents.change(URI, 2, [])
