"""Marked stories: what stands between ⟦ and ⟧ a rule must find in them, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lsp_writer.features.critiques.finding import Finding
from lsp_writer.features.critiques.reading import read
from lsp_writer.features.critiques.story import Story, story_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from tests.features.critiques.marked_rule import unmarked


def check_story_rule(rule: Callable[[Story], Iterator[Finding]], marked: str) -> list[Finding]:
    """The findings of `rule` in a Markdown manuscript stand where the marks are."""
    text, spans = unmarked(marked)
    story = story_of(Manuscript("file:///story.md", 1, Rope.of(text), markdown=True), read)
    findings = sorted(rule(story), key=lambda finding: finding.span)
    assert [finding.span for finding in findings] == spans
    return findings
