"""How long an editor waits for `initialize`, against an empty pygls server, and how long until the model is ready.

`python benchmarks/startup.py [RUNS]` ends in one JSON line. The two servers take turns, so that a busy machine slows
both alike; the figures are medians of the whole time from the start of the process.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import IO, Any

_EMPTY = "from pygls.lsp.server import LanguageServer; LanguageServer('empty', '1').start_io()"

_INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
_INITIALIZED = {"jsonrpc": "2.0", "method": "initialized", "params": {}}
_SHUTDOWN = {"jsonrpc": "2.0", "id": 2, "method": "shutdown"}
_EXIT = {"jsonrpc": "2.0", "method": "exit"}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    empty, ours = ["-c", _EMPTY], ["-m", "lsp_writer"]
    initialize(empty), initialize(ours)  # the first run of each compiles and reads from disk
    seconds = [(initialize(empty)[0], initialize(ours)[0]) for _ in range(runs)]
    of_empty, of_ours = (statistics.median(column) for column in zip(*seconds, strict=True))
    ready = initialize(ours, until_ready=True)[1]
    print(f"initialize: empty server {of_empty * 1000:.0f} ms, lsp-writer {of_ours * 1000:.0f} ms (median of {runs})")
    print(f"from the start of the process to a ready model: {ready:.2f} s")
    print(json.dumps({"initialize_ratio_to_empty_server": round(of_ours / of_empty, 3), "ready_s": round(ready, 2)}))


def initialize(arguments: list[str], *, until_ready: bool = False) -> tuple[float, float]:
    """Seconds until a fresh server has answered `initialize`, and until its model was ready (0 if not waited for)."""
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        send(server.stdin, _INITIALIZE)
        while receive(server.stdout).get("id") != 1:
            pass
        answered = time.perf_counter() - start
        ready = 0.0
        if until_ready:
            send(server.stdin, _INITIALIZED)
            while (state := receive(server.stdout).get("params", {}).get("state")) != "ready":
                if state == "failed":
                    sys.exit("The model cannot be loaded; `lsp-writer doctor` says why.")
            ready = time.perf_counter() - start
        send(server.stdin, _SHUTDOWN)
        send(server.stdin, _EXIT)
        server.stdout.read()
    return answered, ready


def send(pipe: IO[bytes], message: dict[str, Any]) -> None:
    body = json.dumps(message).encode()
    pipe.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    pipe.flush()


def receive(pipe: IO[bytes]) -> dict[str, Any]:
    length = 0
    while (line := pipe.readline()).strip() or not length:
        if not line:
            sys.exit("The server ended before it answered.")
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    message: dict[str, Any] = json.loads(pipe.read(length))
    return message


if __name__ == "__main__":
    main()
