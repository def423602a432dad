"""Texts that are no ordinary prose, through real pipes: never a crash, never a wrong edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lsprotocol import types

from tests.e2e.stdio_editor import StdioEditor, started
from tests.lsp_editor import EDITORS, URI

pytestmark = pytest.mark.process

PASSAGE = "Mara opened the letter at the kitchen table and read it twice."
NOIR = "Mara opened the letter under the naked bulb of the kitchen, and the rain read it twice with her."
REPLIES = json.dumps({"noir": NOIR, "": " and went on."})
FAR = 2**31 - 1


@pytest.fixture(autouse=True)
def no_configuration_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


async def ask_everything(editor: StdioEditor, place: types.Position) -> None:
    """Every answer may be empty; an error would be raised here."""
    document, client = types.TextDocumentIdentifier(uri=URI), editor.client
    automatic = types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic)
    await client.text_document_inline_completion_async(types.InlineCompletionParams(automatic, document, place))
    await client.text_document_completion_async(types.CompletionParams(document, place))
    await client.text_document_hover_async(types.HoverParams(document, place))
    nothing = types.CodeActionContext(diagnostics=[])
    await client.text_document_code_action_async(
        types.CodeActionParams(document, types.Range(place, types.Position(FAR, FAR)), nothing)
    )


ODD = (
    "halves of surrogate pairs: \ud83d and \ude00, \ude00\ud83d",
    "control characters: \0\0 and \x1b",
    "every line ending: one\r\ntwo\rthree\n\r\n\r",
    "what only looks like one: one\u2028two\u2029three\x85four\ffive\vsix",
    "characters of many units: e\u0301 😀 👩\u200d👩\u200d👧 猫猫 \u202eright to left\u202c",
    "a byte-order mark: \ufeff",
)


@pytest.mark.parametrize("speaks", EDITORS)
@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("several words " * 750_000, id="a line of ten megabytes"),
        pytest.param("\n".join(ODD), id="odd characters"),
        pytest.param("", id="nothing"),
    ],
)
async def test_a_rewrite_between_odd_lines_changes_nothing_else(speaks: str, odd: str) -> None:
    before, after = f"{odd}\n\n", f"\n\n{odd}"
    async with started("tests/e2e/scripted_server.py", REPLIES, speaks=speaks) as editor:
        editor.open(before + PASSAGE + after)
        for line, character in ((0, 0), (0, 28), (0, FAR), (1, 1), (3, FAR), (FAR, 0), (FAR, FAR)):
            await ask_everything(editor, types.Position(line, character))
        editor.replace(0, 0, "x")
        editor.replace(len(editor.text), len(editor.text), "x")
        start = len(before) + 1
        await editor.rewrite(start, start + len(PASSAGE))
        await editor.until(lambda: editor.version == 4 or editor.messages)
        assert editor.messages == []
        assert editor.text == f"x{before}{NOIR}{after}x"
