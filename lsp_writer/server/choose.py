"""`lspWriter/choose`: the writer chooses from a list, for clients that say `chooses`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from lsp_writer.server.session import Session

METHOD = "lspWriter/choose"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is the answer; the rest is shown."""

    label: str
    value: str
    description: str = ""
    detail: str = ""
    #: The heading that it stands under; neighbours share one.
    group: str = ""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    placeholder: str = ""
    items: tuple[Item, ...] = ()
    #: Any number of them, all of which are ticked to begin with. Else one.
    many: bool = False
    #: What the writer types is an answer, too.
    typed: bool = False


async def choose(session: Session, question: Question) -> tuple[str, ...] | None:
    """The values of what the writer chose, or what they typed; None if they turned away. Takes as long as they do."""
    try:
        # Shielded: pygls stumbles over an answer that comes after its request was given up.
        answer = await asyncio.shield(session.server.protocol.send_request_async(METHOD, msgspec.to_builtins(question)))
    except JsonRpcException:
        return None
    return msgspec.convert(answer, tuple[str, ...] | None)
