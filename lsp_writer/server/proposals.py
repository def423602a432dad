"""The rewrites that the writer has not decided on yet; each follows its passage through every change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.proposal import Proposal, ProposalState
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit, Span


class Proposals:
    """Proposals by id. `tell` is called with each one whenever its state or text changes."""

    def __init__(self, tell: Callable[[Proposal], None]) -> None:
        self._tell = tell
        self._proposals: dict[str, Proposal] = {}
        self._gone: dict[str, asyncio.Event] = {}

    def put(self, proposal: Proposal) -> None:
        self.note(proposal)
        self._tell(proposal)

    def note(self, proposal: Proposal) -> None:
        """Keep it as it is now, and tell nobody."""
        self._proposals[proposal.id] = proposal
        self._gone.setdefault(proposal.id, asyncio.Event())

    def find(self, proposal_id: str) -> Proposal | None:
        return self._proposals.get(proposal_id)

    def get(self, proposal_id: str) -> Proposal:
        """Raises InvalidRequest if there is none."""
        proposal = self.find(proposal_id)
        if proposal is None:
            raise InvalidRequest("That rewrite is no longer there. Start it again.")
        return proposal

    def of(self, uri: str) -> list[Proposal]:
        return [proposal for proposal in self._proposals.values() if proposal.uri == uri]

    def undecided_at(self, uri: str, span: Span) -> list[Proposal]:
        """Those that wait for a decision, or for the editor, and whose passage, or place, touches `span`."""
        return [
            proposal
            for proposal in self.of(uri)
            if (proposal.finished or proposal.state is ProposalState.APPLYING)
            and any(there.start <= span.end and span.start <= there.end for there in (proposal.passage, proposal.place))
        ]

    def remove(self, proposal: Proposal, state: ProposalState, message: str = "") -> None:
        """Forget it, having come to `state`."""
        if self._proposals.pop(proposal.id, None) is not None:
            self._gone.pop(proposal.id).set()
            self._tell(proposal.come_to(state, message))

    async def gone(self, proposal_id: str) -> None:
        """Wait until the proposal is forgotten, which it is as soon as its text stands in the manuscript."""
        event = self._gone.get(proposal_id)
        if event is not None:
            await event.wait()

    def follow(self, uri: str, text: Rope, edits: Sequence[Edit]) -> None:
        """The document has changed by `edits` and is now `text`."""
        for proposal in self.of(uri):
            moved = proposal
            for edit in edits:
                moved = moved.after(edit)
            self.note(moved)
            if moved.landed(text):
                self.remove(moved, ProposalState.APPLIED)
            elif moved.finished and moved.fits(text) == moved.changed:
                self.put(moved.turned())
