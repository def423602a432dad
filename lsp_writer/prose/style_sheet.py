"""What a manuscript's front matter fixes for rewrites: the style sheet that an editor would keep.

```yaml
tense: past            # past, present
pov: close third       # first, third, close third, omniscient
spelling: british      # british, american
register: plain, dry   # any few words
avoid: [suddenly, a testament to]
```
At the top level or under `lspWriter`, where it counts for more. What is none of these is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeVar

import msgspec

from lsp_writer.prose.front_matter import Entry, entries
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.spelling import Variety
from lsp_writer.prose.tense import Tense

Viewpoint = Literal["first", "third", "close third", "omniscient"]

_T = TypeVar("_T")

_TENSES: dict[str, Tense] = {"past": "past", "present": "present"}
_VIEWPOINTS: dict[str, Viewpoint] = {
    "first": "first",
    "third": "third",
    "close third": "close third",
    "third limited": "close third",
    "omniscient": "omniscient",
    "third omniscient": "omniscient",
}
_SPELLINGS: dict[str, Variety] = {"british": "british", "american": "american"}
# "close third person", "past tense", "British English".
_LEFT_OUT = re.compile(r"\b(?:person|tense|english|spelling)\b|[-_]")
# A line is a prompt's, not a page: what is longer was meant for somebody else.
_LONGEST = 60
_MOST_AVOIDED = 100


class StyleSheet(msgspec.Struct, frozen=True):
    """What is fixed; None and "" are left to the text."""

    tense: Tense | None = None
    viewpoint: Viewpoint | None = None
    spelling: Variety | None = None
    register: str = ""
    avoid: tuple[str, ...] = ()


def style_sheet(manuscript: Manuscript) -> StyleSheet:
    """The style sheet of `manuscript`. Plain text has none. The cost does not grow with the text."""
    return manuscript.text.derived(_read) if manuscript.markdown else StyleSheet()


def _read(text: Rope) -> StyleSheet:
    found = {entry.key.lower(): entry for entry in sorted(entries(text), key=lambda entry: entry.nested)}
    avoid = found.get("avoid", Entry("avoid"))
    return StyleSheet(
        tense=_known(found.get("tense"), _TENSES),
        viewpoint=_known(found.get("pov") or found.get("viewpoint"), _VIEWPOINTS),
        spelling=_known(found.get("spelling"), _SPELLINGS),
        register=", ".join(_short(found.get("register")))[:_LONGEST],
        avoid=tuple(dict.fromkeys(_short(avoid)))[:_MOST_AVOIDED],
    )


def _known(entry: Entry | None, values: Mapping[str, _T]) -> _T | None:
    """What `entry` says, if it is one of `values`: alone, or beside other things and a comma ("Ines, close third")."""
    said = [" ".join(_LEFT_OUT.sub(" ", part.lower()).split()) for part in entry.value.split(",")] if entry else []
    return next((values[part] for part in said if part in values), None)


def _short(entry: Entry | None) -> list[str]:
    said = [" ".join(value.split()) for value in (entry.items or (entry.value,))] if entry else []
    return [value for value in said if value and len(value) <= _LONGEST]
