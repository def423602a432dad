"""A manuscript's front matter, read line by line, and what it says about suggestions and critiques.

```yaml
lspWriter: off
```
or, under one key, any of these:
```yaml
lspWriter:
  ghostText: onDemand            # automatic, onDemand, off
  menu: off                      # on, off
  critique: off                  # on, off
  critiqueOff: [adverb, passive] # kinds to leave out
  critiqueAlso: [senses]         # kinds to look for
```
Only lines like these are read, and a value that is none of ours is passed over: a manuscript's front matter belongs to
other programs too, and is often half typed. A YAML parser would turn away the whole for one slip, so none stands here.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

import msgspec

from lsp_writer.prose.blocks import front_matter_lines
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

Mode = Literal["automatic", "onDemand", "off"]

_KEY = re.compile(r"[ \t]*([A-Za-z]+)[ \t]*:(?:[ \t]+(.*))?\Z")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)\Z")
# Quoted or in brackets, and then nothing or a comment; plain words, up to a comment.
_CLOSED = re.compile(r"(\"[^\"]*\"|'[^']*'|\[[^\[\]]*\])[ \t]*(?:(?<=[ \t])#.*)?\Z")
_PLAIN = re.compile(r"[^\s\"'\[\]{}#&*!|>%@`-].*")
_LISTED = re.compile(r"[ \t]*(\"[^\"]*\"|'[^']*'|[^,\"'][^,]*)(?:,|\Z)")
_PASSED_OVER = re.compile(r"[ \t]*(?:#.*)?[\r\n]*\Z")
# YAML's words for false and true, too: other programs that write front matter turn `off` into `false`.
_OFF = frozenset({"off", "false", "no"})
_ON = frozenset({"on", "true", "yes"})
_MODES: dict[str, Mode] = {"automatic": "automatic", "ondemand": "onDemand"}
# No line of ours is longer.
_MOST = 1_000


class Entry(NamedTuple):
    """A line of front matter at the top level, or one step under `lspWriter`; quotation marks are taken off."""

    key: str
    #: Empty where a list stands, or nothing.
    value: str = ""
    #: Of a list in brackets, or of the `- item` lines that follow.
    items: tuple[str, ...] = ()
    #: Whether it stands under `lspWriter`.
    nested: bool = False


class Switches(msgspec.Struct, frozen=True):
    """What the front matter sets; None is left to the writer's settings."""

    ghost_text: Mode | None = None
    menu: bool | None = None
    critique: bool | None = None
    #: Names of kinds of critique, as they are written.
    critique_off: tuple[str, ...] = ()
    critique_also: tuple[str, ...] = ()


def switches(manuscript: Manuscript) -> Switches:
    """The switches of `manuscript`. Plain text has no front matter. The cost does not grow with the text."""
    return manuscript.text.derived(_read) if manuscript.markdown else Switches()


def entries(text: Rope) -> list[Entry]:
    """What the front matter of `text` says at its top level and under `lspWriter`. The cost does not grow with the
    text."""
    found: list[Entry] = []
    ours, step, open_list = False, "", False
    for line in text.lines(1, front_matter_lines(text), _MOST):
        if _PASSED_OVER.match(line):
            continue
        item = _ITEM.match(line.rstrip())
        if item and open_list:
            found[-1] = found[-1]._replace(items=(*found[-1].items, _bare(_value(item[1]) or "")))
            continue
        entry = _entry(line)
        open_list = False
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if not indent:
            ours, step = entry is not None and entry.key == "lspWriter" and not entry.items, ""
        else:
            step = step or indent
        if entry and (not indent or (ours and indent == step)):
            found.append(entry._replace(nested=bool(indent)))
            open_list = not entry.value and not entry.items
    return found


def _entry(line: str) -> Entry | None:
    match = _KEY.match(line.rstrip())
    value = _value(match[2] or "") if match else None
    if match is None or value is None:
        return None
    if value.startswith("["):
        return Entry(match[1], items=tuple(_bare(item) for item in _LISTED.findall(value[1:-1])))
    return Entry(match[1], _bare(value))


def _value(written: str) -> str | None:
    """`written` without the comment after it, or None if it is nothing that is read here."""
    if closed := _CLOSED.match(written):
        return closed[1]
    plain = re.split(r"(?:\A|[ \t])#", written, maxsplit=1)[0].rstrip()
    return plain if not plain or _PLAIN.match(plain) else None


def _bare(value: str) -> str:
    value = value.strip()
    return value[1:-1] if value[:1] in {'"', "'"} and value[-1:] == value[0] and len(value) > 1 else value


def _read(text: Rope) -> Switches:
    found = {entry.key: entry for entry in entries(text) if entry.nested or entry.key == "lspWriter"}

    def value(key: str) -> str:
        return found[key].value.lower() if key in found else ""

    if value("lspWriter") in _OFF:
        return Switches(ghost_text="off", menu=False, critique=False)
    return Switches(
        ghost_text="off" if value("ghostText") in _OFF else _MODES.get(value("ghostText")),
        menu=_switch(value("menu")),
        critique=_switch(value("critique")),
        critique_off=_listed(found.get("critiqueOff")),
        critique_also=_listed(found.get("critiqueAlso")),
    )


def _switch(value: str) -> bool | None:
    return value in _ON if value in _OFF | _ON else None


def _listed(entry: Entry | None) -> tuple[str, ...]:
    """What a list names, or a line of names with commas between them."""
    named = entry.items or entry.value.split(",") if entry else ()
    return tuple(name.strip().lower() for name in named if name.strip())
