"""Reads a whole manuscript in portions, where the writer is first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from lsp_writer.features.critiques.critic import Critic, compared, placed
from lsp_writer.features.critiques.finding import Finding
from lsp_writer.features.critiques.known import SHOWN, Known
from lsp_writer.features.critiques.proofreading import without_own_words
from lsp_writer.features.critiques.story import Paragraph, language_in, shown, story_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.outline import outline
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.span import Span

# Paragraphs of some three novels: 30 MB of readings for 200,000 words.
_READINGS = 20_000
# Five novels in one file are no manuscript: of such a text only what is shown is read.
_MOST = 3_000_000


class Reader:
    """Holds one manuscript at a time, and remembers what it has read of paragraphs, whichever they were in."""

    def __init__(self) -> None:
        self._critic = Critic(readings=_READINGS)
        self._work: _Work | None = None

    def take(self, manuscript: Manuscript, near: int) -> None:
        """Begin with `manuscript`, at the paragraphs around the offset `near`."""
        self._work = _Work(self._critic, manuscript, near)

    def read_on(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> Known:
        """Read for so many `seconds`, or until it is `enough`, and a paragraph more."""
        return self._work.go_on(seconds, enough) if self._work else Known(complete=True)


class _Work:
    def __init__(self, critic: Critic, manuscript: Manuscript, near: int) -> None:
        self._critic = critic
        self._manuscript = manuscript
        self._language = language_in(manuscript)
        # Each once, though a page is read again with its scene.
        self._quick: dict[Finding, None] = {}
        self._slow: dict[tuple[Paragraph, Finding], None] = {}
        self._compared: list[Finding] = []
        self._steps = self._read(near)

    def go_on(self, seconds: float, enough: Callable[[], bool]) -> Known:
        until = time.monotonic() + seconds
        complete = True
        for tell in self._steps:
            if tell or enough() or time.monotonic() >= until:
                complete = False
                break
        slow = placed(self._manuscript, without_own_words(self._slow))
        return Known(_in_order(self._quick), _in_order([*slow, *self._compared]), complete)

    def _read(self, near: int) -> Iterator[bool]:
        """A paragraph at a time; what compares them all is one step. True where what was found should wait no longer:
        for Harper, which takes two seconds to load."""
        length = len(self._manuscript.text)
        page = list(self._paragraphs(Span(max(near - SHOWN, 0), min(near + SHOWN, length))))
        yield from self._quickly(page)
        yield True
        yield from self._slowly(page)
        yield True
        if length > _MOST:
            return
        scenes = (scene for section in outline(self._manuscript) for scene in section.scenes)
        for scene in scenes:
            yield from self._quickly(self._paragraphs(scene))
        story = story_of(self._manuscript, self._critic.read)
        self._compared = list(compared(story, self._language))
        yield True
        yield from self._slowly(sorted(story.paragraphs, key=lambda paragraph: abs(paragraph.start - near)))

    def _paragraphs(self, span: Span) -> Iterator[Paragraph]:
        for paragraph in paragraphs_in(self._manuscript, span):
            yield Paragraph(paragraph.start, self._critic.read(shown(self._manuscript, paragraph)))

    def _quickly(self, paragraphs: Iterable[Paragraph]) -> Iterator[bool]:
        for paragraph in paragraphs:
            found = self._critic.in_paragraph(paragraph.reading, self._language)
            self._quick.update((each, None) for each in placed(self._manuscript, ((paragraph, each) for each in found)))
            yield False

    def _slowly(self, paragraphs: Iterable[Paragraph]) -> Iterator[bool]:
        for paragraph in paragraphs:
            found = self._critic.in_paragraph(paragraph.reading, self._language, slow=True)
            self._slow.update(((paragraph, finding), None) for finding in found)
            yield False


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.span))
