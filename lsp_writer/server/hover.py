"""textDocument/hover: what is worth a look in the sentence under the pointer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from lsp_writer.server.convert import offset_of, range_of
from lsp_writer.server.session import Session

if TYPE_CHECKING:
    from lsp_writer.features.critiques.review import Review

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


async def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    from lsp_writer.features.critiques.review import review

    manuscript = session.documents.find(params.text_document.uri)
    wishes = session.wishes(manuscript) if manuscript else None
    if manuscript is None or wishes is None or not wishes.settings.enabled:
        return None
    offset = offset_of(manuscript.text, params.position, session.client.encoding)
    session.margins.looked_at(manuscript.uri, offset)
    found = await review(
        session.critic,
        session.model,
        manuscript,
        offset,
        wishes,
        known=session.margins.known(manuscript.uri).others,
        notes=session.notes,
    )
    if found is None or not session.documents.is_current(manuscript):
        return None
    markdown = session.client.renders_markdown
    return types.Hover(
        contents=types.MarkupContent(
            kind=types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText,
            value=_as_markdown(found) if markdown else _as_plain_text(found),
        ),
        range=range_of(manuscript.text, found.span, session.client.encoding),
    )


def _as_markdown(review: Review) -> str:
    findings = [
        f"- **{_escaped(finding.kind)}**: {_escaped(finding.reason)} *{_escaped(finding.suggestion)}*"
        for finding in review.findings
    ]
    note = f"**note by the model**: {_escaped(review.note)}" if review.note else ""
    return "\n\n".join(part for part in ("\n".join(findings), _escaped(review.facts), note) if part)


def _as_plain_text(review: Review) -> str:
    findings = [f"{finding.kind}: {finding.reason} {finding.suggestion}" for finding in review.findings]
    note = f"note by the model: {review.note}" if review.note else ""
    return "\n".join(part for part in (*findings, review.facts, note) if part)


def _escaped(text: str) -> str:
    """The manuscript's own asterisks are not ours to render."""
    return _MARKUP.sub(r"\\\1", text)
