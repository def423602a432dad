"""The server's resident memory while a writer types and while its model rests, and its use of a processor when idle.

The figures come from /proc, so Linux alone has them. Resident are also the pages of programs and files that other
processes share.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from benchmarks.editor import URI, Editor
from benchmarks.report import arguments, finish

_PROSE = Path(__file__).parents[1] / "model_export" / "prose.txt"
_SECONDS_A_KEY = 0.15
_SECONDS_BEFORE_REST = 3


def main() -> None:
    given = arguments(__doc__)
    if sys.platform != "linux":
        sys.exit("This benchmark reads /proc, which only Linux has.")
    text = (given.corpus or _PROSE).read_text(encoding="utf-8")
    keys, watched = (40, 20) if given.quick else (400, 60)
    with Editor(options={"idleMinutes": (watched + _SECONDS_BEFORE_REST) / 60}) as editor:
        editor.initialize()
        editor.wait_until_ready()
        serving = serve(editor, text, keys)
        loaded = processor_share(editor.pid, watched)
        if not editor.wait_for(lambda: "rests" in str(editor.notifications), 10 * _SECONDS_BEFORE_REST):
            sys.exit("The model was not put to rest.")
        resting = processor_share(editor.pid, watched)
        idle = resident(editor.pid)
    print(f"processor use of one core: {loaded:.3%} with the model loaded, {resting:.3%} while it rests")
    finish(
        {
            "serving_rss_mb": round(serving, 1),
            "idle_rss_mb": round(idle, 1),
            "idle_cpu_share": round(max(loaded, resting), 5),
        }
    )


def serve(editor: Editor, text: str, keys: int) -> float:
    """The most memory, in MB, that was resident while a writer typed `keys` letters of `text` at two places of it and
    asked for a hover."""
    most = 0.0
    for start in (text.index("\n\n", len(text) // 2), text.index("\n\n", len(text) * 3 // 4)):
        editor.open(text[:start])
        for key in text[start : start + keys // 2]:
            editor.strike(key)
            asked = editor.ask_for_menu(), editor.ask_for_ghost_text()
            time.sleep(_SECONDS_A_KEY)
            for request in asked:
                if editor.find(request) is None:
                    editor.cancel(request)
            most = max(most, resident(editor.pid))
        place = {"textDocument": {"uri": URI}, "position": {"line": text[:start].count("\n"), "character": 10}}
        editor.answer(editor.ask("textDocument/hover", place))
        editor.close()
    return max(most, resident(editor.pid))


def resident(pid: int) -> float:
    """MB of the process in memory."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024


def processor_share(pid: int, seconds: float) -> float:
    """Seconds of one core that the process uses per second, while nobody asks it anything for `seconds`."""
    started, before = time.monotonic(), _processor_seconds(pid)
    time.sleep(seconds)
    return (_processor_seconds(pid) - before) / (time.monotonic() - started)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
