"""Which findings the writer wants to hear of."""

from __future__ import annotations

from lsp_writer.features.critiques.finding import Finding
from lsp_writer.features.critiques.rules import OFF
from lsp_writer.settings import CritiqueSettings


def is_wanted(finding: Finding, settings: CritiqueSettings) -> bool:
    return finding.kind not in settings.disabled and (finding.kind not in OFF or finding.kind in settings.also)
