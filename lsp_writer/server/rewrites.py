"""Rewrites under way: one background task each, whose result becomes a proposal."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING

from lsp_writer.errors import ModelUnavailable, WriterError
from lsp_writer.features.revision.proposal import Proposal, ProposalState
from lsp_writer.generation import ModelState, TextModel
from lsp_writer.server.apply_edit import apply_proposal

if TYPE_CHECKING:
    from lsp_writer.features.revision.catalogue import Revision
    from lsp_writer.prose.manuscript import Manuscript
    from lsp_writer.prose.span import Span
    from lsp_writer.server.progress import Report
    from lsp_writer.server.session import Session

#: A client need not redraw a growing text at every token.
_SECONDS_BETWEEN_TEXTS = 0.1

_logger = logging.getLogger(__name__)


class Rewrites:
    """Starts and stops them. The model writes one at a time; a second one waits for its turn."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    def start(self, manuscript: Manuscript, span: Span, revision_id: str, seed: int = 0) -> str:
        """Begin to rewrite `span` and return the proposal's id at once.

        Raises ModelUnavailable, and InvalidRequest if the catalogue has no such revision.
        """
        from lsp_writer.features.revision.catalogue import revision_of

        model = _ready(self._session.model)
        revision = revision_of(revision_id)
        proposal = Proposal(
            id=uuid.uuid4().hex,
            uri=manuscript.uri,
            span=span,
            original=manuscript.text.slice(span.start, span.end),
            revision=revision.id,
            seed=seed,
        )
        self._session.proposals.put(proposal)
        task = asyncio.create_task(self._run(model, proposal, manuscript, revision))
        self._tasks[proposal.id] = task
        self._session.status.rewrites_are(len(self._tasks))
        task.add_done_callback(lambda _: self._ended(proposal))
        return proposal.id

    def stop(self, proposal: Proposal) -> None:
        """Give it up, running or finished. The manuscript stays as it is."""
        task = self._tasks.get(proposal.id)
        if task is not None:
            task.cancel()
        self._session.proposals.remove(proposal, ProposalState.DISCARDED)

    def stop_all(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    def _ended(self, proposal: Proposal) -> None:
        del self._tasks[proposal.id]
        self._session.status.rewrites_are(len(self._tasks))

    async def _run(self, model: TextModel, proposal: Proposal, manuscript: Manuscript, revision: Revision) -> None:
        session = self._session
        try:
            await self._write(model, proposal, manuscript, revision)
            if not session.client.reviews_revisions:
                await apply_proposal(session, proposal.id)
        except WriterError as error:
            session.proposals.remove(proposal, ProposalState.FAILED)
            session.messages.show(str(error))
        except asyncio.CancelledError:
            session.proposals.remove(proposal, ProposalState.DISCARDED)
            raise
        except Exception:
            _logger.exception("The rewrite %s failed", revision.id)
            session.proposals.remove(proposal, ProposalState.FAILED)
            session.messages.show("The rewrite failed by a fault of lsp-writer. The server's log says more.")

    async def _write(self, model: TextModel, proposal: Proposal, manuscript: Manuscript, revision: Revision) -> None:
        from lsp_writer.features.revision.revise import revise

        task = asyncio.current_task()
        assert task is not None
        shown = self._session.progress.shown(
            revision.title, supported=self._session.client.shows_progress, cancel=task.cancel
        )
        async with shown as report, self._turn:
            show = self._growing(proposal.id, report)
            text = await revise(model, manuscript, proposal.span, revision, on_text=show, seed=proposal.seed)
        finished = self._session.proposals.get(proposal.id)
        self._session.proposals.put(finished.come_to(ProposalState.READY, text))

    def _growing(self, proposal_id: str, report: Report) -> Report:
        now = asyncio.get_running_loop().time
        next_time = now()

        def show(text: str) -> None:
            nonlocal next_time
            proposal = self._session.proposals.find(proposal_id)
            if proposal is None or now() < next_time:
                return
            next_time = now() + _SECONDS_BETWEEN_TEXTS
            self._session.proposals.put(proposal.come_to(ProposalState.RUNNING, text))
            report(f"{len(text.split())} words")

        return show


def _ready(model: TextModel | None) -> TextModel:
    if model is None or model.status.state is ModelState.LOADING:
        raise ModelUnavailable("The model is still being loaded. Try again in a moment.")
    if not model.status.answers:
        raise ModelUnavailable(model.status.message)
    return model
