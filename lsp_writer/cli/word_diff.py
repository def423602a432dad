"""Differences between two texts by words, for a terminal."""

from __future__ import annotations

import difflib
import re

from rich.text import Text

_PIECES = re.compile(r"\s+|\w+(?:['’-]\w+)*|[^\w\s]")


def word_diff(old: str, new: str) -> Text:
    """`new` with what it adds marked, and what it took from `old` struck out in place."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    text = Text()
    for what, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            text.append("".join(before[i:j]))
            continue
        text.append("".join(before[i:j]), style="red strike")
        text.append("".join(after[k:m]), style="green bold")
    return text


def plain_word_diff(old: str, new: str) -> str:
    """The same where there is no colour: `[-old-]` and `{+new+}`."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    parts: list[str] = []
    for what, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append("".join(before[i:j]))
            continue
        parts += [f"[-{''.join(before[i:j])}-]"] if i < j else []
        parts += [f"{{+{''.join(after[k:m])}+}}"] if k < m else []
    return "".join(parts)
