"""Chapters and scenes as an editor shows them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from lsprotocol import types

from tests.server.editor import EDITORS, URI, AttachedEditor, attached

NOVEL = """A line 😀 before all.\r
\r
# One 😀\r
\r
😀 First she came.\r
\r
***\r
\r
Second. He left her there without a word to anybody at all.\r
\r
## A letter\r
\r
Dear friend.\r
\r
# Two\r
\r
Last. It$0 rained.\r
"""
_DOCUMENT = types.TextDocumentIdentifier(URI)


def shown(editor: AttachedEditor, range_: types.Range) -> str:
    return " ".join(editor.text[editor.offset(range_.start) : editor.offset(range_.end)].split())


def named(symbols: Sequence[types.DocumentSymbol]) -> list[object]:
    return [(symbol.name, named(symbol.children or ())) for symbol in symbols]


@pytest.mark.parametrize("speaks", EDITORS)
async def test_chapters_hold_their_scenes_and_what_stands_under_them(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        editor.open(NOVEL)
        symbols = await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(_DOCUMENT))
        assert symbols is not None
        found = [symbol for symbol in symbols if isinstance(symbol, types.DocumentSymbol)]
        assert named(found) == [
            ("A line 😀 before all.", [("A line 😀 before all.", [])]),
            (
                "One 😀",
                [
                    ("😀 First she came.", []),
                    ("Second. He left her there without a …", []),
                    ("A letter", []),
                ],
            ),
            ("Two", []),
        ]
        assert shown(editor, found[1].selection_range) == "# One 😀"
        assert shown(editor, found[1].range).endswith("Dear friend.")


@pytest.mark.parametrize("speaks", EDITORS)
async def test_what_folds(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        editor.open(NOVEL)
        ranges = await editor.client.text_document_folding_range_async(types.FoldingRangeParams(_DOCUMENT))
        lines = editor.text.split("\r\n")
        assert ranges is not None
        assert [(lines[fold.start_line], lines[fold.end_line]) for fold in ranges] == [
            ("# One 😀", "Dear friend."),
            ("## A letter", "Dear friend."),
            ("# Two", "Last. It rained."),
        ]


@pytest.mark.parametrize("speaks", EDITORS)
async def test_a_selection_grows_from_the_sentence_to_the_book(speaks: str) -> None:
    async with attached(speaks=speaks) as editor:
        at = editor.open(NOVEL)
        found = await editor.client.text_document_selection_range_async(
            types.SelectionRangeParams(text_document=_DOCUMENT, positions=[editor.position(at)])
        )
        assert found is not None
        texts: list[str] = []
        selection: types.SelectionRange | None = found[0]
        while selection is not None:
            texts.append(shown(editor, selection.range))
            selection = selection.parent
        assert texts[:3] == ["It rained.", "Last. It rained.", "# Two Last. It rained."]
        assert texts[-1].startswith("A line 😀 before all.")
        assert len(texts) == 4


@pytest.mark.parametrize("text", ["$0", "$0\n", "```\nco$0de\n```\n", "---\ntitle: x$0\n---\n"])
async def test_where_there_is_no_prose(text: str) -> None:
    async with attached() as editor:
        at = editor.open(text)
        assert not await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(_DOCUMENT))
        assert not await editor.client.text_document_folding_range_async(types.FoldingRangeParams(_DOCUMENT))
        found = await editor.client.text_document_selection_range_async(
            types.SelectionRangeParams(text_document=_DOCUMENT, positions=[editor.position(at)])
        )
        assert found is not None
        assert found[0].parent is None
