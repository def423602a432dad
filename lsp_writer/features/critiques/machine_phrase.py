"""Phrases that language models overuse, in narration."""

from __future__ import annotations

from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.phrases import phrase_rule

LIST = "machine_phrases.txt"

machine_phrases = phrase_rule(
    LIST,
    CritiqueKind.MACHINE_PHRASE,
    "is what language models write, and readers know it.",
    "Try what only this character would notice here.",
)
