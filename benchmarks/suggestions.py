"""How often suggestions are the writer's own words, and how many keystrokes they save.

`python -m benchmarks.suggestions [--corpus FILE] [--quick]` ends in one JSON line. Words of 5 to 12 letters, spread
evenly over the book, are asked for with the caret at the end of the text: at the word's start, and when two letters of
it are typed, with token healing and without (the letters left as the end of the prompt). Then stretches of the book are
typed by a writer who takes, word by word, exactly what they were going to write; taking a word counts as one key. The
comparison is a tool without healing that shows something at every pause: at the end of a word and after it.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from benchmarks.report import arguments, finish
from lsp_writer.features.continuation import Continuation
from lsp_writer.features.drafting import Draft, draft_at, request
from lsp_writer.features.trimming import trimmed
from lsp_writer.generation import Finished, Generate, JobKey, Kind, Piece, RankedWords, Segment, StopReason, TextModel
from lsp_writer.inference.loading import load_engine
from lsp_writer.inference.local import LocalModel
from lsp_writer.inference.manifest import default_model_folder
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.passage import Anchor, Window
from lsp_writer.prose.rope import Rope
from lsp_writer.settings import Settings

_SAMPLES = Path(__file__).parent.parent / "samples"
_WORDS = 600
_STRETCHES = 12
_STRETCH = 200
_QUICK_SECONDS = (30.0, 20.0)
# More than a passage is made of, less than makes a manuscript slow to build.
_REACH = 20_000
_TYPED = 2
_TOKENS = 8

_ASKED_FOR = re.compile(r"(?<![\w’'])(?<!\w-)[A-Za-z]{5,12}(?![\w’']|-\w)")
_FIRST_WORD = re.compile(r"\s*([^\W_][\w'’]*)")
_WHOLE_WORD = re.compile(rf"{_FIRST_WORD.pattern}[^\w'’]")
# What one key accepts: a word, or marks, with the white space before.
_CHUNK = re.compile(r"\s*(?:[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]+|\S)")


_Item = TypeVar("_Item")


@dataclass
class Share:
    """So many of so many."""

    hits: int = 0
    of: int = 0

    def count(self, hit: bool) -> None:
        self.hits += hit
        self.of += 1

    @property
    def value(self) -> float:
        return round(self.hits / max(self.of, 1), 4)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, at 95 %."""
        n, z = max(self.of, 1), 1.96
        centre = (self.hits / n + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * (self.hits / n * (1 - self.hits / n) / n + z * z / (4 * n * n)) ** 0.5
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:6.1%}  ({low:.1%} to {high:.1%}, n = {self.of})"


@dataclass
class WordShares:
    """How often the writer's word came first, and how often the menu had it."""

    start: Share = field(default_factory=Share)
    start_menu: Share = field(default_factory=Share)
    midword: Share = field(default_factory=Share)
    midword_menu: Share = field(default_factory=Share)
    unhealed: Share = field(default_factory=Share)


@dataclass
class Keys:
    """What typing took. `wrong` are the suggestions shown whose first word was not the writer's."""

    pressed: int = 0
    characters: int = 0
    shown: Share = field(default_factory=Share)
    wrong: Share = field(default_factory=Share)

    @property
    def saved(self) -> float:
        return round(1 - self.pressed / max(self.characters, 1), 4)


class Author:
    """Has the book in mind, and asks the model at the end of what is written of it."""

    def __init__(self, model: TextModel, book: str, *, markdown: bool) -> None:
        self._model = model
        self._book = book
        self._markdown = markdown
        self._anchor: Anchor | None = None
        self._version = 0
        self._continuation = Continuation(model)

    def written(self, offset: int) -> Manuscript:
        """The text up to `offset`, which is a new version of the document wherever that is."""
        self._version += 1
        text = self._book[max(0, offset - _REACH) : offset]
        return Manuscript("file:///book", self._version, Rope.of(text), self._markdown)

    def draft(self, offset: int) -> Draft | None:
        """What stands before `offset`, or None where there is no prose."""
        manuscript = self.written(offset)
        draft = draft_at(manuscript, len(manuscript.text), self._anchor, Window())
        if not isinstance(draft, Draft):
            return None
        self._anchor = draft.passage.anchor
        return draft

    async def first_word(self, draft: Draft, *, healed: bool = True) -> tuple[str, list[str]]:
        """The word that ghost text begins with, the half-typed letters included, and the menu's words."""
        wanted = request(draft.before, draft.after, words=Settings().menu.max_items, max_new_tokens=_TOKENS)
        # What is right does not depend on how busy this machine is.
        wanted = msgspec.structs.replace(wanted, stops=msgspec.structs.replace(wanted.stops, seconds=None))
        said, menu, _ = await self._ask(
            wanted if healed else _unhealed(wanted, draft),
            enough=lambda said: _WHOLE_WORD.match(draft.half_word + said) is not None,
        )
        found = _FIRST_WORD.match(draft.half_word + said)
        return found[1] if found else "", menu

    async def suggested(self, offset: int) -> str:
        """What the product shows behind the caret, if anything."""
        manuscript = self.written(offset)
        answer = await self._continuation.suggest(manuscript, len(manuscript.text), Settings(), invoked=False)
        return answer[0].text[len(answer[0].replaces) :] if isinstance(answer, tuple) else ""

    async def suggested_unhealed(self, offset: int) -> str:
        """What a tool without healing shows at a pause."""
        before, after = self._book[offset - 1], self._book[offset]
        if (before.isalnum() and after.isalnum()) or not (before.isalnum() or before.isspace()):
            return ""
        if (draft := self.draft(offset)) is None:
            return ""
        wanted = request(draft.before, draft.after, words=0, max_new_tokens=Settings().ghost_text.max_tokens)
        said, _, ended = await self._ask(_unhealed(wanted, draft))
        return trimmed(said, ended, draft.before, draft.after)

    async def _ask(
        self, wanted: Generate, enough: Callable[[str], bool] = lambda _said: False
    ) -> tuple[str, list[str], StopReason]:
        said, menu, ended = "", [], StopReason.FAILED
        async with aclosing(self._model.stream(JobKey("file:///book", Kind.TYPING), wanted)) as events:
            async for event in events:
                match event:
                    case Piece():
                        said += event.text
                        if enough(said):
                            break
                    case RankedWords():
                        menu = [word.text for word in event.words]
                    case Finished():
                        ended = event.reason
                    case _:
                        pass
        return said, menu, ended


def _unhealed(wanted: Generate, draft: Draft) -> Generate:
    prompt = (*wanted.prompt[:-1], Segment(draft.before))
    return msgspec.structs.replace(wanted, prompt=prompt, typed="", words=0)


def spread(items: Sequence[_Item], most: int) -> Iterator[_Item]:
    """At most `most` of `items`, evenly spread, in an order of which every beginning is evenly spread as well."""
    chosen = [items[int((n + 0.5) * len(items) / most)] for n in range(most)] if len(items) > most else items
    yield from (chosen[n] for n in sorted(range(len(chosen)), key=lambda n: n * 0.6180339887 % 1))


def words_asked_for(book: str) -> list[re.Match[str]]:
    """The words of 5 to 12 letters that have something to go by before them."""
    return list(_ASKED_FOR.finditer(book, Window().least))


async def measure_words(author: Author, words: Iterable[re.Match[str]], until: float = math.inf) -> WordShares:
    shares = WordShares()
    for word in words:
        if time.monotonic() > until:
            break
        start, midword = author.draft(word.start()), author.draft(word.start() + _TYPED)
        if start is None or midword is None:
            continue
        first, menu = await author.first_word(start)
        shares.start.count(first == word[0])
        shares.start_menu.count(word[0] in menu)
        first, menu = await author.first_word(midword)
        shares.midword.count(first == word[0])
        shares.midword_menu.count(word[0] in menu)
        first, _ = await author.first_word(midword, healed=False)
        shares.unhealed.count(first == word[0])
        if shares.midword.of % 100 == 0:
            print(f"so far, two letters typed: {shares.midword}", flush=True)
    return shares


async def measure_keys(
    book: str, suggested: Callable[[int], Awaitable[str]], stretches: Sequence[int], until: float
) -> Keys:
    keys = Keys()
    for start in stretches:
        offset = start
        while offset < start + _STRETCH and time.monotonic() < until:
            own = _chunk(book[offset:])
            shown = await suggested(offset)
            keys.shown.count(bool(shown))
            kept = bool(shown) and _chunk(shown) == own
            if shown:
                keys.wrong.count(not kept)
            keys.pressed += 1
            offset += len(own) if kept else 1
        keys.characters += offset - start
    return keys


def _chunk(text: str) -> str:
    found = _CHUNK.match(text)
    return found[0] if found else ""


async def measure(model: TextModel, book: str, *, markdown: bool, quick: bool) -> None:
    author = Author(model, book, markdown=markdown)
    for_words, for_keys = _QUICK_SECONDS if quick else (math.inf, math.inf)
    asked_for = words_asked_for(book)
    words = await measure_words(author, spread(asked_for, _WORDS), time.monotonic() + for_words)
    starts = [word.start() for word in asked_for if word.end() + 2 * _STRETCH < len(book)]
    stretches = list(spread(starts, _STRETCHES))
    served = await measure_keys(book, author.suggested, stretches, time.monotonic() + for_keys / 2)
    unhealed = await measure_keys(book, author.suggested_unhealed, stretches, time.monotonic() + for_keys / 2)
    print(f"two letters typed, first suggestion right   {words.midword}")
    print(f"two letters typed, among the menu's words   {words.midword_menu}")
    print(f"two letters typed, without healing          {words.unhealed}")
    print(f"at a word's start, first suggestion right   {words.start}")
    print(f"at a word's start, among the menu's words   {words.start_menu}")
    print(f"keys at which something was shown           {served.shown}")
    print(f"of what was shown, first word wrong         {served.wrong}")
    print(f"the same, without healing at every pause    {unhealed.wrong}")
    print(f"keystrokes saved: {served.saved:.1%}; without healing at every pause: {unhealed.saved:.1%}")
    finish(
        {
            "midword_accuracy": words.midword.value,
            "midword_top8": words.midword_menu.value,
            "midword_accuracy_unhealed": words.unhealed.value,
            "keystrokes_saved": served.saved,
            "shown_wrong": served.wrong.value,
            "midword_words": words.midword.of,
            "midword_accuracy_interval": [round(end, 4) for end in words.midword.interval],
            "word_start_accuracy": words.start.value,
            "word_start_top8": words.start_menu.value,
            "keystrokes_saved_unhealed": unhealed.saved,
            "shown_wrong_unhealed": unhealed.wrong.value,
            "shown_share": served.shown.value,
            "characters_typed": served.characters,
        }
    )


async def main() -> None:
    options = arguments(__doc__)
    files = [options.corpus] if options.corpus else sorted(_SAMPLES.glob("*.md"))
    book = "\n\n".join(file.read_text(encoding="utf-8") for file in files)
    model = LocalModel(partial(load_engine, default_model_folder(), "cpu"))
    model.start()
    try:
        status = await model.ready()
        if status.capabilities is None:
            raise SystemExit(status.message)
        await measure(model, book, markdown=files[0].suffix == ".md", quick=options.quick)
    finally:
        await asyncio.to_thread(model.close)


if __name__ == "__main__":
    asyncio.run(main())
