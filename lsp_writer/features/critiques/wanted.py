"""Which findings the writer wants to hear of."""

from __future__ import annotations

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.rules import OFF
from lsp_writer.settings import CritiqueSettings


def is_wanted(finding: Finding, settings: CritiqueSettings) -> bool:
    return is_kind_wanted(finding.kind, settings)


def is_kind_wanted(kind: CritiqueKind, settings: CritiqueSettings) -> bool:
    return kind not in settings.disabled and (kind not in OFF or kind in settings.also)
