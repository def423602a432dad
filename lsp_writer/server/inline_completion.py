"""textDocument/inlineCompletion: ghost text."""

from __future__ import annotations

import msgspec
from lsprotocol import types

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import offset_of, range_of, span_of
from lsp_writer.server.session import Session

#: pygls does not announce the capability without options.
OPTIONS = types.InlineCompletionOptions()


async def inline_completion(session: Session, params: types.InlineCompletionParams) -> types.InlineCompletionList:
    from lsp_writer.features.continuation import NothingToSuggest

    nothing = types.InlineCompletionList(items=[])
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None or session.continuation is None:
        return nothing
    caret = _Caret.at(session, manuscript, params)
    invoked = params.context.trigger_kind is types.InlineCompletionTriggerKind.Invoked
    answer = await session.continuation.suggest(caret.manuscript, caret.offset, session.settings, invoked=invoked)
    if not session.documents.is_current(manuscript):
        return nothing
    if isinstance(answer, NothingToSuggest):
        session.status.suggested_nothing(answer.reason)
        return nothing
    session.status.suggested()
    insert, replaces = caret.seen_from_the_document(answer.text, answer.replaces)
    range_ = range_of(manuscript.text, replaces, session.client.encoding)
    return types.InlineCompletionList(items=[types.InlineCompletionItem(insert_text=insert, range=range_)])


class _Caret(msgspec.Struct, frozen=True):
    """Where to continue. While the menu shows a chosen word, that is after this word, as if it had been typed: the
    editor wants the ghost text to begin with it and to replace what it replaces."""

    manuscript: Manuscript
    offset: int
    chosen: str = ""
    replaces: Span | None = None

    @classmethod
    def at(cls, session: Session, manuscript: Manuscript, params: types.InlineCompletionParams) -> _Caret:
        text, encoding = manuscript.text, session.client.encoding
        menu = params.context.selected_completion_info
        if menu is None:
            return cls(manuscript, offset_of(text, params.position, encoding))
        span = span_of(text, menu.range, encoding)
        typed = msgspec.structs.replace(manuscript, text=text.replace(span.start, span.end, menu.text))
        return cls(typed, span.start + len(menu.text), menu.text, span)

    def seen_from_the_document(self, text: str, replaces: Span) -> tuple[str, Span]:
        if self.replaces is None:
            return text, replaces
        return self.chosen + text[len(replaces) :], self.replaces
