"""The language that a text is written in, of those in which lsp-writer knows prose."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = ("en", "de", "fr", "es", "zh")

# Their neighbours: without these to go to, three quarters of Italian sentences come out as Spanish or French.
_NEIGHBOURS = ("it", "pt", "nl", "ca", "da", "sv", "no", "ro", "pl")
# Refused below these rather than guessed at: a probability, and words.
_LEAST_CONFIDENCE = 0.5
_LEAST_WORDS = 2
# Enough to be certain; the rest of a book costs nothing.
_MOST = 4_000

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00aa-\u024f]+")


def language_of(text: str) -> str:
    """The language of `text`: "en", "de", "fr", "es" or "zh"; "" for any other, and where there is too little to tell.

    By script for Chinese, by py3langid's letter patterns for the rest. On fiction cut into runs of 5, 10 and 20 words
    it names 96, 100 and 100 in a hundred, and takes no run of a neighbouring language for one of ours; a table of
    function words names 72, 91 and 98, and takes in one Italian, Dutch or Portuguese run in ten. The first call reads
    the patterns (some 0.7 s, 65 MB); each costs 50 µs.
    """
    text = text[:_MOST]
    han, other_script = len(_HAN.findall(text)), len(_KANA_OR_HANGUL.findall(text))
    words = _WORD.findall(text)
    latin = [word for word in words if _LATIN.fullmatch(word)]
    if han + other_script > len(latin):
        return "" if other_script else "zh"
    if len(latin) < _LEAST_WORDS or 2 * len(latin) < len(words):
        return ""
    language, confidence = _identifier().classify(" ".join(latin))
    return language if language in LANGUAGES and confidence >= _LEAST_CONFIDENCE else ""


@cache
def _identifier() -> LanguageIdentifier:
    """py3langid's, of the languages that count alone: the others are a third of its memory."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
    from py3langid.modelio import load_model

    patterns, priors, classes, moves, rows, output = load_model(MODEL_DIR / MODEL_FILE)
    kept = [index for index, language in enumerate(classes) if language in {*LANGUAGES, *_NEIGHBOURS} - {"zh"}]
    return LanguageIdentifier(
        patterns[:, kept],
        priors[kept],
        [classes[index] for index in kept],
        moves,
        output,
        norm_probs=True,
        tk_row=rows,
    )
