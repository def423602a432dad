"""Finds what is worth a look by rule, and remembers what it has read."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from lsp_writer.features.critiques.finding import Finding
from lsp_writer.features.critiques.reading import read
from lsp_writer.features.critiques.rules import PARAGRAPH_RULES, STORY_RULES
from lsp_writer.features.critiques.story import story_of
from lsp_writer.prose.language import language_of
from lsp_writer.prose.manuscript import Manuscript

# Paragraphs of some three novels; of most nothing is kept but their text.
_REMEMBERED = 20_000
# Paragraphs that tell the language of a story.
_TELLING = 20
# A reading takes some ten times its paragraph.
_READ = 500


class Critic:
    """What the rules find, by paragraph and over the whole story. May be asked from any thread: an edit costs the
    reading of its paragraph alone."""

    def __init__(self) -> None:
        self.read = lru_cache(_READ)(read)
        self._in_paragraph = lru_cache(_REMEMBERED)(self._found)

    def in_paragraph(self, shown: str, language: str = "en") -> tuple[Finding, ...]:
        """The findings in a paragraph, as offsets into it, in the order of the rules."""
        return self._in_paragraph(shown, language)

    def in_story(self, manuscript: Manuscript) -> list[Finding]:
        """Every finding of the rules in `manuscript`, in order."""
        story = story_of(manuscript, self.read)
        language = language_of("\n".join(paragraph.reading.text for paragraph in story.paragraphs[:_TELLING]))
        found = [
            msgspec.structs.replace(finding, span=paragraph.placed(finding.span))
            for paragraph in story.paragraphs
            for finding in self.in_paragraph(paragraph.reading.text, language)
        ]
        found += (
            finding
            for rule in STORY_RULES
            if not rule.languages or language in rule.languages
            for finding in rule.find(story)
        )
        return sorted(found, key=lambda finding: finding.span)

    def _found(self, shown: str, language: str) -> tuple[Finding, ...]:
        reading = self.read(shown)
        return tuple(
            finding
            for rule in PARAGRAPH_RULES
            if not rule.languages or language in rule.languages
            for finding in rule.find(reading)
        )
