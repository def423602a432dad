"""Worn phrases in narration; people speak in them."""

from __future__ import annotations

from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.phrases import phrase_rule

LIST = "cliches.txt"

cliches = phrase_rule(
    LIST,
    CritiqueKind.CLICHE,
    "has been read so often that nothing is seen at it.",
    "Try saying what this scene alone has, or the plain word.",
)
