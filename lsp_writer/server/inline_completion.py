"""textDocument/inlineCompletion: ghost text."""

from __future__ import annotations

import msgspec
from lsprotocol import types

from lsp_writer.features.file_settings import settings_for
from lsp_writer.prose.front_matter import switches
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import offset_of, range_of, span_of
from lsp_writer.server.session import Session
from lsp_writer.server.status import PAUSED
from lsp_writer.server.suggestion_grown import was_told

#: pygls does not announce the capability without options.
OPTIONS = types.InlineCompletionOptions()


async def inline_completion(session: Session, params: types.InlineCompletionParams) -> types.InlineCompletionList:
    from lsp_writer.features.drafting import NothingToSuggest

    nothing = types.InlineCompletionList(items=[])
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None or session.continuation is None:
        return nothing
    grown = was_told(session, manuscript)
    invoked = params.context.trigger_kind is types.InlineCompletionTriggerKind.Invoked and not grown
    if session.paused and not invoked:
        session.status.suggested_nothing(PAUSED)
        return nothing
    caret = _Caret.at(session, manuscript, params)
    settings = settings_for(session.settings, switches(manuscript))
    answer = await session.continuation.suggest(
        caret.manuscript, caret.offset, settings, invoked=invoked, written=caret.replaces is None
    )
    if not session.documents.is_current(manuscript):
        return nothing
    if isinstance(answer, NothingToSuggest):
        session.status.suggested_nothing(answer.reason)
        return nothing
    session.status.suggested()
    if not invoked and caret.replaces is None:  # a word that the menu shows is not in the text
        session.continuation.shown(manuscript.uri, answer[0])
    items = []
    for suggestion in answer:
        insert, replaces = caret.seen_from_the_document(suggestion.text, suggestion.replaces)
        range_ = range_of(manuscript.text, replaces, session.client.encoding)
        items.append(types.InlineCompletionItem(insert_text=insert, range=range_))
    return types.InlineCompletionList(items=items)


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
