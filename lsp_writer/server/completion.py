"""textDocument/completion: the menu of probable words."""

from __future__ import annotations

from lsprotocol import types

from lsp_writer.features.file_settings import settings_for
from lsp_writer.prose.front_matter import switches
from lsp_writer.server.convert import offset_of, range_of
from lsp_writer.server.session import Session

#: Space is a trigger because the menu also offers whole next words.
OPTIONS = types.CompletionOptions(trigger_characters=[" "])


async def completion(session: Session, params: types.CompletionParams) -> types.CompletionList:
    from lsp_writer.features.word_choice import choose_words

    # Incomplete, so that the editor asks again at every letter instead of filtering old words.
    nothing = types.CompletionList(is_incomplete=True, items=[])
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None or session.continuation is None or session.paused:
        return nothing
    offset = offset_of(manuscript.text, params.position, session.client.encoding)
    settings = settings_for(session.settings, switches(manuscript))
    choice = await choose_words(session.continuation, manuscript, offset, settings)
    if not session.documents.is_current(manuscript):
        return nothing
    range_ = range_of(manuscript.text, choice.replaces, session.client.encoding)
    items = [_item(word.text, rank, range_) for rank, word in enumerate(choice.words)]
    return types.CompletionList(is_incomplete=True, items=items)


def _item(word: str, rank: int, range_: types.Range) -> types.CompletionItem:
    return types.CompletionItem(
        label=word,
        kind=types.CompletionItemKind.Text,
        sort_text=f"{rank:02}",
        filter_text=word,
        text_edit=types.TextEdit(range=range_, new_text=word),
    )
