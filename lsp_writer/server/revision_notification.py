"""`lspWriter/revision`: a rewrite as it grows and what came of it, for clients that let the writer watch and decide.

The others are told in a message what the writer has to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from lsprotocol import types

from lsp_writer.features.revision.hunks import Op
from lsp_writer.features.revision.proposal import ProposalState
from lsp_writer.server.arguments import Place, Range
from lsp_writer.server.convert import range_of

if TYPE_CHECKING:
    from lsp_writer.features.revision.hunks import Hunk
    from lsp_writer.features.revision.proposal import Proposal
    from lsp_writer.prose.manuscript import Manuscript
    from lsp_writer.prose.span import Span
    from lsp_writer.server.session import Session

METHOD = "lspWriter/revision"

# These concern what the writer asked for; the others say that something went wrong.
_NEWS = frozenset({ProposalState.READY, ProposalState.STOPPED})


class ToldHunk(msgspec.Struct, frozen=True, rename="camel"):
    """One change. `words` is the same change for display: what is kept, cut (`keep` and `cut` are the old text) and
    added (`keep` and `add` are the new one)."""

    range: Range
    new_text: str
    words: tuple[tuple[Op, str], ...]


class ToldAlternative(msgspec.Struct, frozen=True):
    """The `seed` gives the same text again. There are hunks only while the passage is what was read."""

    text: str
    seed: int
    hunks: tuple[ToldHunk, ...] = ()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """`range` is where the rewrite would be put in the version `version`; both are absent once the document is
    closed."""

    id: str
    uri: str
    version: int | None = None
    range: Range | None = None
    #: The id of the entry in the catalogue, and its title.
    revision: str
    title: str
    state: ProposalState
    #: What was read: the passage, or what stood before the caret on its line.
    original: str
    #: All that is written so far, or the first alternative.
    text: str
    note: str
    message: str
    seed: int
    alternatives: tuple[ToldAlternative, ...]


def tell_revision(session: Session, proposal: Proposal) -> None:
    if session.client.reviews_revisions:
        session.server.protocol.notify(METHOD, _without_nulls(_told(session, proposal)))
    if session.client.reviews_revisions and session.client.chooses:
        session.decisions.told(proposal)
        is_told = proposal.finished
    else:
        is_told = session.client.reviews_revisions
    if proposal.message and not is_told:
        kind = types.MessageType.Info if proposal.state in _NEWS else types.MessageType.Warning
        session.messages.show(proposal.message, kind)


def _told(session: Session, proposal: Proposal) -> Told:
    manuscript = session.documents.find(proposal.uri)
    place = None if manuscript is None else _range(session, manuscript, proposal.place)
    return Told(
        id=proposal.id,
        uri=proposal.uri,
        version=None if manuscript is None else manuscript.version,
        range=place,
        revision=proposal.commission.entry.id,
        title=proposal.commission.entry.title,
        state=proposal.state,
        original=proposal.original,
        text=proposal.text,
        note=proposal.note,
        message=proposal.message,
        seed=proposal.commission.seed,
        alternatives=_alternatives(session, manuscript, proposal),
    )


def _alternatives(session: Session, manuscript: Manuscript | None, proposal: Proposal) -> tuple[ToldAlternative, ...]:
    fits = manuscript is not None and proposal.finished and proposal.fits(manuscript.text)
    return tuple(
        ToldAlternative(
            text=alternative.text,
            seed=alternative.seed,
            hunks=tuple(
                _hunk(session, manuscript, hunk, proposal.place.start) for hunk in (hunks if fits else ()) if manuscript
            ),
        )
        for alternative, hunks in zip(proposal.alternatives, proposal.hunks, strict=True)
    )


def _hunk(session: Session, manuscript: Manuscript, hunk: Hunk, start: int) -> ToldHunk:
    return ToldHunk(_range(session, manuscript, hunk.span.shift(start)), hunk.new, hunk.words)


def _range(session: Session, manuscript: Manuscript, span: Span) -> Range:
    range_ = range_of(manuscript.text, span, session.client.encoding)
    ends = (Place(position.line, position.character) for position in (range_.start, range_.end))
    return Range(*ends)


def _without_nulls(told: Told) -> dict[str, object]:
    return {name: value for name, value in msgspec.to_builtins(told).items() if value is not None}
