"""The open documents. pygls keeps copies of its own, but splits lines where editors do not and slows as they grow."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from lsprotocol import types

from lsp_writer.errors import InvalidRequest
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span
from lsp_writer.server.convert import span_of

_MARKDOWN = frozenset({"markdown", "mdx", "pandoc", "quarto", "rmd"})


class Documents:
    """Open documents by URI, each as it stands now. A `Manuscript` taken from here never changes."""

    def __init__(self, encoding: types.PositionEncodingKind) -> None:
        self._encoding = encoding
        self._open: dict[str, Manuscript] = {}

    def open(self, document: types.TextDocumentItem) -> None:
        self._open[document.uri] = Manuscript(
            uri=document.uri,
            version=document.version,
            text=Rope.of(document.text),
            markdown=document.language_id in _MARKDOWN,
        )

    def change(
        self, uri: str, version: int, changes: Sequence[types.TextDocumentContentChangeEvent]
    ) -> tuple[Edit, ...]:
        """Apply `changes` in order and return what each did, as small as it can be told.

        Raises InvalidRequest if the document is not open.
        """
        before = self.get(uri)
        text = before.text
        edits = []
        for change in changes:
            text, edit = self._applied(text, change)
            edits.append(edit)
        self._open[uri] = Manuscript(uri=uri, version=version, text=text, markdown=before.markdown)
        return tuple(edits)

    def close(self, uri: str) -> None:
        self._open.pop(uri, None)

    def find(self, uri: str) -> Manuscript | None:
        return self._open.get(uri)

    def get(self, uri: str) -> Manuscript:
        """Raises InvalidRequest if the document is not open."""
        manuscript = self._open.get(uri)
        if manuscript is None:
            raise InvalidRequest("That document is not open in the editor. Open it and try again.")
        return manuscript

    def __iter__(self) -> Iterator[Manuscript]:
        return iter(tuple(self._open.values()))

    def is_current(self, manuscript: Manuscript) -> bool:
        """Whether the document is still as it was when `manuscript` was taken."""
        return self._open.get(manuscript.uri) is manuscript

    def _applied(self, text: Rope, change: types.TextDocumentContentChangeEvent) -> tuple[Rope, Edit]:
        if isinstance(change, types.TextDocumentContentChangePartial):
            span = span_of(text, change.range, self._encoding)
            return text.replace(span.start, span.end, change.text), _edit(text, span, change.text)
        return Rope.of(change.text), _edit(text, Span(0, len(text)), change.text)


def _edit(text: Rope, span: Span, new: str) -> Edit:
    """The replacement of `span` by `new` without what both begin and end with: some clients send the whole document,
    or whole lines, for one letter."""
    if not span or not new:
        return Edit(span, len(new))
    old = text.slice(span.start, span.end)
    shorter = min(len(old), len(new))
    head = _common(shorter, lambda length: old[:length] == new[:length])
    tail = _common(shorter - head, lambda length: not length or old[-length:] == new[-length:])
    return Edit(Span(span.start + head, span.end - tail), len(new) - head - tail)


def _common(limit: int, equal: Callable[[int], bool]) -> int:
    """The greatest length up to `limit` for which `equal` holds. Comparing slices beats a loop over characters."""
    return bisect_left(range(1, limit + 1), True, key=lambda length: not equal(length))
