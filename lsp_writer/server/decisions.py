"""Asks the writer, in a message with buttons, what becomes of a rewrite that waits for them: for clients that say
`chooses`. Whoever does not answer decides later, at the passage or by a command of their editor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp_writer.errors import WriterError
from lsp_writer.features.revision.proposal import Proposal, ProposalState
from lsp_writer.server.apply_edit import CHANGED

if TYPE_CHECKING:
    from lsp_writer.server.session import Session

# A message stays on the screen, though it was answered by another way.
_DECIDED = "That rewrite was decided about already. Order it again if you want another."

#: What is done about a proposal, given a command's arguments.
Decide = Callable[["Session", object], Awaitable[object]]


class Decisions:
    """Asks once for every state that a proposal comes to, and again whenever there is something to be said of it: who
    accepts a rewrite that cannot be put in is told so every time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: dict[str, ProposalState] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def told(self, proposal: Proposal) -> None:
        """The client has been told of `proposal`."""
        if not proposal.finished:
            self._asked.pop(proposal.id, None)
            return
        if self._asked.get(proposal.id) is proposal.state and not proposal.message:
            return  # its passage has changed, or changed back
        self._asked[proposal.id] = proposal.state
        task = asyncio.create_task(self._ask(proposal))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop_all(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _ask(self, proposal: Proposal) -> None:
        session = self._session
        manuscript = session.documents.find(proposal.uri)
        if manuscript is None:
            return
        fits = proposal.fits(manuscript.text)
        buttons = _buttons(proposal, fits=fits, version=manuscript.version)
        try:
            pressed = await session.messages.ask(_message(proposal, fits=fits), types.MessageType.Info, buttons)
            if pressed is not None and session.proposals.find(proposal.id) is None:
                session.messages.show(_DECIDED, types.MessageType.Info)
            elif pressed is not None:
                decide, arguments = buttons[pressed]
                await decide(session, {"id": proposal.id, **arguments})
        except JsonRpcException:
            return  # the editor cannot ask
        except WriterError as error:
            session.messages.show(str(error))


def _message(proposal: Proposal, *, fits: bool) -> str:
    title, count = proposal.commission.entry.title, len(proposal.alternatives)
    ready = f"“{title}” has {count} versions." if count > 1 else f"“{title}” is ready."
    if not fits:
        ready += f" {CHANGED}"
    return " ".join(filter(None, (proposal.message or ready, proposal.note)))


def _buttons(proposal: Proposal, *, fits: bool, version: int) -> dict[str, tuple[Decide, dict[str, object]]]:
    """What can be done about `proposal`, whose passage is still what was read if it `fits`; the likeliest first."""
    from lsp_writer.server import execute_command

    buttons: dict[str, tuple[Decide, dict[str, object]]] = {}
    is_stopped = proposal.state is ProposalState.STOPPED
    if not fits:
        # Who chooses this has seen the passage as it is in this version, and no later.
        seen: dict[str, object] = {"evenIfChanged": True, "version": version}
        buttons["Put It in All the Same"] = execute_command.accept, seen
    elif len(proposal.alternatives) > 1:
        buttons["Choose …"] = execute_command.choose_alternative, {}
    else:
        buttons["Use the Beginning" if is_stopped else "Accept"] = execute_command.accept, {}
        if len(proposal.hunks[0]) > 1:
            buttons["Accept Some …"] = execute_command.choose_hunks, {}
    if is_stopped and fits:
        buttons["Go On"] = execute_command.go_on, {}
    buttons["Try Again"] = execute_command.retry, {}
    buttons["Discard"] = execute_command.discard, {}
    return buttons
