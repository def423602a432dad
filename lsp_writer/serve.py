"""Serve one editor, over standard input and output or, for debugging, over a local port."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from lsp_writer.generation import TextModel
from lsp_writer.server.app import build_server
from lsp_writer.server.logs import log_to_stderr
from lsp_writer.settings import MachineSettings


def serve(
    make_model: Callable[[MachineSettings], TextModel],
    command_line: Mapping[str, object],
    *,
    port: int | None = None,
    log_level: int = logging.WARNING,
) -> int:
    """Run until the editor leaves; the answer is the exit status that the protocol wants.

    `make_model` and `command_line` are as for `build_server`.
    With `port`, listen there on 127.0.0.1 for one editor instead of using standard input and output.
    """
    log_to_stderr(log_level)
    server = build_server(make_model, command_line)
    if port is None:
        server.start_io()
    else:
        server.start_tcp("127.0.0.1", port)
    return 0 if server.session.left_in_order else 1
