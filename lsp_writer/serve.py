"""Serve one editor, over standard input and output or, for debugging, over a local port."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from io import BufferedReader, FileIO

from lsp_writer.errors import InvalidRequest
from lsp_writer.generation import TextModel
from lsp_writer.server.app import WriterServer, build_server
from lsp_writer.server.logs import log_to_stderr
from lsp_writer.server.pipes import serve_pipes
from lsp_writer.server.session import ListModels, no_models
from lsp_writer.settings import MachineSettings


def serve(
    make_model: Callable[[MachineSettings], TextModel],
    command_line: Mapping[str, object],
    *,
    list_models: ListModels = no_models,
    port: int | None = None,
    log_level: int = logging.WARNING,
) -> int:
    """Run until the editor leaves; the answer is the exit status that the protocol wants.

    `make_model`, `command_line` and `list_models` are as for `build_server`.
    With `port`, listen there on 127.0.0.1 for one editor instead of using standard input and output; raises
    InvalidRequest if that port cannot be had.
    """
    log_to_stderr(log_level)
    server = build_server(make_model, command_line, list_models=list_models)
    if port is None:
        if sys.stdin.isatty():
            _greet_a_person()
        # Not sys.stdin: the interpreter closes that at its end, when a thread may still wait for input there.
        reader = BufferedReader(FileIO(sys.stdin.fileno(), closefd=False))
        serve_pipes(server, reader, sys.stdout.buffer)
    else:
        _serve_on_port(server, port)
    return 0 if server.session.left_in_order else 1


def _greet_a_person() -> None:
    """Somebody typed the command to see what it does. Nothing reads what they type, and Ctrl-C should end it."""
    sys.stderr.write("lsp-writer waits for an editor. Ctrl-C ends it; lsp-writer --help lists what else it can do.\n")
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _serve_on_port(server: WriterServer, port: int) -> None:
    """As over standard input and output: pygls' own `start_tcp` logs a traceback when the editor leaves."""
    if port not in range(1, 65536):
        raise InvalidRequest(f"There is no port {port}. Choose one from 1024 to 65535.")
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise InvalidRequest(f"Port {port} is taken or reserved. Choose another from 1024 to 65535.") from error
    with listener:
        connection, _ = listener.accept()
    with connection, connection.makefile("rb") as reader, connection.makefile("wb") as writer:
        try:
            serve_pipes(server, reader, writer)
        finally:
            with contextlib.suppress(OSError):  # the editor is gone already
                connection.shutdown(socket.SHUT_RDWR)  # lets go of the thread that waits for input
