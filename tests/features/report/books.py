"""Books for tests of the report."""

from __future__ import annotations

from lsp_writer.features.report.book import Book, Source, book_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope


def source(text: str, name: str = "story", *, markdown: bool = True) -> Source:
    return Source(name, Manuscript(f"file:///{name}.md", 1, Rope.of(text), markdown))


def book(*texts: str) -> Book:
    return book_of("The Ferry", [source(text, f"file {number}") for number, text in enumerate(texts, 1)])
