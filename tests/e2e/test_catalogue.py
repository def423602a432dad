"""Every shipped rewrite, on the real default model, over LSP through pipes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from lsp_writer.features.revision.entry import Entry
from lsp_writer.features.revision.library import shipped
from tests.e2e.stdio_editor import StdioEditor, started
from tests.lsp_editor import URI

pytestmark = [pytest.mark.model, pytest.mark.asyncio(loop_scope="module")]

BEFORE = "---\ntitle: The Ferry\n---\n\n# One\n\nIt had been a long winter on the colour-washed quay.\n\n"
PASSAGE = (
    "“You can't stay here,” said Anton at the door. Lena was very tired, and she recieved him without a a word. "
    "She folded the letter in 3, slowly, and put it behind the gray clock of many colours."
)
AFTER = "\n\nIn the morning the ice was gone.\n\n```\ncode\n```\n"
# Of what a small model says, most fails its checks, and the writer is told so.
SECONDS = 120


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StdioEditor]:
    folder: Path = tmp_path_factory.mktemp("config")
    environment = {"XDG_CONFIG_HOME": str(folder)}
    options = {"revisions": True}
    async with started(
        "-m", "lsp_writer", "--stdio", speaks="neovim", options=options, environment=environment
    ) as editor:
        yield editor


@pytest.mark.parametrize("entry", shipped().entries.values(), ids=lambda entry: entry.id)
async def test_it_keeps_to_its_place_and_passes_its_checks_or_says_that_it_did_not(
    editor: StdioEditor, entry: Entry
) -> None:
    text = BEFORE + PASSAGE + AFTER
    editor.open(text)
    told = len(editor.revisions)
    at = len(BEFORE + PASSAGE)
    start = at if entry.takes == "caret" else len(BEFORE)
    argument = {"uri": URI, "range": editor.range(start, at), "revision": entry.id, "answer": "as if it were a dream"}
    identifier = await editor.run("lspWriter.revise", argument)
    assert identifier
    await editor.until(lambda: _state(editor, told, identifier) in {"ready", "failed"}, seconds=SECONDS)
    assert editor.text == text, "nothing changes before the writer says so"
    if _state(editor, told, identifier) == "failed":
        assert entry.way in (None, "continue"), "what is faithful by construction comes to something"
        assert "gave nothing fit to offer" in editor.revisions[-1]["message"]
        return
    (alternative, *_) = editor.revisions[-1]["alternatives"]
    assert alternative.text.strip()
    await editor.run("lspWriter.acceptRevision", {"id": identifier})
    await editor.until(lambda: _state(editor, told, identifier) == "applied")
    assert editor.text != text
    assert editor.version == 2, "one change, which one undo takes back"
    new = editor.text[len(BEFORE) : -len(AFTER)]
    assert editor.text == BEFORE + new + AFTER
    if entry.does != "replace":
        assert new.startswith(PASSAGE)


def _state(editor: StdioEditor, told: int, identifier: str) -> str:
    states = [revision["state"] for revision in editor.revisions[told:] if revision["id"] == identifier]
    return states[-1] if states else ""
