"""Marked text for rules: what stands between ⟦ and ⟧ they must find, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading, read
from lsp_writer.features.critiques.story import Story, story_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span


def unmarked(marked: str) -> tuple[str, list[Span]]:
    """The text without its marks, and where they stood."""
    starts = [match.start() - 2 * index for index, match in enumerate(re.finditer("⟦", marked))]
    ends = [match.start() - 2 * index - 1 for index, match in enumerate(re.finditer("⟧", marked))]
    return re.sub("[⟦⟧]", "", marked), [Span(*edges) for edges in zip(starts, ends, strict=True)]


def check_story_rule(
    rule: Callable[[Story], Iterator[Finding]], marked: str, kind: CritiqueKind | None = None
) -> list[Finding]:
    """The findings of `rule` in a Markdown manuscript, of `kind` if given, stand where the marks are."""
    text, spans = unmarked(marked)
    story = story_of(Manuscript("file:///story.md", 1, Rope.of(text), markdown=True), read)
    findings = [finding for finding in rule(story) if kind in {None, finding.kind}]
    findings.sort(key=lambda finding: finding.span)
    assert [finding.span for finding in findings] == spans
    return findings


def check_rule(
    rule: Callable[[Reading], Iterator[Finding]], marked: str, kind: CritiqueKind | None = None
) -> list[Finding]:
    """The findings of `rule` in a paragraph stand where the marks are, and are of `kind`."""
    text, spans = unmarked(marked)
    findings = [finding for finding in rule(read(text)) if kind in {None, finding.kind}]
    assert [finding.span for finding in findings] == spans
    return findings
