"""What is known to be worth a look in each open document, read in the writer's pauses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from lsp_writer.features.critiques.finding import Finding
from lsp_writer.features.critiques.known import SHOWN, Known
from lsp_writer.features.critiques.reader_process import Page, ReaderGone
from lsp_writer.prose.manuscript import Manuscript
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

    def __init__(self, manuscript: Manuscript, due: float) -> None:
        self.manuscript = manuscript
        self.known = Known()
        #: What has been changed since `known` was found.
        self.edits: list[Edit] = []
        #: Something that was told has been touched since, and is no longer known.
        self.has_lost = False
        #: When it may be read.
        self.due = due
        #: Where the writer was last seen.
        self.near = 0
        #: Where the reader has begun, if it has this text.
        self.begun: int | None = None
        self.deaths = 0


class Margins:
    """Lives on the event loop. `told` is called with a document's URI whenever there is more, or less, to be said."""

    def __init__(self, reader: PageReader, told: Callable[[str], None]) -> None:
        self._reader = reader
        self._told = told
        self._margins: dict[str, _Margin] = {}
        self._reading: asyncio.Task[None] | None = None
        self._begun = False
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
        self._margins[manuscript.uri] = _Margin(manuscript, due=0)
        self._read()

    def changed(self, manuscript: Manuscript, edits: Sequence[Edit]) -> None:
        margin = self._margins[manuscript.uri]
        margin.manuscript = manuscript
        margin.edits += edits
        margin.begun = None
        self._reader.interrupt()
        margin.due = asyncio.get_running_loop().time() + _PAUSE
        if edits:
            margin.near = edits[-1].span.start
        self._read()

    def closed(self, uri: str) -> None:
        self._margins.pop(uri, None)

    def looked_at(self, uri: str, offset: int) -> None:
        """The writer is there: that part is read first."""
        if uri in self._margins:
            self._margins[uri].near = offset

    def known(self, uri: str) -> Known:
        """What has been found in the document, where it stands now; what has been touched since is left out."""
        margin = self._margins.get(uri)
        if margin is None:
            return Known()
        if margin.edits:
            quick, others = _moved(margin.known.quick, margin.edits), _moved(margin.known.others, margin.edits)
            margin.has_lost |= len(quick) + len(others) < len(margin.known.quick) + len(margin.known.others)
            margin.known = Known(quick, others)
            margin.edits = []
        return margin.known

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
        while self._wanted and (unread := self._unread()):
            margin = min(unread, key=lambda margin: margin.due)
            wait = margin.due - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            else:
                await self._read_portion(margin)
        if self._rest:
            self._rest.cancel()
        self._rest = loop.call_later(_REST, self._reader.close)

    def _unread(self) -> list[_Margin]:
        return [margin for margin in self._margins.values() if margin.edits or not margin.known.complete]

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
        if self._margins.get(manuscript.uri) is not margin or margin.manuscript is not manuscript:
            return
        before = self.known(manuscript.uri)
        margin.known = _with_earlier(known, before, margin.begun)
        if margin.has_lost or (before.quick, before.others) != (margin.known.quick, margin.known.others):
            margin.has_lost = False
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


def _moved(findings: Sequence[Finding], edits: Sequence[Edit]) -> tuple[Finding, ...]:
    return tuple(moved for finding in findings if (moved := _after(finding, edits)))


def _after(finding: Finding, edits: Sequence[Edit]) -> Finding | None:
    """`finding` where `edits`, in order, have moved it, or None if one of them touched it."""
    span = finding.span
    for edit in edits:
        now = follow(span, edit)
        if now is None:
            return None
        span = now
    return msgspec.structs.replace(finding, span=span)
