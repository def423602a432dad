"""An answer that went out early, and what becomes of it."""

from __future__ import annotations

import pytest
from lsprotocol import types

from lsp_writer.server.suggestion_grown import tell_grown
from tests.scripted_text_model import ScriptedTextModel
from tests.server.editor import EDITORS, URI, AttachedEditor, attached

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("speaks", EDITORS)]

INVOKED = types.InlineCompletionTriggerKind.Invoked
SENTENCE = " harbour wall by a rope."


def model(seconds_a_word: float = 0.0) -> ScriptedTextModel:
    words = {"the old": ("harbour", "house", "hut", "holm", "hall")}
    return ScriptedTextModel({"the old": SENTENCE}, words, seconds_a_word=seconds_a_word)


async def write(editor: AttachedEditor) -> None:
    editor.open("At the ol")
    await editor.ghost_text(len(editor.text))
    editor.replace(len(editor.text), len(editor.text), "d")
    await editor.hover(0)  # the change has been heard


async def texts(editor: AttachedEditor, **context: object) -> list[str]:
    return [str(item.insert_text) for item in await editor.ghost_text(len(editor.text), **context)]


async def test_a_client_that_refreshes_is_told_of_more_and_gets_it(speaks: str) -> None:
    async with attached(model(0.15), speaks=speaks, options={"refreshes": True}) as editor:
        await write(editor)
        (early,) = await texts(editor)
        assert len(early) < len(SENTENCE)
        await editor.until(lambda: editor.grown)
        assert editor.grown == [{"uri": URI, "version": editor.version}]
        (whole,) = await texts(editor)
        assert whole == f"old{SENTENCE}"
        assert whole.startswith(early)


async def test_other_clients_are_not_told(speaks: str) -> None:
    async with attached(model(), speaks=speaks) as editor:
        await write(editor)
        tell_grown(editor.server.session, URI, editor.version)
        await texts(editor)
        assert editor.grown == []


@pytest.mark.parametrize(("uri", "older"), [(URI, 1), ("file:///closed.md", 0)])
async def test_nobody_is_told_of_a_text_that_has_changed_or_gone(speaks: str, uri: str, older: int) -> None:
    async with attached(model(), speaks=speaks, options={"refreshes": True}) as editor:
        editor.open("At the old")
        await editor.hover(0)
        tell_grown(editor.server.session, uri, editor.version - older)
        await editor.hover(0)
        assert editor.grown == []


async def test_asking_again_because_it_was_told_is_no_asking_by_the_writer(speaks: str) -> None:
    """VS Code can only ask again as if the writer had, and five suggestions were made each time."""
    async with attached(model(), speaks=speaks, options={"refreshes": True}) as editor:
        await write(editor)
        tell_grown(editor.server.session, URI, editor.version)
        assert len(await texts(editor, trigger_kind=INVOKED)) == 1
        assert len(await texts(editor, trigger_kind=INVOKED)) == 5, "this time it was the writer"


async def test_what_was_told_of_an_earlier_version_is_past(speaks: str) -> None:
    async with attached(model(), speaks=speaks, options={"refreshes": True}) as editor:
        await write(editor)
        tell_grown(editor.server.session, URI, editor.version)
        editor.replace(0, 2, "By")
        assert len(await texts(editor, trigger_kind=INVOKED)) == 5


async def test_only_a_plain_yes_counts(speaks: str) -> None:
    for said, meant in ((True, True), ("yes", False), (1, False)):
        async with attached(model(), speaks=speaks, options={"refreshes": said}) as editor:
            assert editor.server.session.client.refreshes is meant
            assert editor.messages == []
