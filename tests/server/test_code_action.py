"""The menu of rewrites: what is offered where, and for which passage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from lsp_writer.features.revision.entry import Entry
from tests.server.catalogue import small_catalogue
from tests.server.editor import EDITORS, AttachedEditor, attached

__all__ = ["small_catalogue"]

pytestmark = pytest.mark.usefixtures("small_catalogue")

STORY = "😀 One. Two more.\r\n\r\nThe end."
AT_THE_CARET = {
    "Rewrite as gothic": "😀 One. Two more.",
    "Dialect": "😀 One. Two more.",
    "Past tense": "Two more.",
    "Next beat": "😀 One. Two more.\r\n\r\nThe end.",
}


def passage(editor: AttachedEditor, action: types.CodeAction) -> str:
    assert action.command is not None
    argument: Any = (action.command.arguments or [])[0]
    start, end = (editor.offset(types.Position(**argument["range"][side])) for side in ("start", "end"))
    return editor.text[start:end]


@pytest.mark.parametrize("speaks", EDITORS)
class TestWhatIsOffered:
    async def check_offered(self, speaks: str, marked: str, end: int | None, expected: dict[str, str]) -> None:
        """At the caret, or the selection from there to `end`: each title, in order, with the passage it is for."""
        async with attached(speaks=speaks) as editor:
            offset = editor.open(marked)
            actions = await editor.actions(offset, offset if end is None else end)
            assert [(action.title, passage(editor, action)) for action in actions] == list(expected.items())

    async def test_at_the_caret(self, speaks: str) -> None:
        await self.check_offered(speaks, STORY.replace("more", "mo$0re"), None, AT_THE_CARET)

    async def test_for_a_selection(self, speaks: str) -> None:
        titles = ("Rewrite as gothic", "Dialect", "Tighten", "Past tense", "Next beat")
        expected = dict.fromkeys(titles, "Two more.")
        await self.check_offered(speaks, STORY.replace("Two", "$0Two"), STORY.index("e.\r") + 2, expected)

    @pytest.mark.parametrize("nothing", ["$0", "---\nti$0tle: x\n---\n", "```\nco$0de\n```\n", "# A hea$0ding\n"])
    async def test_where_there_is_no_prose(self, speaks: str, nothing: str) -> None:
        await self.check_offered(speaks, nothing, None, {})


@pytest.mark.parametrize(
    ("only", "titles"),
    [
        (["quickfix"], []),
        (["refactor"], list(AT_THE_CARET)),
        (["refactor.rewrite"], list(AT_THE_CARET)),
        ([""], list(AT_THE_CARET)),
        (["refactor.rewrite.grammar"], ["Past tense"]),
        (["refactor.rewrite.style", "refactor.rewrite.invention"], ["Rewrite as gothic", "Next beat"]),
        (["refactor.rewrite.gram"], []),
    ],
)
async def test_only_some_kinds_are_wanted(only: list[str], titles: list[str]) -> None:
    async with attached() as editor:
        offset = editor.open(STORY.replace("more", "mo$0re"))
        assert [action.title for action in await editor.actions(offset, offset, only)] == titles


async def test_what_needs_a_larger_model_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    def needs(entry: Entry, megabytes: int | None) -> bool:
        return entry.group == "style" and megabytes is not None

    monkeypatch.setattr("lsp_writer.features.revision.pass_rates.needs_larger", needs)
    async with attached() as editor:
        offset = editor.open(STORY.replace("more", "mo$0re"))
        titles = [action.title for action in await editor.actions(offset, offset)]
        assert titles == [*list(AT_THE_CARET)[1:], "Rewrite as gothic (needs a larger model)"]
        offers = await editor.run("lspWriter.revisions")
        assert [offer["id"] for offer in offers if offer["needsLargerModel"]] == ["gothic"] == [offers[-1]["id"]]


async def test_the_whole_catalogue() -> None:
    async with attached() as editor:
        offers = await editor.run("lspWriter.revisions")
        assert [offer["id"] for offer in offers] == ["gothic", "ask", "dialect", "tighten", "translate", "past", "beat"]
        assert offers[4] == {
            "id": "translate",
            "title": "Translate",
            "group": "craft",
            "takes": "paragraph",
            "does": "replace",
            "asks": "Which language?",
            "needsLargerModel": False,
        }


class TestFilesOfTheirOwn:
    """`rewrites` beside the user's settings, and `.lsp-writer/rewrites` in a workspace."""

    def rewrite(self, folder: Path, name: str, title: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / name
        file.write_text(f'title = "{title}"\n[instructions]\nen = "Sing it."\n', encoding="utf-8")
        return file

    def of_the_user(self, home: Path, name: str, title: str) -> Path:
        return self.rewrite(home / "lsp-writer" / "rewrites", name, title)

    def of_the_workspace(self, workspace: Path, name: str, title: str) -> Path:
        return self.rewrite(workspace / ".lsp-writer" / "rewrites", name, title)

    async def titles(self, editor: AttachedEditor) -> list[str]:
        return [action.title for action in await editor.actions(0, 0)]

    async def test_they_are_offered_first_and_read_again_when_they_change(self, tmp_path: Path) -> None:
        user, workspace = self.of_the_user(tmp_path, "song.toml", "A song"), tmp_path / "novel"
        self.of_the_workspace(workspace, "hymn.toml", "A hymn")
        async with attached(folders=[workspace]) as editor:
            editor.open("One.")
            assert (await self.titles(editor))[:2] == ["A hymn", "A song"]
            user.write_text(user.read_text().replace("A song", "A ballad"))
            self.of_the_workspace(workspace, "ode.toml", "An ode")
            assert (await self.titles(editor))[:3] == ["A ballad", "A hymn", "An ode"]
            user.unlink()
            assert (await self.titles(editor))[:2] == ["A hymn", "An ode"]
            assert editor.messages == []

    async def test_the_users_may_replace_a_shipped_one_and_a_workspaces_only_adds(self, tmp_path: Path) -> None:
        workspace = tmp_path / "novel"
        self.of_the_user(tmp_path, "gothic.toml", "My gothic")
        for name in ("gothic.toml", "past.toml", "new.toml"):
            self.of_the_workspace(workspace, name, f"Theirs {name}")
        async with attached(folders=[workspace]) as editor:
            editor.open("One.")
            titles = await self.titles(editor)
            assert titles[:2] == ["My gothic", "Theirs new.toml"]
            assert "Past tense" in titles
            assert [file in message for file, message in zip(("gothic", "past"), editor.messages, strict=True)]

    async def test_folders_come_and_go_with_the_workspace(self, tmp_path: Path) -> None:
        self.of_the_workspace(tmp_path / "novel", "hymn.toml", "A hymn")
        async with attached() as editor:
            editor.open("One.")
            folder = types.WorkspaceFolder(uri=(tmp_path / "novel").as_uri(), name="novel")
            editor.change_folders(added=[folder])
            assert "A hymn" in await self.titles(editor)
            editor.change_folders(removed=[folder])
            assert "A hymn" not in await self.titles(editor)

    async def test_the_writer_wants_none_from_workspaces(self, tmp_path: Path) -> None:
        self.of_the_workspace(tmp_path, "hymn.toml", "A hymn")
        settings = {"rewrite": {"workspaceFiles": False}}
        async with attached(folders=[tmp_path], settings=settings) as editor:
            editor.open("One.")
            assert "A hymn" not in await self.titles(editor)

    async def test_a_workspace_that_is_not_trusted_brings_none(self, tmp_path: Path) -> None:
        self.of_the_workspace(tmp_path / "novel", "hymn.toml", "A hymn")
        self.of_the_user(tmp_path, "song.toml", "A song")
        settings = {"rewrite": {"workspaceFiles": True}}
        async with attached(folders=[tmp_path / "novel"], options={"trusted": False}, settings=settings) as editor:
            editor.open("One.")
            assert (await self.titles(editor))[0] == "A song"
            assert "hymn" not in [offer["id"] for offer in await editor.run("lspWriter.revisions")]
            await editor.rewrite(0, 4, "hymn")
            assert "no rewrite called" in editor.messages[-1]

    @pytest.mark.parametrize("word", [True, None, "no", 0])
    async def test_a_workspace_is_trusted_unless_the_client_says_no(self, tmp_path: Path, word: object) -> None:
        self.of_the_workspace(tmp_path, "hymn.toml", "A hymn")
        async with attached(folders=[tmp_path], options={"trusted": word}) as editor:
            editor.open("One.")
            assert "A hymn" in await self.titles(editor)
            assert editor.messages == []

    @pytest.mark.parametrize(
        "uri", ["untitled:novel", "vscode-remote://there/novel", "file:///%00", "file:///no/where"]
    )
    async def test_a_workspace_that_is_no_folder_here(self, uri: str) -> None:
        async with attached() as editor:
            editor.open("One.")
            editor.change_folders(added=[types.WorkspaceFolder(uri=uri, name="novel")])
            assert await self.titles(editor) == list(AT_THE_CARET)
            assert editor.messages == []

    @pytest.mark.parametrize(
        "content", ["title = ", "", "\x00", 'titel = "x"', 'title = "x"\n[instructions]\nen = ""', "x" * 70_000]
    )
    async def test_a_bad_file_is_named_once(self, tmp_path: Path, content: str) -> None:
        file = self.of_the_workspace(tmp_path, "bad.toml", "Bad")
        file.write_text(content)
        async with attached(folders=[tmp_path]) as editor:
            editor.open("One.")
            assert await self.titles(editor) == list(AT_THE_CARET)
            await self.titles(editor)
            (message,) = editor.messages
            assert str(file) in message

    async def test_a_workspace_cannot_have_other_files_read(self, tmp_path: Path) -> None:
        """Neither by links, nor by a pipe, at which whoever reads waits for ever."""
        import os

        outside = self.rewrite(tmp_path / "outside", "private.toml", "Private")
        workspace, linked = tmp_path / "novel", tmp_path / "linked"
        rewrites = self.of_the_workspace(workspace, "hymn.toml", "A hymn").parent
        (rewrites / "link.toml").symlink_to(outside)
        (rewrites / "folder.toml").mkdir()
        (rewrites / "circle.toml").symlink_to(rewrites / "circle.toml")
        os.mkfifo(rewrites / "pipe.toml")
        (linked / ".lsp-writer").mkdir(parents=True)
        (linked / ".lsp-writer" / "rewrites").symlink_to(outside.parent)
        async with attached(folders=[workspace, linked]) as editor:
            editor.open("One.")
            assert [title for title in await self.titles(editor) if title not in AT_THE_CARET] == ["A hymn"]
            ignored = {message.partition(" was ignored")[0] for message in editor.messages}
            assert ignored == {str(rewrites / f"{name}.toml") for name in ("link", "folder", "circle", "pipe")}
