"""Messages over pipes, in order and whole, however they arrive."""

from __future__ import annotations

import asyncio
import json
import os
from io import BytesIO
from typing import Any

import pytest
from pygls.lsp.server import LanguageServer

from lsp_writer.server.pipes import serve_pipes


def serve(data: bytes) -> list[str]:
    """What a server notes that gets `data`: the notifications it hears, and the requests it begins to answer."""
    server = LanguageServer("noting", "1")
    noted: list[str] = []

    @server.feature("test/hear")
    def hear(params: Any) -> None:
        noted.append(f"heard {params.word}")

    @server.feature("test/ask")
    async def ask(params: Any) -> None:
        noted.append(f"began {params.word}")
        await asyncio.sleep(0)

    serve_pipes(server, BytesIO(data), BytesIO())
    return noted


def message(method: str, word: str, **more: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "method": method, "params": {"word": word}, **more}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


HEAR, ASK = message("test/hear", "this"), message("test/ask", "that", id=1)


@pytest.mark.parametrize(
    ("data", "noted"),
    [
        (b"", []),
        (HEAR + HEAR, ["heard this", "heard this"]),
        (b"Content-Type: x\r\n" + HEAR, ["heard this"]),
        (HEAR.replace(b"Content-Length", b"content-length"), ["heard this"]),
        (b"\r\nnonsense\r\n" + HEAR, ["heard this"]),
        (b"Content-Length: many\r\n" + HEAR, ["heard this"]),
        (b"Content-Length: 3\r\n\r\n{]:" + HEAR, ["heard this"]),
        (HEAR + HEAR[:-1], ["heard this"]),
        (HEAR * 500, ["heard this"] * 500),
        (HEAR + b"Content-Length: 100000000000000000000\r\n\r\n" + HEAR, ["heard this"]),
    ],
)
def test_messages_are_taken_whole(data: bytes, noted: list[str]) -> None:
    assert serve(data) == noted


def test_a_request_begins_before_the_message_after_it_is_handled() -> None:
    """A request for the text before a change must not see the text after it."""
    assert serve(ASK + HEAR + ASK + HEAR) == ["began that", "heard this"] * 2


def test_exit_ends_it_while_the_client_keeps_the_pipe_open() -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as reader, os.fdopen(write, "wb") as writer:
        writer.write(message("exit", ""))
        writer.flush()
        serve_pipes(LanguageServer("noting", "1"), reader, BytesIO())
        writer.close()


def test_an_editor_that_reads_no_more_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    """The server lived on, with an error and its traceback in the log for every message."""
    server = LanguageServer("telling", "1")

    @server.feature("test/tell")
    def tell(_: Any) -> None:
        server.protocol.notify("test/told", None)

    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as reader, os.fdopen(theirs, "wb") as writer:
        writer.write(message("test/tell", "this") * 3)
        writer.flush()
        serve_pipes(server, reader, Deaf())
    assert [record.message for record in caplog.records] == ["The editor is gone"]


class Deaf(BytesIO):
    def write(self, _: object) -> int:
        raise BrokenPipeError
