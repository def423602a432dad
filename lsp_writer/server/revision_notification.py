"""`lspWriter/revision`: a rewrite as it grows, for clients that let the writer watch and decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsp_writer.server.convert import range_of

if TYPE_CHECKING:
    from lsp_writer.features.revision.proposal import Proposal
    from lsp_writer.server.session import Session

METHOD = "lspWriter/revision"


def tell_revision(session: Session, proposal: Proposal) -> None:
    """`range` is where the passage stands in the version `version`; both are absent once the document is closed."""
    if not session.client.reviews_revisions:
        return
    told: dict[str, object] = {
        "id": proposal.id,
        "uri": proposal.uri,
        "revision": proposal.revision,
        "state": proposal.state.value,
        "text": proposal.text,
    }
    manuscript = session.documents.find(proposal.uri)
    if manuscript is not None:
        told["range"] = range_of(manuscript.text, proposal.span, session.client.encoding)
        told["version"] = manuscript.version
    session.server.protocol.notify(METHOD, told)
