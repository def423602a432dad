"""Finds what is worth a look by rule, and remembers what it has read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from threading import Lock

import msgspec

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.proofreading import without_own_words
from lsp_writer.features.critiques.reading import Reading, read
from lsp_writer.features.critiques.rules import PARAGRAPH_RULES, SLOW_PARAGRAPH_RULES, STORY_RULES, ParagraphRule
from lsp_writer.features.critiques.story import Paragraph, Story, language_in, shown, story_of
from lsp_writer.prose.language import language_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraph_at

# Paragraphs of some three novels; of most nothing is kept but their text.
_REMEMBERED = 20_000
# Words that tell a paragraph's language; of fewer that of the story is believed.
_TELLING = 15
# A reading takes some ten times its paragraph; who compares whole stories keeps those of all.
_READ = 500


class Critic:
    """What the rules find, by paragraph and over the whole story. May be asked from any thread: an edit costs the
    reading of its paragraph alone."""

    def __init__(self, *, readings: int = _READ) -> None:
        """So many `readings` are kept."""
        self.read = lru_cache(readings)(read)
        self._remembered: dict[tuple[str, str, bool], tuple[Finding, ...]] = {}
        self._lock = Lock()

    def in_paragraph(self, reading: Reading, language: str = "en", *, slow: bool = False) -> tuple[Finding, ...]:
        """The findings in a paragraph, as offsets into it, in the order of the rules: of the fast ones, or of the
        slow."""
        key = reading.text, language, slow
        found = self._remembered.get(key)
        if found is None:
            found = tuple(_found(reading, language, SLOW_PARAGRAPH_RULES if slow else PARAGRAPH_RULES))
            with self._lock:
                self._remembered[key] = found
                if len(self._remembered) > _REMEMBERED:
                    del self._remembered[next(iter(self._remembered))]
        return found

    def paragraph_at(self, manuscript: Manuscript, offset: int) -> Paragraph | None:
        """The paragraph that holds `offset`, or None where there is no prose."""
        span = paragraph_at(manuscript, offset)
        return Paragraph(span.start, self.read(shown(manuscript, span))) if span else None

    def in_story(self, manuscript: Manuscript, *, slow: bool = False) -> list[Finding]:
        """Every finding of the rules in `manuscript`, in order; of the slow ones as well only if asked."""
        story = story_of(manuscript, self.read)
        language = language_in(manuscript)
        in_paragraphs = [*self._in_paragraphs(story, language)]
        if slow:
            in_paragraphs += without_own_words(self._in_paragraphs(story, language, slow=True))
        found = [*placed(manuscript, in_paragraphs)]
        found += compared(story, language)
        return sorted(found, key=lambda finding: finding.span)

    def _in_paragraphs(self, story: Story, language: str, *, slow: bool = False) -> Iterator[tuple[Paragraph, Finding]]:
        return (
            (paragraph, finding)
            for paragraph in story.paragraphs
            for finding in self.in_paragraph(paragraph.reading, language, slow=slow)
        )


def compared(story: Story, language: str) -> Iterator[Finding]:
    """What is found where paragraphs of `story` are compared."""
    for rule in STORY_RULES:
        if not rule.languages or language in rule.languages:
            yield from rule.find(story)


def placed(manuscript: Manuscript, found: Iterable[tuple[Paragraph, Finding]]) -> Iterator[Finding]:
    """What is `found` in paragraphs as findings of the manuscript.

    Rules see spaces where there is no prose. No fix may take the place of such a stretch, and Harper, which finds too
    many spaces there, is wrong.
    """
    for paragraph, finding in found:
        span, fixes = paragraph.placed(finding.span), finding.fixes
        if fixes and manuscript.text.slice(span.start, span.end) != paragraph.reading[finding.span]:
            if finding.kind is CritiqueKind.GRAMMAR:
                continue
            fixes = ()
        yield msgspec.structs.replace(finding, span=span, fixes=fixes)


def _found(reading: Reading, language: str, rules: Sequence[ParagraphRule]) -> Iterator[Finding]:
    if not reading.words:
        return
    if len(reading.words) >= _TELLING:  # a letter in French, in an English novel
        language = language_of(reading.text)
    for rule in rules:
        if not rule.languages or language in rule.languages:
            yield from rule.find(reading)
