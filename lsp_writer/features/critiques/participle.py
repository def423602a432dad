"""A verb's base or its past where its participle belongs: "had went", "which he had smell"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.reading import Reading
from lsp_writer.prose.span import Span

# Bases and pasts that are neither participles nor anything else that one could have had.
_PARTICIPLES = {
    wrong: participle
    for participle, forms in {
        "become": "became", "begun": "begin began", "bitten": "bite", "blown": "blow blew", "brought": "bring",
        "caught": "catch", "chosen": "choose chose", "come": "came", "done": "did", "drawn": "draw drew",
        "driven": "drive drove", "drunk": "drank", "eaten": "eat ate", "fallen": "fall fell", "felt": "feel",
        "flown": "fly flew", "forgotten": "forget forgot", "given": "give gave", "gone": "go went",
        "grown": "grow grew", "heard": "hear", "hidden": "hide", "known": "know knew", "lost": "lose",
        "ridden": "ride rode", "risen": "rise", "run": "ran", "seen": "see saw", "spoken": "speak spoke",
        "stolen": "steal stole", "sung": "sang", "sunk": "sank", "swum": "swam", "taken": "take took",
        "taught": "teach", "told": "tell", "thought": "think", "thrown": "throw threw", "torn": "tear tore",
        "woken": "wake", "worn": "wear wore", "written": "write wrote",
    }.items()
    for wrong in forms.split()
}  # fmt: skip
# These are nouns as well, which one may have ("he had taste"); not where "which" is already what was had.
_SENSES = {"smell": "smelt", "taste": "tasted", "touch": "touched", "watch": "watched", "hear": "heard"}
_SUBJECT = r"(?:I|you|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Tt]hey)"
_OFTEN = r"(?:\s+(?:never|always|already|once|often|just|ever|long|only))?"
# Not “what he had went to the poor”.
_AFTER_HAD = re.compile(
    rf"(?<!hat )(?<!ll )\b{_SUBJECT}(?:\s+had|\s+hadn[’']t|\s+had\s+not){_OFTEN}\s+(?P<verb>{'|'.join(_PARTICIPLES)})\b"
    rf"|\b(?:which|whom)\s+{_SUBJECT}\s+had{_OFTEN}\s+(?P<sense>{'|'.join(_SENSES)})\b"
)


def participles(reading: Reading) -> Iterator[Finding]:
    if "had" not in reading.narration:
        return
    for match in _AFTER_HAD.finditer(reading.narration):
        group = "verb" if match["verb"] else "sense"
        right = (_PARTICIPLES | _SENSES)[match[group]]
        yield Finding(
            Span(*match.span(group)),
            CritiqueKind.GRAMMAR,
            f"After “had” stands a participle, which “{match[group]}” is not.",
            f"Try “{right}”.",
            (right,),
        )
