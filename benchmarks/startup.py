"""How long an editor waits for `initialize`, against an empty pygls server, and how long until the model is ready.

The two servers take turns, so that a busy machine slows both alike; the figures are medians of the whole time from the
start of the process.
"""

from __future__ import annotations

import statistics

from benchmarks.editor import Editor
from benchmarks.report import arguments, finish

_EMPTY = ("-c", "from pygls.lsp.server import LanguageServer; LanguageServer('empty', '1').start_io()")
_OURS = ("-m", "lsp_writer")


def main() -> None:
    runs = 5 if arguments(__doc__).quick else 15
    initialize(_EMPTY), initialize(_OURS)  # the first run of each compiles and reads from disk
    seconds = [(initialize(_EMPTY), initialize(_OURS)) for _ in range(runs)]
    empty, ours = (statistics.median(column) for column in zip(*seconds, strict=True))
    ready = statistics.median(become_ready() for _ in range(3))
    print(f"initialize: empty server {empty * 1000:.0f} ms, lsp-writer {ours * 1000:.0f} ms (median of {runs})")
    print(f"from the start of the process to a ready model: {ready:.2f} s (median of 3)")
    finish({"initialize_ratio_to_empty_server": round(ours / empty, 3), "ready_s": round(ready, 2)})


def initialize(command: tuple[str, ...]) -> float:
    """Seconds until a fresh server has answered."""
    with Editor(command) as editor:
        return editor.initialize() - editor.started


def become_ready() -> float:
    """Seconds until a fresh server's model was ready."""
    with Editor(_OURS) as editor:
        editor.initialize()
        return editor.wait_until_ready() - editor.started


if __name__ == "__main__":
    main()
