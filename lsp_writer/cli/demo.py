"""`demo`: the real server over standard input and output, as an editor drives it.

It counts as passed only if every step came back from the model: ghost text, words, a critique, two rewrites.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text

from lsp_writer.cli.editor import Editor
from lsp_writer.cli.word_diff import plain_word_diff, word_diff
from lsp_writer.errors import ModelUnavailable, WriterError
from lsp_writer.export_process import default_export, safe_environment
from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.inference.manifest import MANIFEST_FILE, default_model_folder

_STORY = "lighthouse.md"
_PARAGRAPH = "The path was shorter than she remembered."
_TYPED = " She put down her bag and opened the"
_WEAK = "The lamp was lit by her"
#: What the model itself finds here, by how well it could tell the words beforehand.
_FORESEEABLE = "It was a beam that her heart"
_OF_THE_MODEL = ("predictable", "awkward")
#: The rewrite, its title, and how the paragraph begins that it is for.
_REWRITES = (
    ("expand", "Expand scene", "Ines took the torch from its nail"),
    ("condense", "Condense", "There was a silence in which the boat knocked"),
)
_WIDTH = 100
_HOVERS = 3
_SECONDS_TO_LOAD = 60.0
_SECONDS_TO_REWRITE = 180.0


class Step(msgspec.Struct, frozen=True):
    """One thing the writer did and what came back. `milliseconds` is from the request to the answer."""

    step: str
    text: str
    milliseconds: int
    came_back: bool


def demo(*, as_json: bool) -> int:
    """Run every step; the exit status is 0 only if each came back from the model."""
    console = Console(highlight=False, quiet=as_json)
    try:
        _require_model(console)
        steps = asyncio.run(_Demo(console, _samples() / _STORY).run())
    except WriterError as error:
        Console(stderr=True, highlight=False).print(f"lsp-writer: {escape(str(error))}")
        return 1
    except KeyboardInterrupt:
        return 130
    passed = all(step.came_back for step in steps)
    if as_json:
        print(json.dumps({"passed": passed, "steps": msgspec.to_builtins(steps)}, ensure_ascii=False))  # noqa: T201 - the answer
    else:
        _print_verdict(console, [step.step for step in steps if not step.came_back])
    return 0 if passed else 1


def _print_verdict(console: Console, missing: list[str]) -> None:
    if missing:
        console.print(
            f"\nThe model gave nothing for: {', '.join(missing)}. If your machine is busy, run it again; if not, "
            "lsp-writer doctor may say why.",
            style="red",
        )
        return
    command = Path(sys.executable).with_name("lsp-writer")
    console.print("\nEverything you saw was written on this machine, just now.", style="green")
    console.print(f"Your command is {command}; the README says how an editor finds it.", style="dim")


class _Demo:
    """A writer at the keyboard, with a terminal to look at."""

    def __init__(self, console: Console, story: Path) -> None:
        self._console = console
        self._story = story
        self._text = story.read_text(encoding="utf-8")
        self._steps: list[Step] = []

    async def run(self) -> list[Step]:
        async with Editor.opened(self._story.resolve().as_uri(), self._text) as editor:
            await self._load(editor)
            await self._type(editor)
            await self._menu(editor)
            await self._hover(editor, "a weak sentence", _WEAK, CritiqueKind)
            await self._hover(
                editor, "a sentence that the model saw coming, which a setting turns on", _FORESEEABLE, _OF_THE_MODEL
            )
            for revision, title, passage in _REWRITES:
                await self._rewrite(editor, revision, title, passage)
        return self._steps

    def _note(self, step: str, text: str, started: float, *, came_back: bool) -> None:
        self._steps.append(Step(step, text, round((time.perf_counter() - started) * 1000), came_back))

    def _heading(self, title: str) -> None:
        self._console.print(f"\n[bold]{title}[/]")

    async def _load(self, editor: Editor) -> None:
        started = time.perf_counter()
        with self._console.status("The server is up; the model is loading …"):
            message = await editor.ready(_SECONDS_TO_LOAD)
        self._note("load", message, started, came_back=True)
        self._console.print(f"Model ready after {self._steps[-1].milliseconds} ms. Opened {_STORY}.", style="dim")

    async def _type(self, editor: Editor) -> None:
        """Type key by key, with the ghost text that each key brings."""
        self._heading("You type, and the grey text is the model's")
        editor.caret_after(_PARAGRAPH)
        timings: list[int] = []
        ghost = ""
        started = time.perf_counter()
        shown = Text()
        with Live(console=self._console, refresh_per_second=30, transient=True) as live:
            for end, key in enumerate(_TYPED, 1):
                editor.type(key)
                started = time.perf_counter()
                ghost = await editor.ghost_text()
                timings.append(round((time.perf_counter() - started) * 1000))
                shown = Text(_TYPED[:end].lstrip()) + Text(ghost, style="dim italic")
                shown += Text(f"   {timings[-1]} ms", style="cyan")
                live.update(shown)
        self._console.print(shown)
        self._note("ghost text", ghost, started, came_back=bool(ghost.strip()))
        median = sorted(timings)[len(timings) // 2]
        self._console.print(f"{len(timings)} keys, half of them answered within {median} ms.", style="dim")

    async def _menu(self, editor: Editor) -> None:
        self._heading("The menu at the same caret")
        editor.type(" ")
        started = time.perf_counter()
        words = await editor.words()
        self._note("menu", ", ".join(words), started, came_back=len(words) > 1)
        self._console.print(f"{escape('  '.join(words))}   [cyan]{self._steps[-1].milliseconds} ms[/]")

    async def _hover(self, editor: Editor, what: str, sentence: str, kinds: Iterable[str]) -> None:
        """Rest the pointer on `sentence`, which has a critique of one of `kinds`."""
        self._heading(f"The pointer rests on {what}")
        # The model's part has a time budget. A busy machine may miss it, and what was read meanwhile is not read again.
        for _ in range(_HOVERS):
            started = time.perf_counter()
            critique = await editor.hover(sentence)
            came_back = any(line.startswith(f"{kind}:") for line in critique.splitlines() for kind in kinds)
            if came_back:
                break
        self._note("hover", critique, started, came_back=came_back)
        self._console.print(Panel(escape(critique), subtitle=f"{self._steps[-1].milliseconds} ms", width=_WIDTH))

    async def _rewrite(self, editor: Editor, revision: str, title: str, passage: str) -> None:
        self._heading(title)
        started = time.perf_counter()
        with self._console.status("The model is writing …") as status:
            old, new = await editor.rewrite(
                passage,
                revision,
                _SECONDS_TO_REWRITE,
                lambda text: status.update(f"The model is writing … {escape(text)}"),
            )
        self._note(title, new, started, came_back=new not in {"", old})
        if new:
            seen = word_diff(old, new) if self._console.is_terminal else escape(plain_word_diff(old, new))
            self._console.print(Panel(seen, subtitle=f"{self._steps[-1].milliseconds / 1000:.1f} s", width=_WIDTH))
        else:
            self._console.print(escape(editor.last_message or "Nothing came back."), style="red")


def _samples() -> Path:
    """The stories, in a checkout beside the package, in an installed wheel inside it."""
    package = Path(__file__).parents[1]
    for folder in (package.parent / "samples", package / "samples"):
        if (folder / _STORY).is_file():
            return folder
    raise ModelUnavailable("The sample stories are missing. Install lsp-writer again.")


def _require_model(console: Console) -> None:
    """Make the default model the first time, in a process of its own: serving needs nothing of what an export needs."""
    if (default_model_folder() / MANIFEST_FILE).is_file():
        return
    console.print("The default model is not there yet; it is made once.")
    made = subprocess.run(default_export(), env=safe_environment(), check=False)  # noqa: S603 - all constants
    if made.returncode:
        raise ModelUnavailable("The default model could not be made. The lines above say why.")
