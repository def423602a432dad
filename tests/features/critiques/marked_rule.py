"""Marked text for rules: what stands between ⟦ and ⟧ they must find, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading, read
from lsp_writer.prose.span import Span


def unmarked(marked: str) -> tuple[str, list[Span]]:
    """The text without its marks, and where they stood."""
    starts = [match.start() - 2 * index for index, match in enumerate(re.finditer("⟦", marked))]
    ends = [match.start() - 2 * index - 1 for index, match in enumerate(re.finditer("⟧", marked))]
    return re.sub("[⟦⟧]", "", marked), [Span(*edges) for edges in zip(starts, ends, strict=True)]


def check_rule(
    rule: Callable[[Reading], Iterator[Finding]], marked: str, kind: CritiqueKind | None = None
) -> list[Finding]:
    """The findings of `rule` in a paragraph stand where the marks are, and are of `kind`."""
    text, spans = unmarked(marked)
    findings = list(rule(read(text)))
    assert [finding.span for finding in findings] == spans
    assert kind is None or {finding.kind for finding in findings} <= {kind}
    return findings
