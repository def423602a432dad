"""`lspWriter/timing`: what an answer cost, for a client that measures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from lsprotocol import types

from lsp_writer.generation import Work
from lsp_writer.server.session import Session
from lsp_writer.server.status import after_answer

METHOD = "lspWriter/timing"

Handler = Callable[[Session, types.InlineCompletionParams], Awaitable[types.InlineCompletionList]]


class Timing(msgspec.Struct, frozen=True, rename="camel"):
    """`version` is the document's that the request was made for; the model's work is told as it stood when the request
    came and when the answer was ready. `reason` says why there is none, or is empty."""

    version: int
    asked: Work
    answered: Work
    reason: str


def timed(handler: Handler) -> Handler:
    """`handler`, after whose answers a client that asked is told what they cost. A cancelled request has none."""

    async def answer(session: Session, params: types.InlineCompletionParams) -> types.InlineCompletionList:
        manuscript = session.documents.find(params.text_document.uri)
        if not session.client.times or manuscript is None:
            return await handler(session, params)
        asked = _work(session)
        result = await handler(session, params)
        reason = "" if result.items else session.status.reason
        timing = Timing(manuscript.version, asked, _work(session), reason)
        after_answer(lambda: session.server.protocol.notify(METHOD, msgspec.to_builtins(timing)))
        return result

    return answer


def _work(session: Session) -> Work:
    return session.model.work if session.model is not None else Work()
