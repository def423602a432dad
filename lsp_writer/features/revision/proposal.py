"""A rewrite on its way into the manuscript: which passage it is for, and whether that passage is still the same."""

from __future__ import annotations

import enum

import msgspec

from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span, follow


class ProposalState(enum.StrEnum):
    RUNNING = "running"
    #: Finished; the writer has yet to decide.
    READY = "ready"
    #: Sent to the editor, which has yet to show that it put it in.
    APPLYING = "applying"
    APPLIED = "applied"
    #: Finished, but its passage had changed or the editor refused it. It can still be used.
    KEPT = "kept"
    DISCARDED = "discarded"
    FAILED = "failed"


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A rewrite of `span`, which read `original`. `revision` names it in the catalogue."""

    id: str
    uri: str
    span: Span
    original: str
    revision: str
    seed: int = 0
    state: ProposalState = ProposalState.RUNNING
    #: The new text so far.
    text: str = ""
    #: Where the editor was asked to put the text, and everything written there and at its edges since then. None until
    #: it was asked.
    sent_to: Span | None = None

    @property
    def finished(self) -> bool:
        """Whether it only waits for the writer's decision."""
        return self.state in {ProposalState.READY, ProposalState.KEPT}

    def come_to(self, state: ProposalState, text: str | None = None) -> Proposal:
        """This proposal in another state, and with another text if one is given."""
        return msgspec.structs.replace(self, state=state, text=self.text if text is None else text)

    def after(self, edit: Edit) -> Proposal:
        """This proposal once `edit` has happened. Its span keeps what is left of the passage and takes in nothing of
        what was written across its edges."""
        sent_to = None if self.sent_to is None else _grown(self.sent_to, edit)
        return msgspec.structs.replace(self, span=_followed(self.span, edit), sent_to=sent_to)

    def sent(self, text: Rope) -> Proposal:
        """This proposal once the editor has been asked to put it in place of the passage as `text` has it."""
        original = text.slice(self.span.start, self.span.end)
        return msgspec.structs.replace(self, state=ProposalState.APPLYING, original=original, sent_to=self.span)

    def fits(self, text: Rope) -> bool:
        """Whether the passage is what was read, character for character."""
        return text.slice(self.span.start, self.span.end) == self.original

    def landed(self, text: Rope) -> bool:
        """Whether the rewrite was put into `text` since it was sent.

        Editors report an edit trimmed of what did not change, in pieces, or together with the writer's own typing, so
        the rewrite is looked for in all that was written there. One that is a part of the original was there before:
        it is put in only if nothing else is left.
        """
        if self.sent_to is None:
            return False
        written = text.slice(self.sent_to.start, self.sent_to.end)
        return written == self.text or (self.text not in self.original and self.text in written)


def _followed(span: Span, edit: Edit) -> Span:
    outside = follow(span, edit)
    if outside is not None:
        return outside
    behind = edit.span.start + edit.inserted
    start = span.start if span.start <= edit.span.start else behind
    end = span.end + edit.inserted - len(edit.span) if edit.span.end <= span.end else max(start, edit.span.start)
    return Span(start, end)


def _grown(span: Span, edit: Edit) -> Span:
    """`span` after `edit`, with what the edit wrote inside it, across its edges or right beside them."""
    longer = edit.inserted - len(edit.span)
    if edit.span.end < span.start:
        return span.shift(longer)
    if edit.span.start > span.end:
        return span
    return Span(min(span.start, edit.span.start), max(span.end, edit.span.end) + longer)
