"""How long a writer waits for critiques, over real pipes, in a book of 200,000 words."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence

from benchmarks.editor import URI, Editor
from lsp_writer.features.critiques.reader_process import Page, ReaderProcess

_SERVER = ("-m", "benchmarks.instant_server")
_WORDS = 200_000
# One slip for the quick rules and one for the slow.
_SLIPS = "The tide had come in while the the men were at supper, and nobody saw it. She has a aunt in the next village."
_MARKS = frozenset({"doubled-word", "grammar"})
_SECONDS = 600.0
# The server reads on when no key has been struck for less than this.
_PAUSE = 1.2
_WARM_UP = 4
_TYPED = " she went to the window and looked out at the rain"


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


def ghost_text_ratio(prose: str, *, keys: int) -> float:
    """How long ghost text takes while a book is read, of what it takes where critiques are switched off: medians over
    `keys` struck in turn, each after a pause in which the reader is at work."""
    book = "\n\n".join(_book(prose))
    with Editor() as read, Editor(options={"critique": {"enabled": False}}) as unread:
        editors = {read: [0.0] * 0, unread: [0.0] * 0}
        for editor in editors:
            editor.initialize()
            editor.wait_until_ready()
            editor.open(book, 0)
        for number in range(_WARM_UP + keys):
            time.sleep(_PAUSE)
            for editor, seconds in editors.items():
                struck = editor.strike(_TYPED[number % len(_TYPED)])
                answer = editor.answer(editor.ask_for_ghost_text())
                if number >= _WARM_UP:
                    seconds.append(answer.at - struck)
    return statistics.median(editors[read]) / statistics.median(editors[unread])


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
