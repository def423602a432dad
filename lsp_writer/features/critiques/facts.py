"""One line of facts about a paragraph, a scene, a chapter."""

from __future__ import annotations

from collections.abc import Sequence

from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.dialogue import dialogue_share, dialogue_spans
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.words import count_words, reading_seconds


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


def facts_of(paragraphs: Sequence[str]) -> str:
    """What stands above a scene or a chapter, of its `paragraphs`: words, reading time, dialogue's share, and pace."""
    words = spoken = sentences = 0
    for paragraph in paragraphs:
        words += count_words(paragraph)
        spoken += sum(count_words(paragraph[span.start : span.end]) for span in dialogue_spans(paragraph))
        sentences += len(sentence_spans(paragraph))
    minutes = round(reading_seconds(words) / 60)
    return " · ".join(
        (
            _counted(words, "word"),
            f"{minutes} min" if minutes else "under a minute",
            f"{spoken / max(words, 1):.0%} dialogue",
            f"{_counted(round(words / max(sentences, 1)), 'word')} a sentence",
        )
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
