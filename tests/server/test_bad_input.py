"""What no writer types on purpose, with the real engine on a model that knows one text by heart: every request gets an
answer, none of them is stale, and nothing piles up."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from lsprotocol import types

from lsp_writer.prose.rope import Rope
from tests.local_model import local_model
from tests.scripted_model import ScriptedModel
from tests.server.editor import EDITORS, URI, AttachedEditor, attached

pytestmark = pytest.mark.slow

BOOK = "The boat was tied to the old harbour wall and nobody had seen it come in that night."
DOCUMENT = types.TextDocumentIdentifier(uri=URI)
AUTOMATIC = types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic)


@asynccontextmanager
async def writing(
    text: str, *, book: str = BOOK, speaks: str = EDITORS[0], slow: threading.Event | None = None
) -> AsyncIterator[AttachedEditor]:
    """An editor with `text` open. With `slow`, every pass of the model waits for it."""
    model = ScriptedModel(book, before_pass=None if slow is None else lambda: _wait(slow))
    local = local_model(model)
    async with attached(make_model=lambda _: local, speaks=speaks) as editor:
        editor.open(text)
        try:
            yield editor
        finally:
            if slow is not None:
                slow.set()


def _wait(event: threading.Event) -> None:
    assert event.wait(60)


async def check_goes_on(editor: AttachedEditor, offset: int, expected: str) -> None:
    """Accepting the ghost text at `offset` gives a text that holds `expected`, at once or when more of it is known."""
    accepted = ""
    async with asyncio.timeout(60):
        while expected not in accepted:
            (item,) = await editor.ghost_text(offset)
            assert item.range is not None
            start, end = editor.offset(item.range.start), editor.offset(item.range.end)
            assert str(item.insert_text).startswith("old"), "the first words of it"
            accepted = editor.text[:start] + str(item.insert_text) + editor.text[end:]
            await asyncio.sleep(0.01)


async def asked(editor: AttachedEditor, offset: int) -> asyncio.Task[list[types.InlineCompletionItem]]:
    """A request that has just reached the server."""
    task = asyncio.create_task(editor.ghost_text(offset))
    for _ in range(3):  # it is written, read, and begun
        await asyncio.sleep(0)
    return task


def check_nothing_piles_up(editor: AttachedEditor) -> None:
    model = editor.server.session.model
    assert model is not None
    gc.collect()
    # Not `isinstance`, which asks every object for its class: some of other libraries answer with a warning.
    # Of this story: those of tests before stand in caches.
    beginning = editor.text[:20]
    ropes = [each for each in gc.get_objects() if type(each) is Rope and each.slice(0, 20) == beginning]
    assert len(ropes) < 10, "old versions of the text are let go"
    assert len(asyncio.all_tasks()) < 10
    assert all(future.done() for future in editor.server.protocol._request_futures.values())


async def test_a_paste_of_a_book() -> None:
    book = "One word follows another here.\n\n" * 40_000
    async with writing("Before. ") as editor:
        editor.replace(8, 8, book)
        for place in (8, len(editor.text) // 2, len(editor.text)):
            editor.replace(place, place, "The boat was tied to the ")
            await check_goes_on(editor, place + 25, "tied to the old harbour wall")
        check_nothing_piles_up(editor)


async def test_a_paste_of_a_book_in_one_line() -> None:
    async with writing("Before. ") as editor:
        editor.replace(8, 8, "One wörd follows another here. " * 40_000)
        await editor.complete(600_000)
        editor.replace(len(editor.text), len(editor.text), "The boat was tied to the ")
        assert editor.position(len(editor.text)).line == 0
        (item,) = await editor.ghost_text(len(editor.text))
        assert str(item.insert_text).startswith("old harbour wall")


async def test_everything_is_replaced() -> None:
    async with writing(BOOK * 50) as editor:
        stale = [await asked(editor, 20)]
        text = BOOK.replace("boat", "ship") * 50
        editor.replace(0, len(editor.text), text)
        stale.append(await asked(editor, len(text)))
        editor.text, editor.version = "The boat was tied to the ", editor.version + 1
        editor.change([types.TextDocumentContentChangeWholeDocument(text=editor.text)])
        assert await asyncio.gather(*stale) == [[], []]
        await check_goes_on(editor, len(editor.text), "tied to the old harbour wall")


async def test_every_word_of_a_book_is_replaced_in_one_message() -> None:
    """As an editor sends “replace all”: one change for each place, last place first."""
    async with writing("The boat was tied up.\n" * 2_000) as editor:
        changes: list[types.TextDocumentContentChangeEvent] = [
            types.TextDocumentContentChangePartial(
                range=types.Range(types.Position(line, 4), types.Position(line, 8)), text="ship"
            )
            for line in reversed(range(2_000))
        ]
        editor.text, editor.version = editor.text.replace("boat", "ship"), 2
        editor.change(changes)
        editor.replace(0, 0, "The boat was tied to the ")
        await editor.ghost_text(25)
        assert str(editor.server.session.documents.get(URI).text) == editor.text


@pytest.mark.parametrize("breath", [0, 1, 7], ids=["at once", "with a pause at every key", "with a pause now and then"])
async def test_undo_and_redo_held_down(breath: int) -> None:
    async with writing("The boat was tied to the ") as editor:
        end = len(editor.text)
        answers: list[asyncio.Task[list[types.InlineCompletionItem]]] = []
        for number in range(300):
            if number % 2:
                editor.replace(end, end + 9, "")
            else:
                editor.replace(end, end, "old quays")
            answers.append(await asked(editor, len(editor.text)))
            if breath and number % breath == 0:
                await asyncio.sleep(0.001)
        found = await asyncio.gather(*answers)
        if not breath:
            assert not any(found[:-1]), "each of these was made for a text that was gone"
        await check_goes_on(editor, end, "tied to the old harbour wall")
        check_nothing_piles_up(editor)


async def test_a_document_that_changes_faster_than_the_model_answers() -> None:
    slow = threading.Event()
    async with writing("", slow=slow) as editor:
        answers = []
        for letter in "It is not in the book that the boat was tied to the ":
            editor.replace(len(editor.text), len(editor.text), letter)
            answers.append(asyncio.create_task(editor.ghost_text(len(editor.text))))
            answers.append(asyncio.create_task(_menu(editor)))
            await asyncio.sleep(0.002)
        model = editor.server.session.model
        assert model is not None
        done = [answer for answer in answers if answer.done()]
        assert len(done) >= len(answers) - 4, "old requests do not wait for the model"
        assert not any(answer.result() for answer in done)
        slow.set()
        assert any(await asyncio.gather(*answers[-2:]))
        await check_goes_on(editor, len(editor.text), "tied to the old harbour wall")
        await asyncio.gather(*answers)
        check_nothing_piles_up(editor)


async def _menu(editor: AttachedEditor) -> list[types.InlineCompletionItem]:
    """The menu's words, as if they were ghost text: only whether there are any is looked at."""
    answer = await editor.complete(len(editor.text))
    return [types.InlineCompletionItem(insert_text=item.label) for item in answer.items]


@pytest.mark.parametrize("speaks", EDITORS)
async def test_a_caret_inside_a_character(speaks: str) -> None:
    """Between surrogates, before a combining mark, inside a family of four: an editor may send any column."""
    line = "a😀e\u0301 👩\u200d👩\u200d👧 \ud83d קול 猫"
    async with writing(f"{line}\n{line}", speaks=speaks) as editor:
        width = editor.position(len(line)).character
        for column in range(width + 2):
            place = types.Position(1, column)
            await editor.client.text_document_inline_completion_async(
                types.InlineCompletionParams(AUTOMATIC, DOCUMENT, place)
            )
            await editor.client.text_document_completion_async(types.CompletionParams(DOCUMENT, place))
        for offset in range(len(line) + 1):
            editor.replace(offset, offset, "x")
            editor.replace(offset, offset + 1, "")
        await editor.ghost_text(0)
        assert str(editor.server.session.documents.get(URI).text) == editor.text


@pytest.mark.parametrize("speaks", EDITORS)
@pytest.mark.parametrize(
    ("book", "typed", "replaced"),
    [
        pytest.param("הסירה הייתה קשורה אל חומת הנמל הישן.", "הסירה הייתה קשו", "קשו", id="Hebrew"),
        pytest.param("كان القارب مربوطا إلى جدار الميناء القديم.", "كان القارب مرب", "مرب", id="Arabic"),
        pytest.param("小船系在旧港口的墙边,那天晚上谁也没有看见它进来。", "小船系在旧港", "", id="Chinese"),
        pytest.param("小さな船は古い港の壁につながれていた。", "小さな船は古", "", id="Japanese"),
        pytest.param("작은 배는 오래된 항구의 벽에 묶여 있었다.", "작은 배는 오래", "오래", id="Korean"),
        pytest.param(
            "Das Schiff lag am alten Hafen, über und über grün.",
            "Das Schiff lag am alten Hafen, üb",
            "üb",
            id="umlauts",
        ),
    ],
)
async def test_other_scripts(speaks: str, book: str, typed: str, replaced: str) -> None:
    """Only a half-typed word is replaced: a sentence without spaces is not one."""
    async with writing(typed, book=book, speaks=speaks) as editor:
        (item,) = await editor.ghost_text(len(typed))
        assert item.range is not None
        start, end = editor.offset(item.range.start), editor.offset(item.range.end)
        assert typed[start:end] == replaced
        assert book.startswith(typed[:start] + str(item.insert_text))
        assert len(typed[:start] + str(item.insert_text)) > len(typed)
