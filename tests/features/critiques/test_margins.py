"""What is known of open documents while the writer goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from lsp_writer.features.critiques import margins as module
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.known import SHOWN, Known
from lsp_writer.features.critiques.margins import Margins
from lsp_writer.features.critiques.reader_process import Page, ReaderGone
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span

URI = "file:///story.md"


class ScriptedReader:
    """Finds every “the the”: those around its place at once, the others when it is asked again."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.asked = 0
        self.closed = 0
        self.interrupted = 0
        self.dies = False
        #: Not on the page that it begins with.
        self.dies_later = False
        #: Set to let the next portion be read.
        self.may_read = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._portion = 0
        self._has_page = False

    def ask(self, page: Page | None, seconds: float) -> Known:
        asyncio.run_coroutine_threadsafe(self.may_read.wait(), self._loop).result(10)
        self.asked += 1
        if self.dies and (page is None or not self.dies_later):
            self._has_page = False
            raise ReaderGone
        if page is not None:
            self.pages.append(page)
            self._portion = 0
            self._has_page = True
        if not self._has_page:
            return Known(complete=True)
        self._portion += 1
        page = self.pages[-1]
        found = [_doubled(at) for at in range(len(page.text)) if page.text.startswith("the the", at)]
        first = [each for each in found if abs(each.span.start - page.near) < SHOWN]
        return Known(tuple(found if self._portion > 1 else first), (), complete=self._portion > 1)

    def interrupt(self) -> None:
        self.interrupted += 1

    def close(self) -> None:
        self.closed += 1
        self._has_page = False


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  the condition is the test's own
            await asyncio.sleep(0.002)


def _doubled(at: int) -> Finding:
    return Finding(Span(at, at + 7), CritiqueKind.DOUBLED_WORD, "Twice.", "Once.", ("the",))


class Desk:
    """A writer with one document."""

    def __init__(self, text: str) -> None:
        self.reader = ScriptedReader()
        self.told: list[list[str]] = []
        self.margins = Margins(self.reader, lambda _: self.told.append(self.marked()))
        self.text, self.version = Rope.of(text), 1
        self.margins.begin()
        self.margins.opened(self._manuscript())

    def type(self, at: int, new: str, *, over: int = 0) -> None:
        self.text, self.version = self.text.replace(at, at + over, new), self.version + 1
        self.margins.changed(self._manuscript(), [Edit(Span(at, at + over), len(new))])

    def marked(self) -> list[str]:
        return [self.text.slice(each.span.start, each.span.end) for each in self.margins.known(URI).quick]

    async def until_read(self) -> None:
        self.reader.may_read.set()
        await until(lambda: self.margins.known(URI).complete)

    def _manuscript(self) -> Manuscript:
        return Manuscript(URI, self.version, self.text)


@pytest.fixture(autouse=True)
def no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0.02)


@asynccontextmanager
async def desk(text: str) -> AsyncIterator[Desk]:
    desk = Desk(text)
    yield desk
    desk.reader.may_read.set()
    desk.margins.close()


FAR = "x" * (SHOWN + 100)


async def test_the_page_is_told_before_the_book() -> None:
    async with desk(f"the the {FAR} the the") as at:
        await at.until_read()
        assert at.told == [["the the"], ["the the", "the the"]]


async def test_nothing_is_told_twice() -> None:
    async with desk("the the\n\nEnd") as at:
        await at.until_read()
        at.type(len("the the\n\nEnd"), ".")
        await at.until_read()
        assert at.told == [["the the"]]


async def test_what_was_mended_is_told_of() -> None:
    """In Neovim the mark stayed where the slip had been."""
    async with desk("the the cat, the the dog") as at:
        await at.until_read()
        at.type(3, "", over=4)
        await at.until_read()
        assert at.told == [["the the", "the the"], ["the the"]]


async def test_findings_move_with_their_text_and_go_when_their_line_is_touched() -> None:
    """“She has a aunt” became “She has ann aunt”: the writer had typed an n, and then saved with all slips mended."""
    async with desk("Here:\n\nthe the cat\nthe the dog") as at:
        await at.until_read()
        at.reader.may_read.clear()
        at.type(0, "See ")
        assert at.marked() == ["the the", "the the"]
        at.type(len("See Here:\n\nthe the ca"), "r", over=1)
        assert at.marked() == ["the the"]
        at.type(0, "the the ")
        assert at.marked() == ["the the"]
        await at.until_read()
        assert at.marked() == ["the the"] * 3


async def test_a_page_that_was_typed_is_one_edit() -> None:
    async with desk("the the\n\n") as at:
        await at.until_read()
        at.reader.may_read.clear()
        for number, letter in enumerate("the tide\ncame in"):
            at.type(len("the the\n\n") + number, letter)
        margin = at.margins._margins[URI]
        assert margin.edit == Edit(Span(9, 9), len("the tide\ncame in"))
        assert at.marked() == ["the the"]
        assert margin.edit is None


async def test_the_document_that_the_writer_is_in_is_read_first() -> None:
    """A line in a second document waited until the whole of a novel had been read."""
    async with desk("the the") as at:
        other = "file:///other.md"
        at.margins.opened(Manuscript(other, 1, Rope.of(f"the the {FAR}")))
        await at.until_read()
        assert at.reader.pages[0].text.startswith("the the x")


async def test_a_reader_that_was_let_go_gets_the_text_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """All marks vanished when critiques were switched off while a book was read, and on again much later."""
    monkeypatch.setattr(module, "_REST", 0.02)
    async with desk(f"the the {FAR} the the") as at:
        at.reader.may_read.set()
        await until(lambda: at.reader.asked)
        at.margins.want(False)
        await until(lambda: at.reader.closed)
        at.margins.want(True)
        await at.until_read()
        assert at.marked() == ["the the", "the the"]


async def test_what_stands_far_from_an_edit_stays_marked_while_the_text_is_read_again() -> None:
    """After every key half the marks of a long book went and came back."""
    async with desk(f"the the\n{FAR}\nthe the") as at:
        await at.until_read()
        at.type(0, "See the the; ")
        await at.until_read()
        assert at.told[2:] == [["the the"] * 3]


async def test_nothing_is_read_while_the_writer_types() -> None:
    async with desk("the the") as at:
        await at.until_read()
        asked = at.reader.asked
        for letter in "and so on and on":
            at.type(0, letter)
            await asyncio.sleep(0.001)
        assert at.reader.asked <= asked + 1
        assert at.reader.interrupted == len("and so on and on"), "what was being read is broken off"
        await at.until_read()


async def test_the_reader_begins_where_the_writer_looks() -> None:
    async with desk(f"{FAR} the the") as at:
        at.margins.looked_at(URI, len(FAR) + 2)
        await at.until_read()
        assert at.reader.pages[-1].near == len(FAR) + 2
        assert at.told == [["the the"]]


async def test_what_was_found_in_an_older_text_is_dropped() -> None:
    async with desk("the the") as at:
        await asyncio.sleep(0.01)  # the reader is at work
        at.type(0, "A", over=7)
        await at.until_read()
        assert at.marked() == []
        assert at.told == []


async def test_a_text_that_kills_the_reader_is_left_alone() -> None:
    async with desk("the the") as at:
        at.reader.dies = True
        await at.until_read()
        assert at.reader.asked == 2
        assert at.marked() == []


async def test_a_text_that_kills_the_reader_on_a_later_page_is_left_alone() -> None:
    """The reader was started again and again: its first page was read well each time."""
    async with desk("the the") as at:
        at.reader.dies = at.reader.dies_later = True
        await at.until_read()
        assert at.reader.asked == 4


async def test_who_has_nothing_to_read_for_long_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REST", 0.02)
    async with desk("the the") as at:
        await at.until_read()
        await until(lambda: at.reader.closed)
        at.type(0, "So ")
        await at.until_read()
        assert at.marked() == ["the the"]


async def test_of_a_document_that_is_closed_nothing_is_known() -> None:
    async with desk("the the") as at:
        await at.until_read()
        at.margins.closed(URI)
        assert at.margins.known(URI) == Known()


async def test_a_document_that_is_closed_while_it_is_read() -> None:
    async with desk("the the") as at:
        await asyncio.sleep(0.01)
        at.margins.closed(URI)
        at.reader.may_read.set()
        await until(lambda: at.reader.asked)
        await asyncio.sleep(0.01)
        assert at.told == []


async def test_before_the_model_is_there_nothing_is_read() -> None:
    reader = ScriptedReader()
    reader.may_read.set()
    margins = Margins(reader, lambda _: None)
    margins.opened(Manuscript(URI, 1, Rope.of("the the")))
    await asyncio.sleep(0.02)
    assert reader.asked == 0
    margins.begin()
    await until(lambda: margins.known(URI).complete)
    margins.close()


async def test_who_wants_no_critiques_has_nothing_read() -> None:
    async with desk("the the") as at:
        at.margins.want(False)
        at.reader.may_read.set()
        at.type(0, "So ")
        await asyncio.sleep(0.05)
        asked = at.reader.asked
        assert asked <= 1  # it was at work
        at.type(0, "So ")
        await asyncio.sleep(0.05)
        assert at.reader.asked == asked
        at.margins.want(True)
        await at.until_read()
        assert at.marked() == ["the the"]
