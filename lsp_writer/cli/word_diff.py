"""Differences between two texts by words, for a terminal."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import accumulate

from rich.text import Text

from lsp_writer.features.revision.hunks import hunks_of

_PARAGRAPH_BREAK = re.compile(r"((?:\r?\n[ \t]*){2,})")
_PIECES = re.compile(r"\s+|\w+(?:['’-]\w+)*|[^\w\s]")


def changed_paragraphs(old: str, new: str) -> list[tuple[int, str, str]]:
    """Where in `old` a paragraph begins that is another one in `new`, and both; all of it where paragraphs were added
    or lost."""
    before, after = _PARAGRAPH_BREAK.split(old), _PARAGRAPH_BREAK.split(new)
    if len(before) != len(after):
        return [(0, old, new)]
    starts = [0, *accumulate(map(len, before))]
    return [(starts[i], before[i], after[i]) for i in range(len(before)) if before[i] != after[i]]


def word_diff(old: str, new: str) -> Text:
    """`new` with what it adds marked, and what it took from `old` struck out in place."""
    text = Text()
    for kept, removed, added in _stretches(old, new):
        text.append(kept)
        text.append(removed, style="red strike")
        if removed and added and not removed[-1].isspace():
            text.append(" ")
        text.append(added, style="green bold")
    return text


def plain_word_diff(old: str, new: str) -> str:
    """The same where there is no colour: `[-old-]` and `{+new+}`."""
    parts: list[str] = []
    for kept, removed, added in _stretches(old, new):
        parts.append(kept)
        parts += [f"[-{removed}-]"] if removed else []
        parts += [f"{{+{added}+}}"] if added else []
    return "".join(parts)


def _stretches(old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """What stayed, then what was taken away and what was put there, again and again, sentence by sentence: compared
    word by word at once, a book takes minutes."""
    end = 0
    for hunk in hunks_of(old, new):
        yield old[end : hunk.span.start], "", ""
        yield from _within(old[hunk.span.start : hunk.span.end], hunk.new)
        end = hunk.span.end
    yield old[end:], "", ""


def _within(old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """The same of one sentence. A space or comma between two changes belongs to them: struck out word by word, nothing
    can be read."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    kept = removed = added = ""
    for what, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = "".join(before[i:j]) if what == "equal" else ""
        if what != "equal":
            removed += "".join(before[i:j])
            added += "".join(after[k:m])
        elif (removed or added) and not re.search(r"\w", same) and j < len(before) and m < len(after):
            removed += same
            added += same
        else:
            if removed or added:
                yield kept, removed, added
                removed = added = ""
            kept = same
    yield kept, removed, added
