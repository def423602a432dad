"""What a writer can do about a finding from the editor's menu."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from lsprotocol import types

from tests.server.editor import EDITORS, AttachedEditor, attached
from tests.server.test_diagnostic import InProcessReader

STORY = (
    "# One 😀\r\n\r\n😀 小刘 recieved the the letter. “Go,” she said softly.\r\n\r\n"
    "Zoe\u0308 waited untill he had recieved it. “Stay,” he said softly.\r\n"
)
FIX = ["quickfix"]


@asynccontextmanager
async def writing(
    folder: Path, text: str = STORY, *, speaks: str = EDITORS[0], language: str = "markdown"
) -> AsyncIterator[AttachedEditor]:
    """An editor with a story in `folder`, which has been read."""
    async with attached(speaks=speaks, reader=InProcessReader(), folders=[folder]) as editor:
        editor.uri = (folder / "chapters" / "story.md").as_uri()
        editor.open(text, language)
        await editor.until(lambda: editor.server.session.margins.known(editor.uri).complete)
        yield editor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "novel"
    folder.mkdir()
    return folder


async def titles(editor: AttachedEditor, word: str) -> list[str]:
    at = editor.text.index(word)
    return [action.title for action in await editor.actions(at, at, FIX)]


async def choose(editor: AttachedEditor, word: str, title: str) -> None:
    at = editor.text.index(word)
    await editor.take(next(action for action in await editor.actions(at, at, FIX) if action.title == title))


async def told(editor: AttachedEditor, word: str) -> str:
    hover = await editor.hover(editor.text.index(word))
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    return hover.contents.value


@pytest.mark.parametrize("speaks", EDITORS)
class TestInBothEditors:
    async def check_chosen(self, folder: Path, speaks: str, word: str, title: str, changed: str) -> None:
        """Choosing `title` at `word` makes `changed` of the story, in one change."""
        async with writing(folder, speaks=speaks) as editor:
            await choose(editor, word, title)
            assert editor.text == changed
            assert editor.version == 2
            await editor.hover(0)  # the server has followed
            server_text = editor.server.session.documents.get(editor.uri).text
            assert str(server_text) == changed

    async def test_one_fix(self, folder: Path, speaks: str) -> None:
        changed = STORY.replace("recieved the", "received the")
        await self.check_chosen(folder, speaks, "recieved", "Replace “recieved” with “received”", changed)
        await self.check_chosen(folder, speaks, "the the", "Leave out “the”", STORY.replace("the the", "the"))

    async def test_all_of_a_kind(self, folder: Path, speaks: str) -> None:
        changed = STORY.replace("recieved", "received").replace("untill", "until")
        await self.check_chosen(folder, speaks, "recieved", "Fix all 3 misspellings in the text", changed)

    async def test_ignore_in_this_paragraph(self, folder: Path, speaks: str) -> None:
        comment = "<!-- lsp-writer: ignore misspellings -->".replace("misspellings", "spelling")
        changed = STORY.replace("Zoe", f"{comment}\r\nZoe")
        await self.check_chosen(folder, speaks, "untill", "Ignore misspellings in this paragraph", changed)


async def test_what_is_offered_at_a_word(folder: Path) -> None:
    async with writing(folder) as editor:
        assert await titles(editor, "recieved") == [
            "Replace “recieved” with “received”",
            "Leave out “the”",
            "Fix all 3 misspellings in the text",
            "Add “recieved” to your dictionary",
            "Add “recieved” to this story’s dictionary",
            "Ignore misspellings in this paragraph",
        ]
        assert await titles(editor, "softly") == [
            "Ignore “softly” in this story",
            "Ignore adverbs in this paragraph",
            "Never mention “softly” again",
        ]


async def test_a_sentence_has_what_is_found_in_it(folder: Path) -> None:
    async with writing(folder) as editor:
        assert (await titles(editor, "letter"))[:2] == ["Replace “recieved” with “received”", "Leave out “the”"]


async def test_a_selection_has_what_it_touches(folder: Path) -> None:
    async with writing(folder) as editor:
        start, end = editor.text.index("untill"), editor.text.index(" he had")
        actions = await editor.actions(start, end, FIX)
        assert [action.title for action in actions][:2] == [
            "Replace “untill” with “until”",
            "Fix all 3 misspellings in the text",
        ]
        everything = await editor.actions(0, len(editor.text), FIX)
        assert "Leave out “the”" in [action.title for action in everything]


async def test_where_nothing_is_found(folder: Path) -> None:
    async with writing(folder) as editor:
        assert await titles(editor, "One") == []
        assert await editor.actions(2, 2, ["source"]) != []
        assert await editor.actions(2, 2, ["refactor.inline"]) == []


async def test_plain_text_gets_no_comments(folder: Path) -> None:
    async with writing(folder, language="plaintext") as editor:
        offered = await titles(editor, "softly")
        assert offered == ["Ignore “softly” in this story", "Never mention “softly” again"]


async def test_only_the_first_fix_of_a_slip_is_preferred(folder: Path) -> None:
    async with writing(folder) as editor:
        at = editor.text.index("recieved")
        preferred = [action.title for action in await editor.actions(at, at, FIX) if action.is_preferred]
        assert preferred == ["Replace “recieved” with “received”", "Leave out “the”"]


async def test_actions_belong_to_the_marks_of_the_editor(folder: Path) -> None:
    async with writing(folder) as editor:
        at = editor.text.index("recieved")
        mark = types.Diagnostic(range=editor.range(at, at + 8), message="", code="spelling", source="lsp-writer")
        other = types.Diagnostic(range=editor.range(at, at + 8), message="", code="grammar", source="lsp-writer")
        actions = await editor.actions(at, at, FIX, [mark, other])
        linked = {action.title: [each.code for each in action.diagnostics or ()] for action in actions}
        assert linked["Replace “recieved” with “received”"] == ["spelling"]
        assert linked["Add “recieved” to your dictionary"] == ["spelling"]
        assert linked["Leave out “the”"] == []


async def test_quick_fixes_come_before_rewrites(folder: Path) -> None:
    async with writing(folder) as editor:
        at = editor.text.index("recieved")
        kinds = [str(action.kind) for action in await editor.actions(at, at)]
        first = next(index for index, kind in enumerate(kinds) if kind.startswith("refactor"))
        assert first
        assert set(kinds[:first]) == {"quickfix"}
        assert all(kind.startswith("refactor") for kind in kinds[first:])


@pytest.mark.parametrize("only", ["source", "source.fixAll", "source.fixAll.lspWriter"])
async def test_all_certain_slips_are_mended_if_asked_for(folder: Path, only: str) -> None:
    async with writing(folder) as editor:
        (action,) = await editor.actions(0, 0, [only])
        assert action.kind == "source.fixAll.lspWriter"
        await editor.take(action)
        mended = STORY.replace("recieved", "received").replace("untill", "until").replace("the the", "the")
        assert editor.text == mended


async def test_a_client_that_knows_commands_only(folder: Path) -> None:
    async with writing(folder) as editor:
        session = editor.server.session
        session.client = msgspec.structs.replace(session.client, takes_code_actions=False)
        at = editor.text.index("recieved")
        answer = await editor.client.text_document_code_action_async(
            types.CodeActionParams(editor.document, editor.range(at, at), types.CodeActionContext([], only=FIX))
        )
        assert all(isinstance(each, types.Command) for each in answer or ())
        assert [each.title for each in answer or ()] == [
            "Fix all 3 misspellings in the text",
            "Add “recieved” to your dictionary",
            "Add “recieved” to this story’s dictionary",
        ]


@pytest.mark.parametrize("title", ["Add “recieved” to your dictionary", "Add “recieved” to this story’s dictionary"])
async def test_a_word_in_the_dictionary_is_right(folder: Path, tmp_path: Path, title: str) -> None:
    """At once on hover, in the marks and in the menu, and after the server is started again."""
    async with writing(folder) as editor:
        session = editor.server.session
        session.client = msgspec.structs.replace(session.client, pulls_diagnostics=False)
        assert "recieved" in await told(editor, "recieved")
        await choose(editor, "recieved", title)
        assert "recieved" not in await told(editor, "recieved")
        await editor.until(lambda: editor.uri in editor.client.diagnostics)
        assert [mark.code for mark in editor.client.diagnostics[editor.uri]] == ["doubled-word", "spelling"]
        assert "Replace “recieved” with “received”" not in await titles(editor, "recieved")
    async with writing(folder) as editor:
        assert "recieved" not in await told(editor, "recieved")
    theirs = tmp_path / "lsp-writer" / "dictionary.txt"
    storys = folder / ".lsp-writer" / "dictionary.txt"
    assert (theirs.exists(), storys.exists()) == (("your" in title), ("story" in title))


async def test_ignored_in_this_story(folder: Path) -> None:
    async with writing(folder) as editor:
        assert "adverb" in await told(editor, "she said softly")
        await choose(editor, "softly", "Ignore “softly” in this story")
        assert "adverb" not in await told(editor, "she said softly")
        assert "adverb" not in await told(editor, "he said softly")
        assert (folder / ".lsp-writer" / "ignored.txt").read_text(encoding="utf-8").endswith("adverb: softly\n")


async def test_a_client_that_is_told_hears_of_comments_and_front_matter_at_once(folder: Path) -> None:
    async with writing(folder) as editor:
        session = editor.server.session
        session.client = msgspec.structs.replace(session.client, pulls_diagnostics=False)

        async def check_told(*codes: str) -> None:
            await editor.until(
                lambda: [mark.code for mark in editor.client.diagnostics.get(editor.uri, ())] == [*codes]
            )

        await choose(editor, "untill", "Ignore misspellings in this paragraph")
        await check_told("spelling", "doubled-word")
        comment = "<!-- lsp-writer: ignore spelling -->\r\n"
        at = editor.text.index(comment)
        editor.replace(at, at + len(comment), "")
        await check_told("spelling", "doubled-word", "spelling", "spelling")
        editor.replace(0, 0, "---\r\nlspWriter: off\r\n---\r\n")
        await check_told()


async def test_a_dictionary_is_read_again_when_it_changes(folder: Path) -> None:
    async with writing(folder) as editor:
        assert "recieved" in await told(editor, "recieved")
        lists = folder / ".lsp-writer"
        lists.mkdir()
        (lists / "dictionary.txt").write_text("recieved\n", encoding="utf-8")
        assert "recieved" not in await told(editor, "recieved")
        (lists / "dictionary.txt").unlink()
        assert "recieved" in await told(editor, "recieved")


async def test_without_a_workspace_a_story_is_its_folder(folder: Path) -> None:
    async with attached() as editor:
        editor.uri = (folder / "story.md").as_uri()
        editor.open(STORY)
        await choose(editor, "recieved", "Add “recieved” to this story’s dictionary")
    assert (folder / ".lsp-writer" / "dictionary.txt").exists()


async def test_a_text_that_was_never_saved_has_no_story(tmp_path: Path) -> None:
    async with attached() as editor:
        editor.uri = "untitled:Untitled-1"
        editor.open(STORY)
        assert "Add “recieved” to this story’s dictionary" not in await titles(editor, "recieved")
        await editor.run("lspWriter.ignore", {"kind": "adverb", "text": "softly", "uri": editor.uri})
        await editor.until(lambda: any("Save it" in message for message in editor.messages))
        await choose(editor, "recieved", "Add “recieved” to your dictionary")
        assert (tmp_path / "lsp-writer" / "dictionary.txt").exists()


async def test_a_broken_dictionary_is_told_of_once(folder: Path) -> None:
    """And everything goes on: hovers, marks, the menu, the other dictionary."""
    broken = folder / ".lsp-writer" / "dictionary.txt"
    broken.parent.mkdir()
    broken.write_bytes(b"\0" * 100)
    async with writing(folder) as editor:
        for _ in range(3):
            assert "recieved" in await told(editor, "recieved")
        assert [message for message in editor.messages if "dictionary.txt" in message] == editor.messages
        assert len(editor.messages) == 1
        await choose(editor, "recieved", "Add “recieved” to this story’s dictionary")
        await editor.until(lambda: len(editor.messages) == 2)
        assert "Nothing was added" in editor.messages[1]
        await choose(editor, "recieved", "Add “recieved” to your dictionary")
        assert "recieved" not in await told(editor, "recieved")
    assert broken.read_bytes() == b"\0" * 100


@pytest.mark.parametrize(
    ("front_matter", "heard"),
    [
        ("lspWriter: off", None),
        ("lspWriter:\n  critique: off", None),
        ("lspWriter:\n  critiqueOff: [adverb]", False),
        ("lspWriter:\n  critiqueOff: adverb, passive", False),
        ("lspWriter:\n  critiqueOff:\n    - adverb", False),
        ("lspWriter:\n  critiqueOff: [advrb]", True),
        ("critique: off", True),
    ],
)
async def test_the_front_matter_switches_off(folder: Path, front_matter: str, heard: bool | None) -> None:
    async with writing(folder, f"---\n{front_matter}\n---\n\n“Go,” she said softly.\n") as editor:
        at = editor.text.index("softly")
        if heard is None:
            assert await editor.hover(at) is None
        else:
            assert ("adverb" in await told(editor, "softly")) == heard
        assert bool(await editor.actions(at, at, FIX)) == bool(heard)


async def test_the_front_matter_looks_for_what_the_settings_do_not(folder: Path) -> None:
    text = "---\nlspWriter:\n  critiqueAlso: [adverb]\n  critique: on\n---\n\n“Go,” she said softly.\n"
    async with writing(folder, text) as editor:
        editor.configure({"critique": {"disabled": ["adverb"], "enabled": False}})
        await editor.until(lambda: not editor.server.session.settings.critique.enabled)
        assert "adverb" in await told(editor, "softly")


async def test_findings_of_a_text_that_has_moved_on_are_not_mended(folder: Path) -> None:
    """The edit was made for a version that the editor has no longer."""
    async with writing(folder) as editor:
        at = editor.text.index("recieved")
        action = (await editor.actions(at, at, FIX))[0]
        editor.replace(0, 0, "Now. ")
        before = editor.text
        assert action.edit is not None
        assert not editor.apply(types.ApplyWorkspaceEditParams(action.edit)).applied
        assert editor.text == before


async def test_all_of_a_kind_in_an_editor_that_drops_the_edit(folder: Path) -> None:
    async with writing(folder) as editor:
        editor.on_edit = lambda _: types.ApplyWorkspaceEditResult(applied=False)
        await choose(editor, "recieved", "Fix all 3 misspellings in the text")
        await editor.until(lambda: editor.messages)
        assert "did not put the fixes in" in editor.messages[0]
        assert editor.text == STORY


async def test_all_of_a_kind_when_nothing_is_left(folder: Path) -> None:
    async with writing(folder) as editor:
        await editor.run("lspWriter.fixAll", {"uri": editor.uri, "range": editor.range(0, 0), "kind": "dash"})
        await editor.until(lambda: editor.messages)
        assert "nothing of that kind" in editor.messages[0]
        assert editor.version == 1
