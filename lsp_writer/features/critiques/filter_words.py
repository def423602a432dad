"""Filter words: narration that shows somebody perceiving instead of what is perceived."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.span import Span

_ADVERB = r"(?:(?:then|now|still|also|soon|just|again|only|(?!hardly|scarcely|barely|nearly)[a-z]+ly)\s+)?"
# Not a scene but a feeling ("felt a little tired"), an act ("felt her way", "saw his chance"), a thought ("saw the
# point") or a meeting ("saw her", "heard her say").
_PERCEIVED = (
    r"(?!a\s+(?:little|bit|trifle|good)\b|(?:his|her|its|their|my|our)\s+(?:way|chance|opportunity|time|mistake)\b"
    r"|the\s+(?:\W*point|state|reason|need|use|sense|signs?)\b"
    r"|her\s+(?:say|tell|call|come|go|coming|going)\b|her(?:\W*$|\s*[,.;:]|\s+(?:and|again|at|in|to|for|with|off|home)\b))"
    r"(?:the(?!\s+\W)|a|an|his|her|its|their|my|our|someone|something|somebody|footsteps|voices)"
)
# What is felt so is thought ("felt that it must be so", "she felt that he had lied"), what is noticed so took time
# ("noticed that he never came"), and what somebody sees of himself so he understands ("he saw that he had lost").
_THOUGHT = (
    r"(?<!felt(?=\s+that\s+(?!(?i:(?P=who))\b)(?:there|it|he|she|they|we|you|I)\b))"
    r"(?<!saw(?=\s+that\s+(?i:(?P=who))\b))"
    r"(?!\s+that\s+(?:\S+\s+){1,3}(?:must|might|could|would|should|ought|going|never|always|often|frequently)\b)"
)
# "Could see that he was moved": what somebody concludes about another.
_CONCLUDED = r"(?!\s+that\s+(?:he|she|they|[A-Z]\w+)\b)"
_FILTER = re.compile(
    rf"\b(?P<who>I|[Hh]e|[Ss]he|[Tt]hey|[Ww]e|[A-Z][a-z]+)\s+{_ADVERB}"
    r"(?P<verb>"
    rf"(?:saw|heard|felt|noticed|sensed|smelled|smelt)(?=\s+{_PERCEIVED}\b)"
    rf"|could\s+{_ADVERB}(?:see|hear|feel|smell|sense)(?=\s+(?:{_PERCEIVED}|that|how)\b){_CONCLUDED}"
    rf"|(?:saw|noticed|felt|heard|sensed|realised|realized|observed)(?=\s+(?:that|how)\b){_THOUGHT}"
    r")\s+(?P<what>[^\s,.;:!?\"—–]+(?:\s+[^\s,.;:!?\"—–]+){0,3})"
)
# When it was seen is told, or whether; the observer cannot go: "as she saw that …", "he wished he could see the sea".
_DEPENDS = re.compile(
    r"\b(?:when|whenever|if|as|till|until|while|because|since|than|where|though|before|after|that|wish(?:ed)?|fancied"
    r"|thought|only|once|supposed|hope|hoped)\s+\Z"
)
_BEFORE = 12


def filter_words(reading: Reading) -> Iterator[Finding]:
    asked = [sentence for sentence in reading.sentences if reading[sentence].rstrip("”’\"' ").endswith("?")]
    for match in _FILTER.finditer(reading.narration):
        if any(sentence.start <= match.start() < sentence.end for sentence in asked):
            continue
        if _DEPENDS.search(reading.narration, max(0, match.start() - _BEFORE), match.start()):
            continue
        what = re.sub(r"^(?:that|how)\s+", "", " ".join(match["what"].split()))
        yield Finding(
            Span(match.start("who"), match.end("verb")),
            CritiqueKind.FILTER_WORD,
            f"“{match['who']} {' '.join(match['verb'].split())}” puts an observer between the reader and the scene.",
            f"Try going straight to “{what} …”.",
        )
