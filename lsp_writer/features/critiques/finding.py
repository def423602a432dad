"""What a critique says."""

from __future__ import annotations

import enum

import msgspec

from lsp_writer.prose.span import Span


class CritiqueKind(enum.StrEnum):
    """What a finding is about, the most useful first. Settings turn critiques off by these names."""

    OVER_LONG = "over-long"
    REPETITION = "repetition"
    PASSIVE = "passive"
    FILTER_WORD = "filter-word"
    ADVERB = "adverb"
    AWKWARD = "awkward"
    PREDICTABLE = "predictable"


class Finding(msgspec.Struct, frozen=True):
    """Something worth a look. `reason` is one sentence, `suggestion` one thing to try."""

    span: Span
    kind: CritiqueKind
    reason: str
    suggestion: str
