"""What a critique says."""

from __future__ import annotations

import enum

import msgspec

from lsp_writer.prose.span import Span


class CritiqueKind(enum.StrEnum):
    """What a finding is about, the most useful first. Settings turn critiques off by these names."""

    GRAMMAR = "grammar"
    SPELLING = "spelling"
    DOUBLED_WORD = "doubled-word"
    DIALOGUE_PUNCTUATION = "dialogue-punctuation"
    QUOTATION_MARK = "quotation-mark"
    NAME_SPELLING = "name-spelling"
    MIXED_SPELLING = "mixed-spelling"
    TENSE_SLIP = "tense-slip"
    VIEWPOINT_SLIP = "viewpoint-slip"
    OVER_LONG = "over-long"
    REPETITION = "repetition"
    OPENING = "opening"
    MONOTONE = "monotone"
    PASSIVE = "passive"
    WEAK_VERB = "weak-verb"
    FILTER_WORD = "filter-word"
    ADVERB = "adverb"
    SAID_BOOKISM = "said-bookism"
    CLICHE = "cliche"
    MACHINE_PHRASE = "machine-phrase"
    USAGE = "usage"
    TALKING_HEADS = "talking-heads"
    UNATTRIBUTED = "unattributed"
    TOLD_EMOTION = "told-emotion"
    SENSES = "senses"
    NUMERAL = "numeral"
    DASH = "dash"
    AWKWARD = "awkward"
    PREDICTABLE = "predictable"


#: Slips, which nobody makes on purpose.
CERTAIN: frozenset[CritiqueKind] = frozenset(
    {
        CritiqueKind.GRAMMAR,
        CritiqueKind.SPELLING,
        CritiqueKind.DOUBLED_WORD,
        CritiqueKind.DIALOGUE_PUNCTUATION,
        CritiqueKind.QUOTATION_MARK,
        CritiqueKind.NAME_SPELLING,
        CritiqueKind.MIXED_SPELLING,
    }
)


class Finding(msgspec.Struct, frozen=True):
    """Something worth a look. `reason` is one sentence, `suggestion` one thing to try; each of `fixes` may stand in the
    place of `span`, the likeliest first."""

    span: Span
    kind: CritiqueKind
    reason: str
    suggestion: str
    fixes: tuple[str, ...] = ()
