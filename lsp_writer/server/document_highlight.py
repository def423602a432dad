"""textDocument/documentHighlight: every place of the name under the caret."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from lsprotocol import types

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import bare, word_spans
from lsp_writer.server.convert import offset_of, range_of
from lsp_writer.server.session import Session

# No name is looked for further than this from the caret.
_LONGEST = 64
# A name that stands everywhere tells nothing, and each place is a message to the editor.
_MOST = 2000


async def document_highlight(
    session: Session, params: types.DocumentHighlightParams
) -> Sequence[types.DocumentHighlight] | None:
    """None where there is no name, so that the editor does as it does without us."""
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None:
        return None
    encoding = session.client.encoding
    offset = offset_of(manuscript.text, params.position, encoding)
    session.margins.looked_at(manuscript.uri, offset)  # editors ask wherever the caret goes
    spans = await asyncio.to_thread(_places, manuscript, offset)
    return [types.DocumentHighlight(range_of(manuscript.text, span, encoding)) for span in spans] or None


def _places(manuscript: Manuscript, offset: int) -> list[Span]:
    first = max(offset - _LONGEST, 0)
    near = manuscript.text.slice(first, offset + _LONGEST)
    word = next((span for span in word_spans(near) if span.start <= offset - first <= span.end), None)
    name = bare(near[word.start : word.end]) if word else ""
    if not name[:1].isupper():
        return []
    text = str(manuscript.text)
    # A word that also stands in small letters is none: a name is written with a capital for what it is.
    if re.search(rf"\b{re.escape(name[:1].lower() + name[1:])}\b", text):
        return []
    found = re.finditer(rf"\b{re.escape(name)}\b", text)
    return [Span(*match.span()) for _, match in zip(range(_MOST), found, strict=False)]
