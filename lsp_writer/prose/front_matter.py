"""What a manuscript's own front matter says about suggestions in it.

```yaml
lspWriter: off
```
or, under one key, either or both of these:
```yaml
lspWriter:
  ghostText: onDemand   # automatic, onDemand, off
  menu: off             # on, off
```
Only these lines are read, and a value that is none of these is passed over: a manuscript's front matter belongs to
other programs too, and is often half typed. A YAML parser would turn away the whole for one slip, so none stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from lsp_writer.prose.blocks import front_matter_lines
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

Mode = Literal["automatic", "onDemand", "off"]

# A key and a plain or quoted word, and then nothing or a comment.
_LINE = re.compile(r"[ \t]*([A-Za-z]+)[ \t]*:(?:[ \t]+([\"']?)([A-Za-z]*)\2)?[ \t]*(?:[ \t]#.*)?[\r\n]*\Z")
_PASSED_OVER = re.compile(r"[ \t]*(?:#.*)?[\r\n]*\Z")
# YAML's words for false and true, too: other programs that write front matter turn `off` into `false`.
_OFF = frozenset({"off", "false", "no"})
_ON = frozenset({"on", "true", "yes"})
_MODES: dict[str, Mode] = {"automatic": "automatic", "ondemand": "onDemand"}
# No line of ours is longer.
_MOST = 200


class Switches(msgspec.Struct, frozen=True):
    """What the front matter sets; None is left to the writer's settings."""

    ghost_text: Mode | None = None
    menu: bool | None = None


def switches(manuscript: Manuscript) -> Switches:
    """The switches of `manuscript`. Plain text has no front matter. The cost does not grow with the text."""
    return manuscript.text.derived(_read) if manuscript.markdown else Switches()


def _read(text: Rope) -> Switches:
    found = dict(_entries(text.lines(1, front_matter_lines(text), _MOST)))
    if _is_off(found.get("lspWriter", "")):
        return Switches(ghost_text="off", menu=False)
    ghost_text, menu = found.get("ghostText", ""), found.get("menu", "").lower()
    return Switches(
        ghost_text="off" if _is_off(ghost_text) else _MODES.get(ghost_text.lower()),
        menu=None if menu not in _OFF | _ON else menu in _ON,
    )


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """`lspWriter` and the keys one step under it, each with its value."""
    ours, step = False, ""
    for line in lines:
        if _PASSED_OVER.match(line):
            continue
        entry = _LINE.match(line)
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if not indent:
            ours, step = entry is not None and entry[1] == "lspWriter", ""
        step = step or indent
        if entry and ours and indent == step:
            yield entry[1], entry[3] or ""


def _is_off(value: str) -> bool:
    return value.lower() in _OFF
