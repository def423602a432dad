"""Putting a finished rewrite into the manuscript: one edit, made for the version current at sending."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.proposal import Proposal, ProposalState
from lsp_writer.server.convert import range_of

if TYPE_CHECKING:
    from lsp_writer.prose.manuscript import Manuscript
    from lsp_writer.server.session import Session

#: Editors report a change up to a second late, and some answer that they applied an edit which they dropped.
_SECONDS_TO_LAND = 3.0
#: An editor that has not answered by then will not: the rewrite must not wait for it for ever.
_SECONDS_TO_ANSWER = 10.0


async def apply_proposal(session: Session, proposal_id: str, *, even_if_changed: bool = False) -> None:
    """Ask the editor to replace the passage, and believe only the change that it reports.

    If the passage is not what was read, nothing is sent unless the writer has seen that and wants it all the same
    (`even_if_changed`). Whatever does not land is kept and offered again as a code action.
    Raises InvalidRequest if there is no such proposal or it is not finished.
    """
    proposal = session.proposals.get(proposal_id)
    if not proposal.finished:
        raise InvalidRequest("That rewrite is not finished. Accept it when it is.")
    manuscript = session.documents.get(proposal.uri)
    if not even_if_changed and not proposal.fits(manuscript.text):
        _keep(session, proposal, "The passage was changed while it was being rewritten.")
        return
    if not session.client.applies_edits:
        _keep(session, proposal, "This editor does not let a server change the text.")
        return
    passage = manuscript.text.slice(proposal.span.start, proposal.span.end)
    if proposal.text == passage:
        session.proposals.remove(proposal, ProposalState.APPLIED)
        return
    session.proposals.put(proposal.sent(manuscript.text))
    if not await _landed(session, manuscript, proposal):
        left = session.proposals.find(proposal_id)
        if left is not None:
            _keep(session, left, "The editor did not put the rewrite in.")


async def _landed(session: Session, manuscript: Manuscript, proposal: Proposal) -> bool:
    """Whether the proposal is decided within reasonable time."""
    from lsp_writer.features.revision.catalogue import revision_of

    params = types.ApplyWorkspaceEditParams(
        edit=_edit(session, manuscript, proposal), label=revision_of(proposal.revision).title
    )
    try:
        async with asyncio.timeout(_SECONDS_TO_ANSWER):
            # Shielded: pygls stumbles over an answer that comes after its request was given up.
            answer = await asyncio.shield(session.server.workspace_apply_edit_async(params))
        if not answer.applied:
            return False
        async with asyncio.timeout(_SECONDS_TO_LAND):
            await session.proposals.gone(proposal.id)
    except (JsonRpcException, TimeoutError):
        return False
    return True


def _edit(session: Session, manuscript: Manuscript, proposal: Proposal) -> types.WorkspaceEdit:
    range_ = range_of(manuscript.text, proposal.span, session.client.encoding)
    edit = types.TextEdit(range=range_, new_text=proposal.text)
    if not session.client.versions_edits:
        return types.WorkspaceEdit(changes={manuscript.uri: [edit]})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=manuscript.uri, version=manuscript.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(text_document=document, edits=[edit])])


def _keep(session: Session, proposal: Proposal, why: str) -> None:
    session.proposals.put(proposal.come_to(ProposalState.KEPT))
    session.messages.show(
        f"{why} The rewrite is kept: to use it, put the caret in the passage and choose it among the code actions."
    )
