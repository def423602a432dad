"""Phrases that language models overuse, in narration."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.phrases import Phrases, narrated, phrases, shipped
from lsp_writer.features.critiques.reading import Reading

LIST = "machine_phrases.txt"


def machine_phrases(reading: Reading) -> Iterator[Finding]:
    for span in narrated(_overused(), reading):
        yield Finding(
            span,
            CritiqueKind.MACHINE_PHRASE,
            f"“{' '.join(reading[span].split()).rstrip('.!?…')}” is what language models write, and readers know it.",
            "Try what only this character would notice here.",
        )


@cache
def _overused() -> Phrases:
    return phrases(shipped(LIST))
