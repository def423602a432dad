"""Feelings that are named: "he was very sad"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.span import Span

_FEELING = (
    r"(?:afraid|amused|angry|annoyed|anxious|ashamed|bitter|bored|confused|delighted|depressed|disappointed"
    r"|disgusted|embarrassed|excited|frightened|frustrated|furious|glad|guilty|happy|heartbroken|hopeful|horrified|hurt"
    r"|jealous|joyful|lonely|mad|miserable|nervous|overjoyed|proud|relieved|sad|scared|shocked|sorry|surprised|terrified"
    r"|thrilled|uneasy|unhappy|upset|worried)"
)
_DEGREE = r"(?:(?:very|so|too|quite|rather|really|extremely|terribly|deeply|both|suddenly|a\s+little)\s+)?"
# To the end of the clause: what somebody is glad of is more than the feeling.
_TOLD = re.compile(
    rf"\b(?:was|were|felt|feels|is|are)\s+{_DEGREE}{_FEELING}(?:,\s+{_FEELING})*(?:,?\s+and\s+{_DEGREE}{_FEELING})?"
    r"(?=\s*(?:[.,;:!?—–]|--|\Z))"
)


def told_emotion(reading: Reading) -> Iterator[Finding]:
    for match in _TOLD.finditer(reading.narration):
        yield Finding(
            Span(*match.span()),
            CritiqueKind.TOLD_EMOTION,
            f"“{' '.join(match[0].split())}” tells what somebody feels.",
            "Try what the feeling makes the body or the hands do.",
        )
