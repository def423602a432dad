"""An immutable view of one document at one version: what features read."""

from __future__ import annotations

import msgspec

from lsp_writer.prose.rope import Rope


class Manuscript(msgspec.Struct, frozen=True):
    """A document as it stood when a request came in. Offsets into `text` are code points."""

    uri: str
    version: int
    text: Rope
    #: Markdown is masked (front matter, code, links' targets); any other text is prose throughout.
    markdown: bool = True
