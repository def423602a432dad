"""`lsp-writer --port`: one editor over a local port."""

import json
import socket
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def connected(server: subprocess.Popen[str], port: int) -> socket.socket:
    """A connection to `server`, which is still starting."""
    while server.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.1)
    pytest.fail(f"the server ended: {server.communicate()[1]}")


def test_an_editor_comes_and_goes() -> None:
    """When the editor left, `lsp-writer --port` ended in a traceback of SystemExit."""
    port = free_port()
    command = [sys.executable, "-m", "lsp_writer", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        with connected(server, port) as connection, connection.makefile("rwb") as stream:
            for message in (
                {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None, "rootUri": None}},
                {"id": 2, "method": "shutdown"},
                {"method": "exit"},
            ):
                content = json.dumps({"jsonrpc": "2.0", **message}).encode()
                stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
                stream.flush()
            answers = stream.read()
        _, log = server.communicate(timeout=30)
    assert b'"lsp-writer"' in answers
    assert b'"id": 2' in answers
    assert (server.returncode, log) == (0, "")
