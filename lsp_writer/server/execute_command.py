"""workspace/executeCommand: start a rewrite and decide about one, each of which takes one object; pause suggestions."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from lsprotocol import types

from lsp_writer.errors import InvalidRequest
from lsp_writer.server.apply_edit import apply_proposal
from lsp_writer.server.convert import span_of
from lsp_writer.server.session import Session

REVISE = "lspWriter.revise"
ACCEPT = "lspWriter.acceptRevision"
DISCARD = "lspWriter.discardRevision"
RETRY = "lspWriter.retryRevision"
PAUSE = "lspWriter.pause"
RESUME = "lspWriter.resume"

#: What the protocol allows in a position; more would not fit where positions are counted.
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]

T = TypeVar("T", bound=msgspec.Struct)


class _Place(msgspec.Struct, frozen=True):
    line: _Count
    character: _Count


class _Range(msgspec.Struct, frozen=True):
    start: _Place
    end: _Place


class _Revise(msgspec.Struct, frozen=True):
    uri: str
    range: _Range
    revision: str
    #: The version that `range` was made for, if the client knows it.
    version: int | None = None


class _Which(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    even_if_changed: bool = False
    #: The version in which the writer saw the changed passage, if the client knows it.
    version: int | None = None


async def revise(session: Session, arguments: object) -> str:
    """Begin a rewrite; the answer is its proposal's id."""
    from lsp_writer.features.revision.units import passage_at

    asked = _read(_Revise, arguments)
    manuscript = session.documents.get(asked.uri)
    if asked.version not in {None, manuscript.version}:
        raise InvalidRequest("The text was changed after the menu was opened. Choose the rewrite again.")
    ends = (types.Position(place.line, place.character) for place in (asked.range.start, asked.range.end))
    span = passage_at(manuscript, span_of(manuscript.text, types.Range(*ends), session.client.encoding))
    if span is None:
        raise InvalidRequest("There is no prose to rewrite there. Select a passage and try again.")
    return session.rewrites.start(manuscript, span, asked.revision)


async def accept(session: Session, arguments: object) -> None:
    which = _read(_Which, arguments)
    manuscript = session.documents.get(session.proposals.get(which.id).uri)
    if which.even_if_changed and which.version not in {None, manuscript.version}:
        raise InvalidRequest("The text was changed after the menu was opened. Choose the rewrite again.")
    await apply_proposal(session, which.id, even_if_changed=which.even_if_changed)


async def discard(session: Session, arguments: object) -> None:
    session.rewrites.stop(session.proposals.get(_read(_Which, arguments).id))


async def retry(session: Session, arguments: object) -> str:
    """Rewrite the passage as it is now in another way; the answer is the new proposal's id."""
    old = session.proposals.get(_read(_Which, arguments).id)
    manuscript = session.documents.get(old.uri)
    session.rewrites.stop(old)
    return session.rewrites.start(manuscript, old.span, old.revision, old.seed + 1)


async def pause(session: Session, _arguments: object) -> None:
    session.pause(True)


async def resume(session: Session, _arguments: object) -> None:
    session.pause(False)


COMMANDS = {REVISE: revise, ACCEPT: accept, DISCARD: discard, RETRY: retry, PAUSE: pause, RESUME: resume}


def _read(kind: type[T], arguments: object) -> T:
    try:
        return msgspec.convert(arguments, kind)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"The editor sent a command this server does not understand ({error}).") from error
