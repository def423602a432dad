"""Which findings the writer wants to hear of."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from lsp_writer.features.critiques.comments import comments_in
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.rules import OFF
from lsp_writer.features.critiques.silence import Silence
from lsp_writer.prose.front_matter import switches
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.settings import CritiqueSettings


class Wishes(msgspec.Struct, frozen=True):
    """What the writer has said besides in the text: `settings` as they are for this manuscript, and what they have
    silenced word by word."""

    settings: CritiqueSettings = CritiqueSettings()
    silence: Silence = Silence()


def is_kind_wanted(kind: CritiqueKind, settings: CritiqueSettings) -> bool:
    return settings.enabled and kind not in settings.disabled and (kind not in OFF or kind in settings.also)


def said(manuscript: Manuscript) -> object:
    """What `manuscript` itself says about critiques, wherever in it that stands."""
    comments = comments_in(manuscript)
    return switches(manuscript), comments.said if comments else []


def wanted(findings: Iterable[Finding], manuscript: Manuscript, wishes: Wishes) -> list[Finding]:
    """Those of `findings`, whose spans are offsets into `manuscript`, that the writer wants to hear of."""
    kinds = {kind for kind in CritiqueKind if is_kind_wanted(kind, wishes.settings)}
    comments, silence = comments_in(manuscript), wishes.silence
    return [
        finding
        for finding in findings
        if finding.kind in kinds
        and not (comments and comments.silence(finding.kind, finding.span.start))
        and not silence.covers(finding.kind, manuscript.text.slice(finding.span.start, finding.span.end))
    ]
