"""One line of facts about a paragraph."""

from __future__ import annotations

from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.dialogue import dialogue_share
from lsp_writer.prose.words import reading_seconds


def facts(reading: Reading) -> str:
    """The paragraph's words, sentences, dialogue's share and reading time, for the writer to read."""
    words = len(reading.words)
    seconds = reading_seconds(words)
    return " · ".join(
        (
            _counted(words, "word"),
            _counted(len(reading.sentences), "sentence"),
            f"{dialogue_share(reading.text, reading.dialogue):.0%} dialogue",
            f"{seconds} s to read" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s to read",
        )
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
