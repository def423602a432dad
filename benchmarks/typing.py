"""What a writer at the keyboard gets: how soon a suggestion is there, how often, and why not.

The real server on the real model, over real pipes. A story is typed on from its middle, at the pace of three people who
were recorded while composing (`keystrokes.json`; pauses are cut to two seconds), and then steadily at 150 ms a key.
Every key sends what VS Code sends with its menu on: `didChange`, `completion`, `inlineCompletion`, and cancels the
requests that are still out; when it is told that a suggestion has grown, it asks again. Nothing is ever accepted.

Latency runs from a key to the first answer to its `inlineCompletion`, of answers that came before the next key:
- *type-through*: the key was the first character of what was showing, so the rest needs no model;
- *cold*: more than a chunk of prompt had to be read; *warm*: all others.
Overhead is latency less what the inference thread computed meanwhile, of which nothing is taken off a type-through. Its
share is of the latency at the same percentile. Something shows at a key if an answer with text came before the next
one, or if the writer types along with a text that no answer has replaced.
"""

from __future__ import annotations

import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.corpus import prose
from benchmarks.editor import Answer, Editor
from benchmarks.report import arguments, finish

_KEYSTROKES = Path(__file__).with_name("keystrokes.json")
_LONGEST_PAUSE = 2.0
_STEADY = 0.15
# Tokens that the engine reads at a time: a warm prompt has fewer that are new.
_CHUNK = 64
# What is typed here must not teach the gate anything.
_OPTIONS = {"timings": True, "refreshes": True, "ghostText": {"learn": False}}
# The status says how sure it was; the table puts all of these together.
_FIGURE = re.compile(r" \(\d+ ?%\)")
_NEVER_ANSWERED = "no answer before the next key"


class Key(msgspec.Struct):
    """One key and what came of it. Times are seconds of `time.perf_counter`."""

    character: str
    struck: float
    #: What was showing when it was struck.
    showing: str
    answer: Answer | None = None
    #: What shows when the next key is struck.
    shown: str = ""
    #: `lspWriter/timing` of its first answer.
    timing: dict[str, Any] | None = None

    @property
    def along(self) -> bool:
        return len(self.showing) > 1 and self.showing.startswith(self.character)

    @property
    def latency(self) -> float:
        assert self.answer is not None
        return self.answer.at - self.struck

    @property
    def overhead(self) -> float:
        if self.along or self.timing is None:
            return self.latency
        asked, answered = self.timing["asked"], self.timing["answered"]
        engine: float = answered["seconds"] - asked["seconds"] - asked["runningSeconds"]
        return self.latency - min(max(engine, 0.0), self.latency)

    @property
    def kind(self) -> str:
        if self.along:
            return "type-through"
        return "cold" if self.prefilled > _CHUNK else "warm"

    @property
    def prefilled(self) -> int:
        timing = self.timing or {"asked": {}, "answered": {}}
        return int(timing["answered"].get("prefilledTokens", 0) - timing["asked"].get("prefilledTokens", 0))

    @property
    def silence(self) -> str:
        """Why nothing shows."""
        if self.answer is None:
            return _NEVER_ANSWERED
        reason = str(self.timing["reason"]) if self.timing else ""
        return _FIGURE.sub("", reason) or "no reason given"


class Typist:
    """Types at an editor, and keeps what came of every key."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.keys: list[Key] = []
        #: Of the whole process, as of the last answer.
        self.prefilled_tokens = 0
        self._showing = ""
        self._out: list[int] = []

    def type(self, before: str, text: str, intervals: Iterable[float]) -> None:
        """Open `before` and type `text` at its end, with so many seconds after each key."""
        editor, told = self.editor, len(self.editor.notifications)
        editor.open(before)
        first = len(self.keys)
        due = time.perf_counter()
        for character, interval in zip(text, intervals, strict=False):
            key = self._strike(character)
            due = max(due, key.struck) + interval
            self._watch(key, due)
        editor.close()
        timings = [
            message["params"] for message in editor.notifications[told:] if message["method"] == "lspWriter/timing"
        ]
        for timing in reversed(timings):  # every key makes a version, and the document was opened with the first
            self.keys[first + timing["version"] - 2].timing = timing
        if timings:
            self.prefilled_tokens = timings[-1]["answered"]["prefilledTokens"]
        self._showing = ""

    def _strike(self, character: str) -> Key:
        for request in self._out:
            if self.editor.find(request) is None:
                self.editor.cancel(request)
        key = Key(character, self.editor.strike(character), self._showing)
        self._showing = self._showing[1:] if key.along else ""
        self._out = [self.editor.ask_for_menu(), self.editor.ask_for_ghost_text()]
        self.keys.append(key)
        return key

    def _watch(self, key: Key, until: float) -> None:
        """Take the answers as they come until it is time for the next key."""
        editor, grown = self.editor, len(self.editor.notifications)

        def answered() -> bool:
            return editor.find(self._out[-1]) is not None

        def told() -> bool:
            return any(_is_grown(message, editor.version) for message in editor.notifications[grown:])

        while editor.wait_for(answered, until - time.perf_counter()):
            answer = editor.answer(self._out[-1])
            key.answer = key.answer or answer
            self._showing = _remainder(answer)
            if not editor.wait_for(told, until - time.perf_counter()):
                break
            grown = len(editor.notifications)
            self._out.append(editor.ask_for_ghost_text())
        time.sleep(max(until - time.perf_counter(), 0.0))
        key.shown = self._showing


def main() -> None:
    options = arguments(__doc__)
    story = prose(options.corpus)
    recorded = [[min(ms / 1000, _LONGEST_PAUSE) for ms in typist] for typist in _recorded()]
    if options.quick:
        recorded = [recorded[0][:70]]
    with Editor(options=_OPTIONS) as editor:
        editor.initialize()
        editor.wait_until_ready()
        natural, steady = Typist(editor), Typist(editor)
        for number, intervals in enumerate(recorded):
            natural.type(*_parted(story, (number + 1) / 5), intervals)
        steady.type(*_parted(story, 4 / 5), [_STEADY] * (100 if options.quick else 400))
    report(natural, steady)


def report(natural: Typist, steady: Typist) -> None:
    answered = [key for key in natural.keys if key.answer is not None]
    print(f"at a person's pace: {len(natural.keys)} keys, of which {len(answered)} were answered before the next")
    for kind in ("type-through", "warm", "cold"):
        print(f"  {kind:>12}: {_percentiles([key.latency for key in answered if key.kind == kind])}")
    print(f"  {'overhead':>12}: {_percentiles([key.overhead for key in answered])}")
    _print_silences("at a person's pace", natural.keys)
    _print_silences("at 150 ms a key", steady.keys)
    overhead, latency = ([getattr(key, name) for key in answered] for name in ("overhead", "latency"))
    finish(
        {
            "type_through_p95_ms": _milliseconds([key.latency for key in answered if key.along], 95),
            "overhead_p95_ms": _milliseconds(overhead, 95),
            "overhead_p95_share": round(_milliseconds(overhead, 95) / max(_milliseconds(latency, 95), 1e-9), 3),
            "shown_share_at_150_ms_keys": _shown(steady.keys),
            "p99_ms": _milliseconds(latency, 99),
            "shown_share": _shown(natural.keys),
            "prefilled_tokens_per_key": round(natural.prefilled_tokens / len(natural.keys), 1),
        }
    )


def _print_silences(name: str, keys: Sequence[Key]) -> None:
    print(f"{name}, something shows at {_shown(keys):.0%} of {len(keys)} keys; the others:")
    for reason, count in Counter(key.silence for key in keys if not key.shown).most_common():
        print(f"  {count / len(keys):6.1%}  {reason}")


def _shown(keys: Sequence[Key]) -> float:
    return round(sum(bool(key.shown) for key in keys) / len(keys), 3)


def _percentiles(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    shares = ", ".join(f"{share} % {_milliseconds(seconds, share):.1f}" for share in (50, 90, 95, 99))
    return f"{len(seconds)} keys, in ms: {shares}"


def _milliseconds(seconds: Sequence[float], share: int) -> float:
    """What `share` percent of the durations do not exceed; 0 if there are none."""
    if len(seconds) < 2:
        return round(sum(seconds) * 1000, 2)
    return round(statistics.quantiles(seconds, n=100, method="inclusive")[share - 1] * 1000, 2)


def _parted(story: str, share: float) -> tuple[str, str]:
    """`story` in two at a paragraph's beginning near `share` of it."""
    place = story.index("\n\n", int(len(story) * share)) + 2
    return story[:place], story[place:]


def _recorded() -> list[list[int]]:
    typists: list[list[int]] = json.loads(_KEYSTROKES.read_text(encoding="utf-8"))["typists"]
    return typists


def _is_grown(message: dict[str, Any], version: int) -> bool:
    return message["method"] == "lspWriter/suggestionGrown" and bool(message["params"]["version"] == version)


def _remainder(answer: Answer) -> str:
    """What an editor shows after the caret, which stands at the end of the range."""
    items = (answer.result or {}).get("items") or []
    if not items:
        return ""
    typed = items[0]["range"]["end"]["character"] - items[0]["range"]["start"]["character"]
    return str(items[0]["insertText"][typed:])


if __name__ == "__main__":
    main()
