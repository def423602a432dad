"""A rewrite on its way into the manuscript: what it is for, what came of it, and whether its passage is the same."""

from __future__ import annotations

import enum
from collections.abc import Collection

import msgspec

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.commission import SEEDS_OF_A_COMMISSION, Alternative, Commission
from lsp_writer.features.revision.hunks import Hunk, applied, hunks_of
from lsp_writer.features.revision.target import Target
from lsp_writer.prose.manuscript import Manuscript
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
    #: Its beginning is finished, the rest is the passage as it was. It can be used, or continued.
    STOPPED = "stopped"
    DISCARDED = "discarded"
    FAILED = "failed"


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A commission, the passage that it reads and the place that it writes to, and what has come of it."""

    id: str
    uri: str
    commission: Commission
    #: What was read, and has to stand there still: the passage, or what stood before the caret on its line.
    passage: Span
    original: str
    #: What is replaced: the passage, or nothing, right after it.
    place: Span
    old: str
    state: ProposalState = ProposalState.RUNNING
    #: All that is written so far.
    text: str = ""
    #: The part of it that will not change any more, and how many code points of `old` it stands for.
    part: str = ""
    part_read: int = 0
    alternatives: tuple[Alternative, ...] = ()
    #: What each alternative changes in `old`.
    hunks: tuple[tuple[Hunk, ...], ...] = ()
    #: Whether some of the passage was cut off at its beginning and at its end, and may come back there.
    cut: tuple[bool, bool] = (False, False)
    #: Why parts of the passage stayed as they were.
    note: str = ""
    #: The passage is not what was read, as far as the clients know.
    changed: bool = False
    #: What the writer is to be told of the state that it came to last.
    message: str = ""
    #: How often the editor was asked to put it in, what it was to put in last, and what stood there then.
    sendings: int = 0
    sent: str = ""
    sent_over: str = ""
    #: Where it was asked to put that, and everything written there and at its edges since then. None until it was
    #: asked.
    sent_to: Span | None = None
    #: The editor said that the writer took some of it or all: whatever has changed there is what they took.
    taken: bool = False

    @classmethod
    def of(cls, manuscript: Manuscript, target: Target, commission: Commission, proposal_id: str) -> Proposal:
        """A proposal that is about to be worked on."""
        passage = read_for(manuscript, target)
        return cls(
            id=proposal_id,
            uri=manuscript.uri,
            commission=commission,
            passage=passage,
            original=manuscript.text.slice(passage.start, passage.end),
            place=target.place,
            old=manuscript.text.slice(target.place.start, target.place.end),
        )

    @property
    def finished(self) -> bool:
        """Whether it only waits for the writer's decision."""
        return self.state in {ProposalState.READY, ProposalState.KEPT, ProposalState.STOPPED}

    @property
    def target(self) -> Target:
        """What this proposal is for, as it stands now."""
        return Target(self.place if self.commission.entry.takes == "caret" else self.passage, self.place)

    @property
    def next_seed(self) -> int:
        """The first seed that did not go into it."""
        return self.commission.seed + SEEDS_OF_A_COMMISSION

    def come_to(self, state: ProposalState, message: str = "") -> Proposal:
        return msgspec.structs.replace(self, state=state, message=message)

    def growing(self, text: str, part: str, part_read: int) -> Proposal:
        """This proposal once so much of it is written."""
        return msgspec.structs.replace(self, text=text, part=part, part_read=part_read)

    def with_alternatives(self, alternatives: tuple[Alternative, ...], note: str = "") -> Proposal:
        """This proposal with what it was made for. Takes a moment for a long passage."""
        hunks = tuple(hunks_of(self.old, alternative.text) for alternative in alternatives)
        text = alternatives[0].text
        return msgspec.structs.replace(self, alternatives=alternatives, hunks=hunks, text=text, note=note)

    def made_as(self, other: Proposal) -> Proposal:
        """This proposal, wherever its passage is by now, with what was made for `other`, an earlier state of it."""
        return msgspec.structs.replace(
            self, alternatives=other.alternatives, hunks=other.hunks, text=other.text, note=other.note
        )

    def stopped(self) -> Proposal | None:
        """This proposal with what is finished of it and the rest of the passage as it was, or None if that is the
        passage as it was. Takes a moment for a long passage."""
        text = self.part + self.old[self.part_read :]
        if text == self.old:
            return None
        stopped = self.with_alternatives((Alternative(text=text, seed=self.commission.seed),))
        return stopped.come_to(ProposalState.STOPPED)

    def text_with(self, alternative: int, chosen: Collection[int] | None) -> str:
        """`old` with the `chosen` hunks of an alternative, or with all of them. Raises InvalidRequest if there are no
        such hunks, or none is chosen."""
        if alternative >= len(self.alternatives):
            raise InvalidRequest(f"That rewrite has {len(self.alternatives)} alternatives. Choose one of those.")
        if chosen is None:
            return self.alternatives[alternative].text
        if not chosen:
            raise InvalidRequest("None of its changes was chosen. Choose one, or discard the rewrite.")
        hunks = self.hunks[alternative]
        if any(number >= len(hunks) for number in chosen):
            raise InvalidRequest(f"That rewrite has {len(hunks)} changes. Choose among those.")
        return applied(self.old, hunks, chosen)

    def after(self, edit: Edit) -> Proposal:
        """This proposal once `edit` has happened. Its spans keep what is left of the passage, take in what comes back
        where some was cut off, and nothing else of what was written at its edges or across them."""
        sent_to = None if self.sent_to is None else _grown(self.sent_to, edit)
        passage = _followed(self.passage, self.cut, edit)
        place = passage if self.place == self.passage else _followed(self.place, (False, False), edit)
        return msgspec.structs.replace(self, passage=passage, place=place, cut=self._cut_after(edit), sent_to=sent_to)

    def _cut_after(self, edit: Edit) -> tuple[bool, bool]:
        """At which edges of the passage some is still missing once `edit` has happened."""
        passage, (first, last) = self.passage, self.cut
        inside = passage.start <= edit.span.start and edit.span.end <= passage.end
        if inside and edit.span and not edit.inserted:
            return first or edit.span.start == passage.start, last or edit.span.end == passage.end
        if len(_followed(passage, self.cut, edit)) >= len(self.original):
            return False, False
        return first, last

    def sending(self, text: Rope, new: str) -> Proposal:
        """This proposal once the editor has been asked to put `new` in its place in `text`."""
        return msgspec.structs.replace(
            self.come_to(ProposalState.APPLYING),
            sendings=self.sendings + 1,
            sent=new,
            sent_over=text.slice(self.place.start, self.place.end),
            sent_to=self.place,
            taken=False,
        )

    def turned(self) -> Proposal:
        """This proposal once its passage has changed, or changed back."""
        return msgspec.structs.replace(self, changed=not self.changed, message="")

    def fits(self, text: Rope) -> bool:
        """Whether the passage is what was read, character for character, and what is inserted would stand right after
        it."""
        unmoved = self.place.end == self.passage.end
        return unmoved and text.slice(self.passage.start, self.passage.end) == self.original

    def landed(self, text: Rope) -> bool:
        """Whether the rewrite was put into `text` since it was sent.

        Editors report an edit trimmed of what did not change, in pieces, or together with the writer's own typing, so
        the rewrite is looked for in all that was written there. One that is a part of what stood there was there
        before: it is put in only if nothing else is left.
        """
        if self.sent_to is None:
            return False
        written = text.slice(self.sent_to.start, self.sent_to.end)
        if self.taken:
            return written != self.sent_over
        return written == self.sent or (self.sent not in self.sent_over and self.sent in written)


def read_for(manuscript: Manuscript, target: Target) -> Span:
    """What a rewrite of `target` reads and is for: the passage, or what stands before the caret on its line."""
    passage = target.passage
    if passage:
        return passage
    return Span(manuscript.text.line_start(manuscript.text.line_at(passage.start)), passage.start)


def _followed(span: Span, cut: tuple[bool, bool], edit: Edit) -> Span:
    """`span` after `edit`, with what is written at an edge where some was `cut` off."""
    start, end = edit.span.start, edit.span.end
    if not edit.span and ((start == span.start and cut[0]) or (end == span.end and cut[1])):
        # An editor may report one replaced word as two changes, and undoes a cut by an insertion.
        return Span(span.start, span.end + edit.inserted)
    outside = follow(span, edit)
    if outside is not None:
        return outside
    behind = start + edit.inserted
    first = span.start if span.start <= start else behind
    last = span.end + edit.inserted - len(edit.span) if end <= span.end else max(first, start)
    return Span(first, last)


def _grown(span: Span, edit: Edit) -> Span:
    """`span` after `edit`, with what the edit wrote inside it, across its edges or right beside them."""
    longer = edit.inserted - len(edit.span)
    if edit.span.end < span.start:
        return span.shift(longer)
    if edit.span.start > span.end:
        return span
    return Span(min(span.start, edit.span.start), max(span.end, edit.span.end) + longer)
