"""What a client may send with the commands of this server: one object each."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from lsprotocol import types

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.revision.commission import MOST_ALTERNATIVES

#: What the protocol allows in a position; more would not fit where positions are counted.
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]

# A message names what was wrong, and does not repeat it.
_LONGEST_FAULT = 200

T = TypeVar("T", bound=msgspec.Struct)


class Place(msgspec.Struct, frozen=True):
    """A position of the protocol."""

    line: Count
    character: Count


class Range(msgspec.Struct, frozen=True):
    start: Place
    end: Place

    def as_lsp(self) -> types.Range:
        start, end = (types.Position(place.line, place.character) for place in (self.start, self.end))
        return types.Range(start, end)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A rewrite of what stands at a place."""

    uri: str
    range: Range
    #: The version that `range` was made for, if the client knows it.
    version: int | None = None
    #: None: one that has not been used for this passage.
    seed: Count | None = None
    #: None: as many as the settings say.
    alternatives: Annotated[int, msgspec.Meta(ge=1, le=MOST_ALTERNATIVES)] | None = None


class Revise(Order, frozen=True, kw_only=True):
    #: The id of an entry in the catalogue.
    revision: str
    #: What the writer answered to what the entry asks.
    answer: str = ""


class Ask(Order, frozen=True, kw_only=True):
    #: Empty: a client that `chooses` lets the writer say.
    instruction: str = ""


class Which(msgspec.Struct, frozen=True):
    """A proposal."""

    id: str


class Alternative(msgspec.Struct, frozen=True):
    """One of those of a proposal."""

    id: str
    alternative: Count = 0


class Accept(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: str
    alternative: Count = 0
    #: Which changes of the alternative are wanted, counted from 0. None: all.
    hunks: tuple[Count, ...] | None = None
    even_if_changed: bool = False
    #: The version in which the writer saw the changed passage, if the client knows it.
    version: int | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    #: Of an open document.
    uri: str
    #: The document alone, or all prose in the workspace folder that holds it.
    of: Literal["document", "folder"] = "document"
    #: Where to write it, as a URI. Empty: among this program's own files.
    file: str = ""
    #: Whether the client shows it when it is made.
    show: bool = True
    #: Whether the model is asked for its part, and grammar and spelling are looked at.
    surprisal: bool = True
    proofread: bool = False


class AddToDictionary(msgspec.Struct, frozen=True):
    #: Or a phrase.
    word: str
    scope: Literal["user", "workspace"] = "user"
    #: Of a document in the workspace.
    uri: str = ""


class FixAll(msgspec.Struct, frozen=True):
    uri: str
    #: Where the writer is: that paragraph is read as it is now.
    range: Range
    kind: CritiqueKind


class Ignore(msgspec.Struct, frozen=True):
    kind: CritiqueKind
    #: What the finding stands at.
    text: str
    uri: str


def read(kind: type[T], arguments: object) -> T:
    """Raises InvalidRequest if `arguments` are not what the command takes."""
    try:
        return msgspec.convert(arguments, kind)
    except msgspec.ValidationError as error:
        fault = str(error)[:_LONGEST_FAULT]
        raise InvalidRequest(f"The editor sent a command this server does not understand ({fault}).") from error
