"""A word written twice in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.span import Span

# What Markdown marks is shown as spaces, so more than one of them may hide a word.
_TWICE = re.compile(
    r"(?<![\w'’-])(?P<word>[^\W\d_]++)(?P<more>(?: |[ \t]*\n[ \t]*)(?P=word))+(?![\w'’-])", re.IGNORECASE
)
# "He had had", "what it is is", "I tell you you better", "gave her her coat", "slipped in in safety": of 29
# words that stand twice in 200,000 of published fiction 28 were meant, and most are these.
_MAY_MEET = word_set(
    """
    had that is was were are am be been do did does can could will would shall should may might must have has
    know knew came said saw go went think thought say says see let
    her his you who what one there here this these those all so which
    in on up out off over down by through about along across for with back away
    """
)
# Said twice for weight or for its sound, by narrators too.
_WEIGHTY = word_set(
    """
    very far long many much really never ever more too old big little wide deep dark cold slow slowly quite
    again no yes oh ah ha he ho hee hey hush tut knock tap tick tock drip drop clang bang boom ding dong thump beep
    ring chop chug clop click clack quack hip pooh bye night now come well dear please hear good bad great
    sorry right okay ok nice days hours years la na da chuff creak rub pat pitter
    """
)
_MEANT = _MAY_MEET | _WEIGHTY
# Where a clause begins, a speaker calls out: “Run run,” “and then, quick quick”.
_CLAUSE = re.compile(r"[^\w\s]\s*\Z")


def doubled_words(reading: Reading) -> Iterator[Finding]:
    for match in _TWICE.finditer(reading.text):
        word = match["word"]
        if len(match[0].split()) > 2 or word.lower() in _MEANT or _is_called(reading, match):
            continue
        yield Finding(
            Span(*match.span()),
            CritiqueKind.DOUBLED_WORD,
            f"“{word}” stands twice in a row.",
            f"Try leaving one “{word}” out.",
            (word,),
        )


def _is_called(reading: Reading, match: re.Match[str]) -> bool:
    """Whether it is a name ("Humpty Humpty"), or what somebody calls or stammers."""
    if match["more"].lstrip()[0].isupper():
        return True
    if reading.narration[match.start()] != SPOKEN:
        return False
    return match["word"] == "I" or bool(_CLAUSE.search(reading.text, max(match.start() - 3, 0), match.start()))
