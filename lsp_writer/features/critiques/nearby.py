"""The findings at one place of a manuscript, the nearest first, and all that are known in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from lsp_writer.features.critiques.critic import Critic, placed
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.known import Known
from lsp_writer.features.critiques.remedies import Change, fix_all, is_safe
from lsp_writer.features.critiques.story import Paragraph, language_in
from lsp_writer.features.critiques.wanted import Wishes, wanted
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.sentences import sentence_at
from lsp_writer.prose.span import Span

# A menu of more would not be read.
_MOST_HERE = 8
# Where the caret is on none of them, those that a hover would tell.
_MOST_MEANT = 3
_USEFUL = {kind: number for number, kind in enumerate(CritiqueKind)}
_BEFORE_WORD = re.compile(r"\W*\Z")


class Nearby(msgspec.Struct, frozen=True):
    """Spans are offsets into `manuscript`."""

    manuscript: Manuscript
    wishes: Wishes
    #: What the selection touches, or the sentence at the caret has, and the writer wants to hear of.
    here: tuple[Finding, ...]
    #: Those of them that the caret or the selection is on; without any, the first few.
    meant: tuple[Finding, ...]
    #: All that are known, wanted or not, each once.
    everywhere: Sequence[Finding]
    paragraph: Paragraph | None = None

    def changes_of_all(self, kind: CritiqueKind) -> list[Change]:
        """What mends every finding of `kind` that the writer wants to hear of."""
        return fix_all(self._wanted(finding for finding in self.everywhere if finding.kind == kind))

    def safe_changes(self) -> list[Change]:
        """What mends whatever may be mended unseen."""
        return fix_all(self._wanted(finding for finding in self.everywhere if is_safe(finding)))

    def _wanted(self, findings: Iterable[Finding]) -> list[Finding]:
        return wanted(findings, self.manuscript, self.wishes)

    def opens(self, finding: Finding) -> bool:
        """Whether `finding` stands at the beginning of a sentence."""
        if self.paragraph is None:
            return False
        at, reading = finding.span.start - self.paragraph.start, self.paragraph.reading
        return any(
            sentence.start <= at < sentence.end and _BEFORE_WORD.match(reading.text[sentence.start : at])
            for sentence in reading.sentences
        )


def nearby(critic: Critic, manuscript: Manuscript, selection: Span, known: Known, wishes: Wishes) -> Nearby:
    """The findings at `selection`, by what is `known` of the manuscript and what is found in the paragraph now."""
    paragraph = critic.paragraph_at(manuscript, selection.start)
    everywhere = _everywhere(critic, manuscript, paragraph, known)
    place = selection or _sentence(paragraph, selection.start)
    touched = [finding for finding in everywhere if _touches(finding.span, place)]
    here = wanted(touched, manuscript, wishes)
    here.sort(key=lambda finding: _nearness(finding, selection))
    meant = [finding for finding in here if _touches(finding.span, selection)]
    return Nearby(
        manuscript, wishes, tuple(here[:_MOST_HERE]), tuple((meant or here)[:_MOST_MEANT]), everywhere, paragraph
    )


def _everywhere(critic: Critic, manuscript: Manuscript, paragraph: Paragraph | None, known: Known) -> Sequence[Finding]:
    if paragraph is None:
        found = [*known.quick, *known.others]
    else:
        # As it is now, not as it was when it was last read.
        now = critic.in_paragraph(paragraph.reading, language_in(manuscript))
        span = Span(paragraph.start, paragraph.start + len(paragraph.reading.text))
        found = list(placed(manuscript, ((paragraph, finding) for finding in now)))
        found += (finding for finding in known.quick if not finding.span.overlaps(span))
        found += known.others
    return list({(finding.span, finding.kind): finding for finding in found}.values())


def _sentence(paragraph: Paragraph | None, caret: int) -> Span:
    sentence = sentence_at(paragraph.reading.sentences, caret - paragraph.start) if paragraph else None
    return paragraph.placed(sentence) if paragraph and sentence else Span(caret, caret)


def _nearness(finding: Finding, selection: Span) -> tuple[bool, int, Span]:
    """What the selection is on comes first, the shortest of that before the rest; of the others the most useful."""
    if _touches(finding.span, selection):
        return False, len(finding.span), finding.span
    return True, _USEFUL[finding.kind], finding.span


def _touches(span: Span, place: Span) -> bool:
    """A caret at either edge is on it, too."""
    return span.overlaps(place) if place else span.start <= place.start <= span.end
