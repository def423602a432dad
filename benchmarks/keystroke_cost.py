"""What a key costs outside the engine, in documents of 1,000 to 1,000,000 words.

Over real pipes, with a model that answers at once: from the key (`didChange`) to the answers to `completion` and
`inlineCompletion`, in the middle of the document and at its end. Four servers take turns, one for each length, so that
a busy machine slows all alike.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.corpus import prose
from benchmarks.editor import Editor
from benchmarks.report import arguments, finish

_LENGTHS = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
_SERVER = ("-m", "benchmarks.instant_server")
_TYPED = "she went to the window and looked out at the rain, "
# Keys before the first that counts: what is read once is no key's cost.
_WARM_UP = 20
# Between two keys, for what a server does when it has answered.
_PAUSE = 0.02


def main() -> None:
    options = arguments(__doc__)
    keys = 80 if options.quick else 600
    words = prose(options.corpus).split(" ")
    texts = {name: _text_of(words, length) for name, length in _LENGTHS.items()}
    with ExitStack() as stack:
        editors = {name: stack.enter_context(Editor(_SERVER)) for name in texts}
        for editor in editors.values():
            editor.initialize()
            editor.wait_until_ready()
        costs = {name: [0.0] * 0 for name in texts}
        for middle in (True, False):
            for name, editor in editors.items():
                editor.open(texts[name], _middle(texts[name]) if middle else None)
            for number in range(_WARM_UP + keys // 2):
                for name, editor in editors.items():
                    cost = strike(editor, _TYPED[number % len(_TYPED)])
                    if number >= _WARM_UP:
                        costs[name].append(cost)
                time.sleep(_PAUSE)
            for editor in editors.values():
                editor.close()
    report(costs)


def strike(editor: Editor, key: str) -> float:
    """Seconds from the key to both answers."""
    struck = editor.strike(key)
    menu, ghost_text = editor.ask_for_menu(), editor.ask_for_ghost_text()
    return max(editor.answer(menu).at, editor.answer(ghost_text).at) - struck


def report(costs: dict[str, list[float]]) -> None:
    figures = {}
    for name, seconds in costs.items():
        median, p95 = statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=20)[-1] * 1000
        print(f"{name:>4} words: median {median:.2f} ms, 95th percentile {p95:.2f} ms a key ({len(seconds)} keys)")
        figures[f"outside_engine_p95_ms_{name}"] = round(p95, 2)
        figures[f"outside_engine_median_ms_{name}"] = round(median, 2)
    finish(figures)


def _text_of(words: Sequence[str], length: int) -> str:
    times, rest = divmod(length, len(words))
    return " ".join([*(list(words) * times), *words[:rest]])


def _middle(text: str) -> int:
    """The number of a line of prose near the middle."""
    lines = text.split("\n")
    return next(number for number in range(len(lines) // 2, len(lines)) if lines[number].strip())


if __name__ == "__main__":
    main()
