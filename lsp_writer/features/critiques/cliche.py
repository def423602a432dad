"""Worn phrases in narration; people speak in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.phrases import Phrases, narrated, phrases, shipped
from lsp_writer.features.critiques.reading import Reading

LIST = "cliches.txt"


def cliches(reading: Reading) -> Iterator[Finding]:
    for span in narrated(_worn(), reading):
        yield Finding(
            span,
            CritiqueKind.CLICHE,
            f"“{' '.join(reading[span].split()).rstrip('.!?…')}” has been read so often that nothing is seen at it.",
            "Try saying what this scene alone has, or the plain word.",
        )


@cache
def _worn() -> Phrases:
    return phrases(shipped(LIST))
