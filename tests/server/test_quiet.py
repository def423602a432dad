"""Fewer suggestions, by the writer's choice: a pause, a switch in the file, and places that are no prose."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.scripted_text_model import ScriptedTextModel
from tests.server.editor import EDITORS, AttachedEditor, attached

pytestmark = pytest.mark.parametrize("speaks", EDITORS)

INVOKED = types.InlineCompletionTriggerKind.Invoked
TEXT = "At the old$0"


def model() -> ScriptedTextModel:
    return ScriptedTextModel({"the old": " harbour wall."}, {"the old": ("harbour", "house")})


async def check_offers(
    speaks: str, marked: str, *offered: str, settings: object = None, language: str = "markdown"
) -> None:
    """`offered` names all that there is at the caret: ghost text by itself, when asked for, the menu."""
    async with attached(model(), speaks=speaks, settings=settings) as editor:
        offset = editor.open(marked, language)
        assert await offers(editor, offset) == set(offered)


async def offers(editor: AttachedEditor, offset: int) -> set[str]:
    found = {
        "automatic": await editor.ghost_text(offset),
        "asked": await editor.ghost_text(offset, trigger_kind=INVOKED),
        "menu": (await editor.complete(offset)).items,
    }
    return {name for name, items in found.items() if items}


async def test_while_paused_only_what_is_asked_for_comes(speaks: str) -> None:
    async with attached(model(), speaks=speaks) as editor:
        offset = editor.open(TEXT)
        await editor.run("lspWriter.pause")
        assert editor.statuses[-1] == {"state": "paused", "message": "", "reason": "suggestions are paused"}
        assert await offers(editor, offset) == {"asked"}
        assert await editor.ghost_text(offset) == []
        await editor.until(lambda: editor.statuses[-1]["reason"] == "suggestions are paused")
        await editor.run("lspWriter.resume")
        assert editor.statuses[-1] == {"state": "ready", "message": "", "reason": ""}
        assert await offers(editor, offset) == {"automatic", "asked", "menu"}


async def test_a_pause_keeps_the_model_from_work(speaks: str) -> None:
    async with attached(model(), speaks=speaks) as editor:
        offset = editor.open(TEXT)
        await editor.run("lspWriter.pause")
        await editor.ghost_text(offset)
        await editor.complete(offset)
        assert editor.model.asked == []


async def test_rewrites_and_critiques_go_on_while_paused(speaks: str) -> None:
    async with attached(model(), speaks=speaks) as editor:
        offset = editor.open("The door was op$0ened by Mara.")
        await editor.run("lspWriter.pause")
        assert await editor.hover(offset) is not None
        assert await editor.actions(offset, offset)
        await editor.rewrite(0, 8)
        assert editor.statuses[-1]["state"] == "paused"


@pytest.mark.parametrize(
    ("front_matter", "offered"),
    [
        ("title: The Ferry", {"automatic", "asked", "menu"}),
        ("lspWriter: off", set()),
        ("lspWriter:\n  ghostText: off", {"menu"}),
        ("lspWriter:\n  ghostText: onDemand", {"asked", "menu"}),
        ("lspWriter:\n  menu: off", {"automatic", "asked"}),
    ],
)
async def test_a_switch_in_the_file(speaks: str, front_matter: str, offered: set[str]) -> None:
    await check_offers(speaks, f"---\n{front_matter}\n---\n\n{TEXT}", *offered)


async def test_the_file_comes_before_the_settings(speaks: str) -> None:
    settings = {"ghostText": {"mode": "off"}, "menu": {"enabled": False}}
    await check_offers(speaks, TEXT, settings=settings)
    text = f"---\nlspWriter:\n  ghostText: onDemand\n  menu: on\n---\n\n{TEXT}"
    await check_offers(speaks, text, "asked", "menu", settings=settings)


async def test_plain_text_has_no_switch(speaks: str) -> None:
    text = f"---\nlspWriter: off\n---\n\n{TEXT}"
    await check_offers(speaks, text, "automatic", "asked", "menu", language="plaintext")


@pytest.mark.parametrize(
    "marked",
    [
        "# At the old$0",
        "---\ntitle: At the old$0\n---\n\nProse.\n",
        "```\nAt the old$0\n```\n",
        "Some `at the old$0` code.",
        'Go [there](http://x.y/ "at the old$0") now.',
        "A [[the old$0]] place.",
        "<!-- at the old$0 -->",
        "One <!-- at\nthe old$0 --> two.",
        '<p title="the old$0">',
    ],
)
async def test_nothing_comes_where_there_is_no_prose(speaks: str, marked: str) -> None:
    await check_offers(speaks, marked)


async def test_who_wants_nothing_learnt_is_heard_at_once(
    speaks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept between the change of the setting and the next suggestion was learnt all the same."""
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path))
    async with attached(model(), speaks=speaks) as editor:
        offset = editor.open(TEXT)
        (item,) = await editor.ghost_text(offset)
        editor.configure({"ghostText": {"learn": False}})
        await editor.until(lambda: not editor.server.session.settings.ghost_text.learn)
        editor.replace(offset, offset, f"{item.insert_text} And then.")
        await editor.hover(0)
    assert not any(Path.iterdir(tmp_path))
