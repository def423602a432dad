"""The suggestions of the default model, guarded against regress by the benchmark's own measure."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from benchmarks.suggestions import Author, Share, measure_keys, measure_words, words_asked_for
from lsp_writer.inference.loading import load_engine
from lsp_writer.inference.local import LocalModel
from lsp_writer.inference.manifest import default_model_folder
from tests.scripted_text_model import ScriptedTextModel

_STORY = Path(__file__).parent.parent / "samples" / "lighthouse.md"
# Their share of right words is 0.42, and 0.73 for the menu; the floors leave room for another processor's rounding.
_WORDS = 60


@asynccontextmanager
async def _author(story: str) -> AsyncIterator[Author]:
    model = LocalModel(partial(load_engine, default_model_folder(), "cpu"))
    model.start()
    await model.ready()
    try:
        yield Author(model, story, markdown=True)
    finally:
        await asyncio.to_thread(model.close)


@pytest.mark.model
async def test_a_word_is_found_from_two_letters_and_only_because_they_are_backed_over() -> None:
    """With the letters left at the end of the prompt, hardly any word was right."""
    story = _STORY.read_text(encoding="utf-8")
    async with _author(story) as author:
        shares = await measure_words(author, words_asked_for(story)[:_WORDS])
    assert shares.midword.of == _WORDS
    assert shares.midword.value >= 0.35
    assert shares.midword_menu.value >= 0.65
    assert shares.unhealed.value <= 0.1


@pytest.mark.model
async def test_keystrokes_are_saved() -> None:
    """Over 400 characters it is 0.32; the floor leaves room for fewer characters and another processor."""
    story = _STORY.read_text(encoding="utf-8")
    async with _author(story) as author:
        keys = await measure_keys(story, author.suggested, [words_asked_for(story)[20].start()], math.inf)
    assert keys.characters >= 200
    assert keys.saved >= 0.2


@pytest.mark.parametrize(
    ("hits", "of", "interval"), [(0, 10, (0.0, 0.2775)), (5, 10, (0.2366, 0.7634)), (550, 1000, (0.519, 0.5806))]
)
def test_intervals_are_wilson_s(hits: int, of: int, interval: tuple[float, float]) -> None:
    assert Share(hits, of).interval == pytest.approx(interval, abs=1e-3)


async def test_every_stretch_of_the_book_is_typed_with_suggestions() -> None:
    """The stretches come in no order, and in two of three the server took every text for an older one than the last."""
    book = "The old house stood empty. " * 400
    model = ScriptedTextModel({"old": " house stood empty."}, words={"old": ("house",)})
    model.start()
    author = Author(model, book, markdown=False)
    keys = await measure_keys(book, author.suggested, [8000, 2000, 6000, 1000], math.inf)
    assert keys.shown.of > 0
    assert keys.shown.value > 0.5
    assert keys.saved > 0.3
