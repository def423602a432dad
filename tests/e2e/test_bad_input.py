"""Bad input through real pipes with the real default model: it answers, nothing is stale, memory stays where it was."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.e2e.stdio_editor import StdioEditor, started

pytestmark = pytest.mark.model

STORY = "The letter was opened by Mara at the kitchen table. She walked down to the harbour. "
SCRIPTS = (
    "האישה פתחה את המכתב ליד שולחן המטב",
    "فتحت المرأة الرسالة على طاولة المطب",
    "老人每天早上都走到港口,看着船只慢慢地离开岸边,却从来没有人问过他在等",
    "彼女は手紙を開いて、もう一度ゆっくりと読",
    "cafe\u0301 👩\u200d👩\u200d👧 \u202eabc\u202c \ud83d",
)
# Half of what the model itself takes: a leak of a version at each key would be many times that.
_MOST_GROWTH = 80_000_000


def memory(editor: StdioEditor) -> int:
    """Resident bytes, or 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    pages = Path(f"/proc/{editor.process.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


async def check_fits(editor: StdioEditor) -> None:
    """What is suggested at the end of the text as it is now belongs just there, whatever has happened to it since."""
    place, half_typed = editor.position(len(editor.text)), editor.text.split(" ")[-1]
    for item in await editor.ghost_text(len(editor.text)):
        assert item.range is not None
        assert item.range.end == place
        replaced = place.character - item.range.start.character
        assert str(item.insert_text)[:replaced] == half_typed[len(half_typed) - replaced :]


async def test_every_script_is_answered_and_only_a_half_typed_word_replaced() -> None:
    async with started("-m", "lsp_writer", "--stdio") as editor:
        for text in SCRIPTS:
            editor.open(text)
            for item in await editor.ghost_text(len(text)):
                assert item.range is not None
                start = editor.offset(item.range.start)
                assert str(item.insert_text).startswith(text[start:])
                assert len(text) - start <= len(text.split(" ")[-1])
                assert start == len(text) or not "\u3000" < text[-1] < "\ufaff", (
                    "no word of an unspaced script is known"
                )
            await editor.complete(len(text))


async def test_a_storm_is_answered_and_leaves_nothing_behind() -> None:
    """A paste of 200,000 words, undo and redo held down, and keys faster than the model answers, three times over."""
    async with started("-m", "lsp_writer", "--stdio") as editor:
        editor.open(STORY)
        sizes = []
        for _ in range(3):
            editor.replace(0, 0, "One word follows another here.\n\n" * 40_000)
            checks = []
            for number in range(60):
                end = len(editor.text)
                editor.replace(*((end - 5, end, "") if number % 2 else (end, end, "At la")))
                checks.append(asyncio.create_task(check_fits(editor)))
                await asyncio.sleep(0)
            for letter in "At last she saw that the boat was ":
                editor.replace(len(editor.text), len(editor.text), letter)
                checks.append(asyncio.create_task(check_fits(editor)))
                await asyncio.sleep(0)
            await asyncio.gather(*checks)
            editor.replace(0, len(editor.text), STORY)
            await editor.ghost_text(len(editor.text))
            sizes.append(memory(editor))
        assert sizes[-1] - sizes[0] < _MOST_GROWTH
