"""Rewrites under way: one background task each, whose result becomes a proposal."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from lsp_writer.errors import InvalidRequest, ModelUnavailable, WriterError
from lsp_writer.features.revision.proposal import Proposal, ProposalState, read_for
from lsp_writer.features.revision.target import Target
from lsp_writer.generation import ModelState, TextModel
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words
from lsp_writer.server.apply_edit import apply_proposal

if TYPE_CHECKING:
    from lsp_writer.features.revision.commission import Alternative, Commission, OnProgress, Progress, Revised
    from lsp_writer.features.revision.entry import Entry
    from lsp_writer.prose.manuscript import Manuscript
    from lsp_writer.server.progress import Report
    from lsp_writer.server.session import Session

#: A client need not redraw a growing text at every token.
_SECONDS_BETWEEN_TEXTS = 0.1
# So much of the end of a growing text stands beside the progress bar: some editors have one line for that. One with a
# way to show rewrites has a notification of some lines.
_TAIL = 50
_LONG_TAIL = 150
# Finished rewrites that wait for the writer in one document; beyond that the oldest are given up.
_MOST_UNDECIDED = 20
# Passages for which the seeds that were used are remembered.
_MOST_REMEMBERED = 100

_AT_THE_PASSAGE = "put the caret in the passage and choose it among the code actions."

_logger = logging.getLogger(__name__)


class Rewrites:
    """Starts and stops them. The model writes one at a time; a second one waits for its turn."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tasks: dict[str, asyncio.Task[None]] = {}
        # Those of the tasks that have nothing yet for the editor to put in.
        self._writing: set[str] = set()
        self._turn = asyncio.Lock()
        self._unused_seeds: dict[int, int] = {}

    def unused_seed(self, manuscript: Manuscript, target: Target, entry: Entry, answer: str) -> int:
        """One that has not been tried for this passage: who chooses a rewrite again wants another text."""
        read = read_for(manuscript, target)
        passage = manuscript.text.slice(read.start, read.end)
        return self._unused_seeds.get(_order(manuscript.uri, entry, answer, passage), 0)

    def start(self, manuscript: Manuscript, target: Target, commission: Commission) -> str:
        """Begin to carry out `commission` and return the proposal's id at once. Raises ModelUnavailable."""
        model = _ready(self._session.model)
        proposal = Proposal.of(manuscript, target, commission, uuid.uuid4().hex)
        self._begin(model, proposal, manuscript, target)
        return proposal.id

    def go_on(self, proposal: Proposal) -> None:
        """Carry on with one that was stopped, as if what is finished of it stood in the manuscript.

        Raises ModelUnavailable, and InvalidRequest if it was not stopped or its passage has changed.
        """
        manuscript = self._session.documents.get(proposal.uri)
        if proposal.state is not ProposalState.STOPPED or not proposal.old[proposal.part_read :].strip():
            raise InvalidRequest("That rewrite is at its end. Use it, or try again.")
        if not proposal.fits(manuscript.text):
            raise InvalidRequest(
                "The passage was changed, so its rewrite cannot go on. Use what is finished, or try again."
            )
        model = _ready(self._session.model)
        start = proposal.place.start
        text = manuscript.text.replace(start, start + proposal.part_read, proposal.part)
        rest = Span(start + len(proposal.part), proposal.place.end + len(proposal.part) - proposal.part_read)
        manuscript = msgspec.structs.replace(manuscript, text=text)
        self._begin(model, proposal.come_to(ProposalState.RUNNING), manuscript, Target(rest, rest))

    def stop(self, proposal: Proposal) -> None:
        """End it, and keep what is finished of it. The manuscript stays as it is."""
        task = self._tasks.get(proposal.id)
        if task is None:
            self._keep_if_applying(proposal.id)
        elif not task.cancelling():  # else it is busy keeping what is finished
            task.cancel()

    def discard(self, proposal: Proposal, message: str = "") -> None:
        """Give it up, running or finished. The manuscript stays as it is."""
        self._session.proposals.remove(proposal, ProposalState.DISCARDED, message)
        self.stop(proposal)

    def discard_all(self, uri: str) -> None:
        """The document is closed, and nothing can be put into it. The writer is told once of those under way."""
        proposals = self._session.proposals.of(uri)
        message = _given_up([proposal for proposal in proposals if proposal.state is ProposalState.RUNNING])
        for proposal in proposals:
            is_running = proposal.state is ProposalState.RUNNING
            self.discard(proposal, message if is_running else "")
            message = "" if is_running else message

    def stop_all(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    def _begin(self, model: TextModel, proposal: Proposal, manuscript: Manuscript, target: Target) -> None:
        undecided = [other for other in self._session.proposals.of(proposal.uri) if other.finished]
        for oldest in undecided[: -_MOST_UNDECIDED + 1]:
            self.discard(oldest)
        self._session.proposals.put(proposal)
        task = asyncio.create_task(self._run(model, proposal, manuscript, target))
        self._tasks[proposal.id] = task
        self._writing.add(proposal.id)
        self._session.status.rewrites_are(len(self._writing))
        # Not in the task: one that is stopped before it began would never come to it.
        task.add_done_callback(lambda _: self._ended(proposal.id))

    def _ended(self, proposal_id: str) -> None:
        del self._tasks[proposal_id]
        self._written(proposal_id)
        proposal = self._session.proposals.find(proposal_id)
        if proposal is not None and proposal.state is ProposalState.RUNNING:
            self._left(proposal, proposal.stopped(), "")
        self._keep_if_applying(proposal_id)

    def _keep_if_applying(self, proposal_id: str) -> None:
        """Nobody waits for the editor any more. If it puts the rewrite in all the same, that is noticed."""
        proposal = self._session.proposals.find(proposal_id)
        if proposal is not None and proposal.state is ProposalState.APPLYING:
            self._session.proposals.put(proposal.come_to(ProposalState.KEPT))

    def _written(self, proposal_id: str) -> None:
        self._writing.discard(proposal_id)
        self._session.status.rewrites_are(len(self._writing))

    async def _run(self, model: TextModel, proposal: Proposal, manuscript: Manuscript, target: Target) -> None:
        title = proposal.commission.entry.title
        try:
            await self._write(model, proposal, manuscript, target)
            self._written(proposal.id)
            await self._hand_over(proposal.id)
        except WriterError as error:
            await self._failed(proposal.id, str(error))
        except asyncio.CancelledError:
            await self._leave(proposal.id, "")
            raise
        except Exception:
            _logger.exception("The rewrite %s failed", proposal.commission.entry.id)
            await self._failed(proposal.id, f"“{title}” failed by a fault of lsp-writer. The server's log says more.")

    async def _write(self, model: TextModel, begun: Proposal, manuscript: Manuscript, target: Target) -> None:
        from lsp_writer.features.revision.revise import revise

        session = self._session
        shown = session.progress.shown(
            begun.commission.entry.title, supported=session.client.shows_progress, cancel=lambda: self.stop(begun)
        )
        async with shown as report, self._turn:
            revised = await revise(model, manuscript, target, begun.commission, self._growing(begun, report))
        alternatives = tuple(_whole(begun, alternative) for alternative in revised.alternatives)
        # The differences of a whole scene take a moment, in which the writer types on.
        ready = await asyncio.to_thread(begun.with_alternatives, alternatives, revised.note)
        proposal = session.proposals.find(begun.id)
        if proposal is None:
            return
        proposal = proposal.made_as(ready)
        self._remember(proposal)
        proposal = proposal.come_to(ProposalState.READY, _news(session, proposal, revised))
        if self._goes_in(proposal):  # a client that is told of a ready one would ask the writer about it
            session.proposals.note(proposal)
        else:
            session.proposals.put(proposal)

    async def _hand_over(self, proposal_id: str) -> None:
        """Have it put in, unless the writer is to choose."""
        proposal = self._session.proposals.find(proposal_id)
        if proposal is not None and self._goes_in(proposal):
            await apply_proposal(self._session, proposal_id)

    def _goes_in(self, proposal: Proposal) -> bool:
        """Whether a finished one is put in without asking."""
        return not self._session.decides_rewrites and len(proposal.alternatives) == 1

    async def _failed(self, proposal_id: str, message: str) -> None:
        proposal = self._session.proposals.find(proposal_id)
        if proposal is None:
            return
        if proposal.state is ProposalState.RUNNING:
            self._remember(proposal)
            await self._leave(proposal_id, message)
        else:  # it is finished, and could not be handed over
            self._session.proposals.put(proposal.come_to(ProposalState.KEPT, message))

    async def _leave(self, proposal_id: str, message: str) -> None:
        """Keep what is finished of it, if anything is. Its differences take a moment as well."""
        begun = self._session.proposals.find(proposal_id)
        if begun is None or begun.state is not ProposalState.RUNNING:
            return
        stopped = await asyncio.to_thread(begun.stopped)
        proposal = self._session.proposals.find(proposal_id)
        if proposal is not None:
            self._left(proposal, stopped, message)

    def _left(self, proposal: Proposal, stopped: Proposal | None, message: str) -> None:
        """Keep it as it was `stopped`, if anything of it is finished."""
        if stopped is None:
            state = ProposalState.FAILED if message else ProposalState.DISCARDED
            self._session.proposals.remove(proposal, state, message)
            return
        # A client that asks has the ways to use it right beneath.
        how = "." if self._session.client.chooses else f": to use it, {_AT_THE_PASSAGE}"
        kept = f"{message} A part of it is finished and kept{how}".lstrip()
        self._session.proposals.put(proposal.made_as(stopped).come_to(ProposalState.STOPPED, kept))

    def _remember(self, proposal: Proposal) -> None:
        commission = proposal.commission
        key = _order(proposal.uri, commission.entry, commission.answer, proposal.original)
        self._unused_seeds.pop(key, None)
        self._unused_seeds[key] = proposal.next_seed
        while len(self._unused_seeds) > _MOST_REMEMBERED:
            del self._unused_seeds[next(iter(self._unused_seeds))]

    def _growing(self, begun: Proposal, report: Report) -> OnProgress:
        now = asyncio.get_running_loop().time
        next_time = now()
        tail = _LONG_TAIL if self._session.client.reviews_revisions else _TAIL

        def show(progress: Progress) -> None:
            nonlocal next_time
            proposal = self._session.proposals.find(begun.id)
            if proposal is None:
                return
            proposal = proposal.growing(
                begun.part + progress.text, begun.part + progress.finished, begun.part_read + progress.read
            )
            if now() < next_time:
                self._session.proposals.note(proposal)
                return
            next_time = now() + _SECONDS_BETWEEN_TEXTS
            self._session.proposals.put(proposal)
            report(f"{count_words(proposal.text)} words …{_end_of(proposal.text, tail)}")

        return show


def _given_up(running: Sequence[Proposal]) -> str:
    """What the writer is told of rewrites whose document was closed."""
    titles = ", ".join(f"“{proposal.commission.entry.title}”" for proposal in running)
    was = "was" if len(running) == 1 else "were"
    return (
        f"{titles} {was} given up, because the document was closed or renamed. Open it and choose again."
        if running
        else ""
    )


def _order(uri: str, entry: Entry, answer: str, passage: str) -> int:
    """What orders have in common that are to give different texts."""
    return hash((uri, entry.id, answer, passage))


def _end_of(text: str, most: int) -> str:
    """The last words of `text` in one line, of so many characters at most. Where no words are told apart by spaces, it
    may begin anywhere."""
    end = " ".join(text[-most:].split())
    begins_a_word = len(text) <= most or any(character.isspace() for character in text[-most - 1 : -most + 1])
    rest = end if begins_a_word else end.partition(" ")[2]
    return rest if 2 * len(rest) > len(end) else end


def _whole(begun: Proposal, alternative: Alternative) -> Alternative:
    """An alternative with what was finished before it went on."""
    return msgspec.structs.replace(alternative, text=begun.part + alternative.text)


def _news(session: Session, proposal: Proposal, revised: Revised) -> str:
    """What the writer is told of a finished rewrite: nothing if it is put in at once."""
    if len(revised.alternatives) == 1 or session.client.reviews_revisions:
        return ""
    count, title = len(revised.alternatives), proposal.commission.entry.title
    return f"“{title}” has {count} alternatives: to use one, {_AT_THE_PASSAGE}"


def _ready(model: TextModel | None) -> TextModel:
    if model is None or model.status.state is ModelState.LOADING:
        raise ModelUnavailable("The model is still being loaded. Try again in a moment.")
    if not model.status.answers:
        raise ModelUnavailable(model.status.message)
    return model
