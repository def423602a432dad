"""Putting a finished rewrite into the manuscript: one edit, made for the version current at sending."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.proposal import Proposal, ProposalState
from lsp_writer.server.convert import range_of

if TYPE_CHECKING:
    from lsp_writer.features.revision.hunks import Hunk
    from lsp_writer.prose.manuscript import Manuscript
    from lsp_writer.server.client import Client
    from lsp_writer.server.session import Session

#: Editors report a change up to a second late, and some answer that they applied an edit which they dropped.
_SECONDS_TO_LAND = 3.0
#: An editor that has not answered by then will not: the rewrite must not wait for it for ever.
_SECONDS_TO_ANSWER = 10.0
# So much of a change is told beside it in the editor's preview.
_LONGEST_LABEL = 80

#: Why a rewrite is not put in without another word.
CHANGED = "The passage was changed after it was read."
_AT_THE_PASSAGE = ": to use it, put the caret in the passage and choose it among the code actions"


async def apply_proposal(
    session: Session,
    proposal_id: str,
    *,
    alternative: int = 0,
    hunks: Collection[int] | None = None,
    even_if_changed: bool = False,
) -> None:
    """Ask the editor to put an alternative in, or those of its `hunks`, and believe only the change that it reports.

    If the passage is not what was read, nothing is sent unless the writer has seen that and wants it all the same
    (`even_if_changed`). Whatever does not land is kept and offered again as a code action. An editor that can show
    changes and let the writer choose among them is asked to, and may take as long as the writer does.
    Raises InvalidRequest if there is no such proposal, it is not finished, or has no such changes.
    """
    proposal = session.proposals.get(proposal_id)
    if not proposal.finished:
        raise InvalidRequest("That rewrite is not finished. Accept it when it is.")
    new = proposal.text_with(alternative, hunks)
    manuscript = session.documents.get(proposal.uri)
    fits = proposal.fits(manuscript.text)
    if not fits and hunks is not None:
        raise InvalidRequest(
            "The passage was changed, so its changes cannot be told apart. Use all of it, or try again."
        )
    if proposal.old and not proposal.place:
        raise InvalidRequest("The passage was deleted. Bring it back by undoing that, or discard its rewrite.")
    if not fits and not even_if_changed:
        _keep(session, proposal, CHANGED)
        return
    if not session.client.applies_edits:
        kept = "This editor does not let a server change the text, so the rewrite cannot be put in from here."
        session.proposals.put(proposal.come_to(ProposalState.KEPT, kept))
        return
    if new == manuscript.text.slice(proposal.place.start, proposal.place.end):
        session.proposals.remove(proposal, ProposalState.APPLIED)
        return
    sent = proposal.sending(manuscript.text, new)
    session.proposals.put(sent)
    if fits and hunks is None and session.confirms_rewrites:
        landed = await _chosen_from(session, manuscript, proposal, alternative)
    else:
        edit = types.TextEdit(_range(session, manuscript, proposal), new)
        landed = await _landed(session, proposal, _params(session, manuscript, proposal, [edit]), _SECONDS_TO_ANSWER)
    left = session.proposals.find(proposal_id)
    if landed or left is None or left.state is not ProposalState.APPLYING:
        return
    # The writer may have given this preview up, and look at another one now.
    if left.sendings == sent.sendings:
        _keep(session, left, "The editor did not put the rewrite in.")


def workspace_edit(
    client: Client, manuscript: Manuscript, edits: list[types.TextEdit] | list[types.AnnotatedTextEdit]
) -> types.WorkspaceEdit:
    """`edits` of `manuscript` as one, made for its version if the client takes that."""
    if not client.versions_edits:
        return types.WorkspaceEdit(changes={manuscript.uri: [*edits]})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=manuscript.uri, version=manuscript.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(text_document=document, edits=[*edits])])


async def _chosen_from(session: Session, manuscript: Manuscript, proposal: Proposal, alternative: int) -> bool:
    """Whether the writer took some of the alternative's changes, or all, from the editor's own preview."""
    hunks = proposal.hunks[alternative]
    edits = [
        types.AnnotatedTextEdit(
            annotation_id=str(number),
            range=range_of(manuscript.text, hunk.span.shift(proposal.place.start), session.client.encoding),
            new_text=hunk.new,
        )
        for number, hunk in enumerate(hunks)
    ]
    params = _params(session, manuscript, proposal, edits)
    params.edit.change_annotations = {
        str(number): types.ChangeAnnotation(label=_label(hunk), needs_confirmation=True)
        for number, hunk in enumerate(hunks)
    }
    return await _landed(session, proposal, params, None)


async def _landed(
    session: Session, proposal: Proposal, params: types.ApplyWorkspaceEditParams, seconds: float | None
) -> bool:
    """Whether the proposal is decided within reasonable time of the editor's answer, which may take `seconds`."""
    if not await says_applied(session, params, seconds):
        return False
    if seconds is None:
        _taken(session, proposal.id)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS_TO_LAND):
            await session.proposals.gone(proposal.id)
        return True
    return False


async def says_applied(
    session: Session, params: types.ApplyWorkspaceEditParams, seconds: float | None = _SECONDS_TO_ANSWER
) -> bool:
    """Ask the editor to make an edit. Whether it says within `seconds` that it has."""
    with contextlib.suppress(JsonRpcException, TimeoutError):
        async with asyncio.timeout(seconds):
            # Shielded: pygls stumbles over an answer that comes after its request was given up.
            answer = await asyncio.shield(session.server.workspace_apply_edit_async(params))
        return answer.applied
    return False


def _taken(session: Session, proposal_id: str) -> None:
    """The writer has chosen in the editor's preview: what has changed at the place is what they chose."""
    proposal = session.proposals.find(proposal_id)
    if proposal is None or proposal.state is not ProposalState.APPLYING:
        return
    taken = msgspec.structs.replace(proposal, taken=True)
    session.proposals.note(taken)
    session.proposals.follow(taken.uri, session.documents.get(taken.uri).text, ())


def _range(session: Session, manuscript: Manuscript, proposal: Proposal) -> types.Range:
    return range_of(manuscript.text, proposal.place, session.client.encoding)


def _params(
    session: Session,
    manuscript: Manuscript,
    proposal: Proposal,
    edits: list[types.TextEdit] | list[types.AnnotatedTextEdit],
) -> types.ApplyWorkspaceEditParams:
    edit = workspace_edit(session.client, manuscript, edits)
    return types.ApplyWorkspaceEditParams(edit, proposal.commission.entry.title)


def _label(hunk: Hunk) -> str:
    """What a change cuts and what it adds, shortened."""
    cut, added = (" ".join("".join(text for op, text in hunk.words if op == which).split()) for which in ("cut", "add"))
    if cut and added:
        half = _LONGEST_LABEL // 2
        return f"{_shortened(cut, half)} → {_shortened(added, half)}"
    sign = "−" if cut else "+"
    return f"{sign} {_shortened(cut or added or 'white space', _LONGEST_LABEL)}"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _keep(session: Session, proposal: Proposal, why: str) -> None:
    # A client that asks has the ways to use it right beneath.
    how = "" if session.client.chooses else _AT_THE_PASSAGE
    session.proposals.put(proposal.come_to(ProposalState.KEPT, f"{why} The rewrite is kept{how}."))
