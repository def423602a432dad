"""What is known to be worth a look in each open document, read in the writer's pauses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from itertools import count
from typing import Protocol

import msgspec

from lsp_writer.features.critiques.finding import Finding
from lsp_writer.features.critiques.known import SHOWN, Known
from lsp_writer.features.critiques.reader_process import Page, ReaderGone
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span, follow

_logger = logging.getLogger(__name__)

# Who has not struck a key for so long has paused: nothing is read, and nothing changes in the margin, while they type.
_PAUSE = 0.7
# How long the reader reads before it tells what it has found. A key that is struck meanwhile waits for nothing.
_PORTION = 0.3
# Seconds without anything to read, after which the reader's memory is given back.
_REST = 900
# A text at which the reader has died so often is left alone.
_DEATHS = 2


class PageReader(Protocol):
    """As `reader_process.ReaderProcess`, which blocks in `ask`."""

    def ask(self, page: Page | None, seconds: float) -> Known: ...

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


class _Margin:
    """Of one document."""

    def __init__(self, manuscript: Manuscript, seen: float) -> None:
        self.manuscript = manuscript
        self.known = Known()
        #: What has been changed since `known` was found.
        self.edit: Edit | None = None
        #: Something that was told has been touched since, and is no longer known.
        self.has_lost = False
        #: Changes whenever something else is to be told.
        self.state = 0
        #: When the writer was last there, and where.
        self.seen = seen
        self.near = 0
        #: Where the reader has begun, if it has this text.
        self.begun: int | None = None
        self.deaths = 0

    @property
    def is_unread(self) -> bool:
        return self.edit is not None or not self.known.complete

    def fold(self) -> None:
        """Move what is known to where it stands now."""
        if self.edit is None:
            return
        quick, others = _moved(self.known.quick, self.edit), _moved(self.known.others, self.edit)
        self.has_lost |= len(quick) + len(others) < len(self.known.quick) + len(self.known.others)
        self.known, self.edit = Known(quick, others), None


class Margins:
    """Lives on the event loop. `told` is called with a document's URI whenever there is more, or less, to be said."""

    def __init__(self, reader: PageReader, told: Callable[[str], None]) -> None:
        self._reader = reader
        self._told = told
        self._margins: dict[str, _Margin] = {}
        self._reading: asyncio.Task[None] | None = None
        self._states = count(1)
        self._begun = False
        #: When reading may go on.
        self._due = 0.0
        self._wanted = True
        self._rest: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Read from now on. Before, the model is being loaded, and would have to share the processor."""
        self._begun = True
        self._read()

    def want(self, wanted: bool) -> None:
        """Whether the writer wants critiques at all."""
        self._wanted = wanted
        self._read()

    def opened(self, manuscript: Manuscript) -> None:
        self._margins[manuscript.uri] = _Margin(manuscript, asyncio.get_running_loop().time())
        self._read()

    def changed(self, manuscript: Manuscript, edits: Sequence[Edit]) -> None:
        margin, now = self._margins[manuscript.uri], asyncio.get_running_loop().time()
        margin.manuscript = manuscript
        for edit in edits:
            whole = _of_lines(edit, manuscript.text)
            joined = _joined(margin.edit, whole) if margin.edit else whole
            if joined is None:  # elsewhere
                margin.fold()
            margin.edit = joined or whole
            margin.near = edit.span.start
        margin.begun = None
        margin.seen, self._due = now, now + _PAUSE
        self._reader.interrupt()
        self._read()

    def closed(self, uri: str) -> None:
        self._margins.pop(uri, None)

    def looked_at(self, uri: str, offset: int) -> None:
        """The writer is there: that part is read first."""
        if margin := self._margins.get(uri):
            margin.near, margin.seen = offset, asyncio.get_running_loop().time()

    def known(self, uri: str) -> Known:
        """What has been found in the document, where it stands now; of lines that were touched nothing is known."""
        margin = self._margins.get(uri)
        if margin is None:
            return Known()
        margin.fold()
        return margin.known

    def state(self, uri: str) -> int:
        """Another number whenever other findings are to be told of the document, and not because they have moved."""
        return self._margins[uri].state if uri in self._margins else 0

    def retell(self, uri: str) -> None:
        """The writer wants to hear of other things in the document."""
        if margin := self._margins.get(uri):
            margin.state = next(self._states)

    def close(self) -> None:
        """Stop reading for good."""
        self._margins.clear()
        if self._rest:
            self._rest.cancel()
        self._reader.close()

    def _read(self) -> None:
        if self._begun and self._wanted and (self._reading is None or self._reading.done()):
            self._reading = asyncio.get_running_loop().create_task(self._read_all())

    async def _read_all(self) -> None:
        """Until every document has been read; the one that the writer is at first."""
        loop = asyncio.get_running_loop()
        if self._rest:
            self._rest.cancel()
        while self._wanted and (unread := [margin for margin in self._margins.values() if margin.is_unread]):
            wait = self._due - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            else:
                await self._read_portion(max(unread, key=lambda margin: margin.seen))
        self._rest = loop.call_later(_REST, self._let_go)

    def _let_go(self) -> None:
        self._reader.close()
        for margin in self._margins.values():
            margin.begun = None

    async def _read_portion(self, margin: _Margin) -> None:
        manuscript, page = margin.manuscript, None
        if margin.begun is None or abs(margin.begun - margin.near) > SHOWN:
            # The reader holds one text at a time.
            for other in self._margins.values():
                other.begun = None
            margin.begun = margin.near
            page = Page(str(manuscript.text), manuscript.markdown, margin.near)
        try:
            known = await asyncio.to_thread(self._reader.ask, page, _PORTION)
        except ReaderGone:
            margin.begun = None
            margin.deaths += 1
            known = Known(complete=margin.deaths >= _DEATHS)
            if known.complete and manuscript.uri in self._margins:
                _logger.exception("The reader has died, and leaves this text alone")
        else:
            if known.complete:  # the first pages of a text may be harmless
                margin.deaths = 0
        if self._margins.get(manuscript.uri) is not margin or margin.manuscript is not manuscript:
            return
        before = self.known(manuscript.uri)
        margin.known = _with_earlier(known, before, margin.begun)
        if margin.has_lost or (before.quick, before.others) != (margin.known.quick, margin.known.others):
            margin.has_lost = False
            margin.state = next(self._states)
            self._told(manuscript.uri)


def _with_earlier(known: Known, earlier: Known, begun: int | None) -> Known:
    """What is `known` so far since the reader has `begun`, with what was known earlier of the parts that it has not
    come to: that is likely still true, and would go and come back."""
    if known.complete or begun is None:
        return known
    page = Span(begun - SHOWN, begun + SHOWN)

    def joined(new: tuple[Finding, ...], old: tuple[Finding, ...]) -> tuple[Finding, ...]:
        kept = (finding for finding in old if not finding.span.overlaps(page))
        return tuple(sorted({*new, *kept}, key=lambda finding: finding.span))

    return Known(joined(known.quick, earlier.quick), joined(known.others, earlier.others))


def _of_lines(edit: Edit, text: Rope) -> Edit:
    """`edit` with all of the lines of `text` that it stands in now. A slip's neighbours belong to it: “a aunt” may be
    “a dog” by now, and “an” would be wrong there."""
    end = edit.span.start + edit.inserted
    before = edit.span.start - text.line_start(text.line_at(edit.span.start))
    behind = max(text.line_end(text.line_at(end)) - end, 0)
    return Edit(Span(edit.span.start - before, edit.span.end + behind), before + edit.inserted + behind)


def _joined(first: Edit, then: Edit) -> Edit | None:
    """Both as one, or None if they are apart. Who types a page makes a thousand edits, and one of these."""
    made = Span(first.span.start, first.span.start + first.inserted)
    if then.span.start > made.end or then.span.end < made.start:
        return None
    before, behind = max(made.start - then.span.start, 0), max(then.span.end - made.end, 0)
    span = Span(first.span.start - before, first.span.end + behind)
    return Edit(span, before + first.inserted + behind + then.inserted - len(then.span))


def _moved(findings: Sequence[Finding], edit: Edit) -> tuple[Finding, ...]:
    return tuple(
        msgspec.structs.replace(finding, span=span) for finding in findings if (span := follow(finding.span, edit))
    )
