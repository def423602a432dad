"""textDocument/codeAction: rewrites of the selection, or of the paragraph under the caret. The model is not asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import range_of, span_of
from lsp_writer.server.execute_command import ACCEPT, DISCARD, REVISE
from lsp_writer.server.session import Session

if TYPE_CHECKING:
    from lsp_writer.features.revision.proposal import Proposal

_KIND = types.CodeActionKind.RefactorRewrite
OPTIONS = types.CodeActionOptions(code_action_kinds=[_KIND])


async def code_action(
    session: Session, params: types.CodeActionParams
) -> Sequence[types.Command] | Sequence[types.CodeAction]:
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None or not _wanted(params.context.only):
        return []
    selection = span_of(manuscript.text, params.range, session.client.encoding)
    commands = [*_finished(session, manuscript, selection), *_revisions(session, manuscript, selection)]
    if not session.client.takes_code_actions:
        return commands
    return [types.CodeAction(title=command.title, kind=_KIND, command=command) for command in commands]


def _wanted(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """A client that asks for `refactor` wants `refactor.rewrite` as well."""
    return only is None or any(kind == _KIND or _KIND.startswith(f"{kind}.") for kind in only)


def _finished(session: Session, manuscript: Manuscript, selection: Span) -> list[types.Command]:
    finished = session.proposals.finished_at(manuscript.uri, selection)
    return [_use(proposal, manuscript) for proposal in finished] + [_discard(proposal) for proposal in finished]


def _use(proposal: Proposal, manuscript: Manuscript) -> types.Command:
    fits = proposal.fits(manuscript.text)
    return types.Command(
        title=f"Use the finished rewrite: {proposal.revision}" + ("" if fits else " (the passage has changed since)"),
        command=ACCEPT,
        # Choosing the second title says that the writer has seen the passage as it is in this version, and no later.
        arguments=[{"id": proposal.id, "version": manuscript.version, "evenIfChanged": not fits}],
    )


def _discard(proposal: Proposal) -> types.Command:
    return types.Command(
        title=f"Discard the finished rewrite: {proposal.revision}", command=DISCARD, arguments=[{"id": proposal.id}]
    )


def _revisions(session: Session, manuscript: Manuscript, selection: Span) -> list[types.Command]:
    from lsp_writer.features.revision.catalogue import REVISIONS
    from lsp_writer.features.revision.units import passage_at

    passage = passage_at(manuscript, selection)
    if passage is None:
        return []
    target = {
        "uri": manuscript.uri,
        "version": manuscript.version,
        "range": range_of(manuscript.text, passage, session.client.encoding),
    }
    return [
        types.Command(title=revision.title, command=REVISE, arguments=[{**target, "revision": revision.id}])
        for revision in REVISIONS
    ]
