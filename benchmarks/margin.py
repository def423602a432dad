"""How long a writer waits for critiques, over real pipes, in a book of 200,000 words."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from itertools import cycle, permutations
from typing import NamedTuple

from benchmarks.editor import URI, Editor
from lsp_writer.features.critiques.reader_process import Page, ReaderProcess

_SERVER = ("-m", "benchmarks.instant_server")
_WORDS = 200_000
# One slip for the quick rules and one for the slow.
_SLIPS = "The tide had come in while the the men were at supper, and nobody saw it. She has a aunt in the next village."
_MARKS = frozenset({"doubled-word", "grammar"})
_SECONDS = 600.0
# Between two keys: the one that was struck last is forgotten, and then a server reads.
_PAUSE, _READING = 0.8, 0.6
_WARM_UP = 6
# Nothing that a model would foresee: where it does, the answer is there already and costs nothing.
_TYPED = " zinc umbrellas jog past six vexed ibises, but dour gnomes hum a fugue of quilts"


def hover_p95_ms(prose: str, *, hovers: int) -> float:
    """Milliseconds from asking to the answer, the 95th of a hundred: each in another paragraph of a book, in which a
    key was struck just before."""
    paragraphs = _book(prose)
    text = "\n\n".join(paragraphs)
    # The paragraph with number n stands in line 2 n.
    numbers = random.Random(0).sample(range(len(paragraphs)), hovers + 1)
    milliseconds = []
    with Editor(_SERVER) as editor:
        editor.initialize()
        editor.wait_until_ready()
        editor.open(text, 0)
        for number in numbers:
            editor.go_to(2 * number, len(paragraphs[number]))
            editor.strike("x")
            asked = time.perf_counter()
            answer = editor.answer(editor.ask_for_hover())
            milliseconds.append((answer.at - asked) * 1000)
    return statistics.quantiles(milliseconds[1:], n=20)[-1]


def visible_s(prose: str) -> tuple[float, float]:
    """Seconds from opening a book to all marks on its first page: of the first one opened, with which the reader
    starts, and of the next."""
    book = "\n\n".join(_book(prose))
    with Editor(_SERVER) as editor:
        editor.initialize()
        editor.wait_until_ready()
        first, second = (_until_marked(editor, text) for text in (f"{_SLIPS}\n\n{book}", f"{_SLIPS} Yes.\n\n{book}"))
    return first, second


def full_reading_s(prose: str) -> float:
    """Seconds until 100,000 words have been read by all rules, the reader's start included."""
    process = ReaderProcess()
    started = time.perf_counter()
    known = process.ask(Page("\n\n".join(_book(prose, 100_000)), markdown=True, near=0), _SECONDS)
    while not known.complete:
        known = process.ask(None, _SECONDS)
    seconds = time.perf_counter() - started
    process.close()
    return seconds


class GhostTextRatios(NamedTuple):
    """How long ghost text takes, of what it takes where critiques are switched off."""

    while_reading: float
    #: Where critiques are switched off as well: what the same comparison says of two servers that are alike.
    control: float


def ghost_text_ratios(prose: str, *, keys: int) -> GhostTextRatios:
    """Medians of the ratios at each of `keys`, the same for three servers and in turns, of which one is at work on a
    book at every one of its own. Whose turn is the first, of a server that has slept the longest, changes from key to
    key."""
    book = "\n\n".join(_book(prose))
    options = {"critique": {"enabled": False}}
    with Editor(options=options) as reading, Editor(options=options) as quiet, Editor(options=options) as control:
        seconds: dict[Editor, list[float]] = {editor: [] for editor in (reading, quiet, control)}
        for editor in seconds:
            editor.initialize()
            editor.wait_until_ready()
            editor.open(book, 0)
        orders = cycle(permutations(seconds))
        for number in range(_WARM_UP + keys):
            for editor in next(orders):
                took = _ghost_text_s(editor, _TYPED[number % len(_TYPED)], reads=editor is reading)
                if number >= _WARM_UP:
                    seconds[editor].append(took)
    return GhostTextRatios(_ratio(seconds[reading], seconds[quiet]), _ratio(seconds[control], seconds[quiet]))


def _ratio(seconds: Sequence[float], usual: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(seconds, usual, strict=True))


def _ghost_text_s(editor: Editor, key: str, *, reads: bool) -> float:
    """Seconds from the key, which is struck while the server is at its book if it `reads`, to the ghost text."""
    time.sleep(_PAUSE)
    if reads:
        editor.configure({"critique": {"enabled": True}})
    time.sleep(_READING)
    struck = editor.strike(key)
    answer = editor.answer(editor.ask_for_ghost_text())
    if reads:
        editor.configure({"critique": {"enabled": False}})
    return answer.at - struck


def _until_marked(editor: Editor, text: str) -> float:
    editor.notifications.clear()
    opened = time.perf_counter()
    editor.open(text, 0)
    if not editor.wait_for(lambda: _marked(editor) >= _MARKS, 60):
        raise TimeoutError("The page was not marked")
    seconds = time.perf_counter() - opened
    editor.close()
    return seconds


def _marked(editor: Editor) -> frozenset[str]:
    """What is marked in the first line."""
    told = [each["params"] for each in editor.notifications if each["method"] == "textDocument/publishDiagnostics"]
    last = told[-1]["diagnostics"] if told and told[-1]["uri"] == URI else []
    return frozenset(each["code"] for each in last if each["range"]["start"]["line"] == 0)


def _book(prose: str, words: int = _WORDS) -> Sequence[str]:
    """Paragraphs of `prose` with so many words in all, none of which is like another."""
    paragraphs: list[str] = []
    while words > 0:
        for paragraph in filter(str.strip, prose.split("\n")):
            text = f"{paragraph.strip()} {len(paragraphs)}."
            paragraphs.append(text)
            words -= text.count(" ") + 1
            if words <= 0:
                break
    return paragraphs
