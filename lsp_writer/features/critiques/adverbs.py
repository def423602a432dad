"""Adverbs on speech tags, and adverbs piled up in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import SPOKEN, Reading
from lsp_writer.features.critiques.word_set import word_set
from lsp_writer.prose.span import Span

# Adjectives, nouns and verbs in -ly, and adverbs of degree and time, which do other work than telling how.
_NOT_MANNER = word_set(
    """
    actually ally anomaly apply assembly barely beastly belly bodily bully burly butterfly certainly chilly
    comely comply consequently constantly costly cowardly curly daily deadly deeply disorderly dolly early
    earthly elderly entirely especially evidently exactly extremely fairly family fatherly finally fly folly
    fortnightly frequently friendly generally ghastly ghostly goodly gully hardly heavenly hilly holly holy
    homely hourly imply instantly italy jelly jolly july kindly kingly lately leisurely likely lily lively
    lonely lordly lovely lowly manly masterly mealy melancholy merely monopoly monthly mostly motherly namely
    nearly neighbourly nightly oily only orderly partially particularly partly perfectly possibly presently
    previously princely probably promptly quarterly readily really recently rely remarkably reply saintly sally
    scarcely shapely
    sickly silly simply slightly smelly sprightly stately suddenly supply surely surly tally timely totally
    truly ugly unearthly unfriendly ungainly unlikely unruly untimely usually weekly wholly wily womanly woolly
    worldly yearly
    """
)
_MANNER = r"(?P<adverb>[a-z]{2,}ly)\b"
_ANOTHER = r"(?P<another>\s+and\s+(?:very\s+)?[a-z]{2,}ly\b)?"
_VERB = (
    r"(?:said|says|asked|replied|answered|whispered|cried|shouted|muttered|murmured|called|added|exclaimed|remarked"
    r"|snapped|growled|demanded|responded|returned|observed|continued|hissed|yelled|announced|agreed|began|declared"
    r"|explained|insisted|protested|suggested)"
)
_SPEAKER = r"(?:I|he|she|they|we|(?:the|my|his|her)\s+[a-z]+(?:\s+[a-z]+)?|(?:[A-Z][\w.]+\s+){0,2}[A-Z][\w.]+)"
_TAG = re.compile(
    rf"(?<={SPOKEN})\s+(?:{_VERB}(?:\s+{_SPEAKER})?|{_SPEAKER}\s+{_VERB}),?\s+(?:very\s+)?{_MANNER}(?!\s+[a-z]+ed\b){_ANOTHER}"
    rf"|(?<={SPOKEN})\s+{_SPEAKER}\s+(?P<before>[a-z]{{2,}}ly)\s+{_VERB}\b"
)
_ANY = re.compile(rf"\b{_MANNER}", re.IGNORECASE)
# "slowly and softly", but not "quickly but softly", which says two things, nor "so slowly, so softly", a figure.
_JOINED = re.compile(r"\s+and\s+(?:very\s+)?|,\s+(?:and\s+)?(?:very\s+)?")


def adverbs(reading: Reading) -> Iterator[Finding]:
    tagged: set[int] = set()
    if reading.dialogue:
        for match in _TAG.finditer(reading.narration):
            if (match["adverb"] or match["before"]) in _NOT_MANNER:
                continue
            start, end = match.span("adverb" if match["adverb"] else "before")
            span = Span(start, max(end, match.end("another")))
            adverb = " ".join(reading[span].split())
            tagged.add(span.start)
            yield Finding(
                span,
                CritiqueKind.ADVERB,
                f"“{adverb}” tells how the words are spoken, which the words can show.",
                f"Try cutting “{adverb}”, or let the speech itself carry it.",
            )
    for sentence in reading.sentences:
        yield from _piled_up(reading, sentence, tagged)


def _piled_up(reading: Reading, sentence: Span, tagged: set[int]) -> Iterator[Finding]:
    found = [
        match
        for match in _ANY.finditer(reading.narration, sentence.start, sentence.end)
        if match[0].lower() not in _NOT_MANNER and match.start() not in tagged and not _is_name(match)
    ]
    for first, second in pairwise(found):
        if not _JOINED.fullmatch(reading.narration, first.end(), second.start()):
            continue
        yield Finding(
            Span(first.start(), second.end()),
            CritiqueKind.ADVERB,
            f"“{first[0]}” and “{second[0]}” stand close together and weaken each other.",
            "Try keeping one, and a stronger verb in place of the other.",
        )
        return


def _is_name(match: re.Match[str]) -> bool:
    return (
        match[0][0].isupper()
        and match.start() > 0
        and match.string[match.start() - 2 : match.start()] not in {". ", '" '}
    )
