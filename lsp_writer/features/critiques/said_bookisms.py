"""Speech tags that draw the eye from what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.speech_tags import SpeechTag, speech_tags

# The sounds that can be hissed: s, z, x, a soft c.
_HISSED = re.compile(r"[szx]|c[eiyéè]", re.IGNORECASE)


def said_bookisms(reading: Reading) -> Iterator[Finding]:
    for tag in speech_tags(reading.text, reading.dialogue):
        verb = " ".join(reading[tag.verb].split())
        if reason := _reason(reading, tag, verb):
            yield Finding(tag.verb, CritiqueKind.SAID_BOOKISM, reason, _suggestion(tag, verb))


def _reason(reading: Reading, tag: SpeechTag, verb: str) -> str:
    if tag.kind == "plain":
        return ""
    if tag.kind == "action":
        return f"“{verb}” speaks no words."
    if verb.lower() not in {"hissed", "hisses"}:
        return f"“{verb}” draws the eye from what is said."
    return "" if _HISSED.search(reading[tag.speech]) else f"Nothing in the speech can be {verb}: it has no s in it."


def _suggestion(tag: SpeechTag, verb: str) -> str:
    said = "says" if verb.endswith("s") else "said"
    if tag.kind != "action":
        return f"Try “{said}”, or let the words tell how they are spoken."
    return f"Try “{said}”, or “{verb}” in a sentence of its own."
