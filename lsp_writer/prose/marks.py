"""The inline Markdown that must survive when a paragraph's words change: emphasis, links, footnotes and the like."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from lsp_writer.prose.span import Span

if TYPE_CHECKING:
    from pyromark.event import Event, Range

# Without one of these there is nothing to find.
_ANY = re.compile(r"[*_~`<\[]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# To the parser a link by reference is one only where its target is given, and that stands elsewhere in the document.
_REFERENCE = re.compile(r"(?<!\\)(?P<image>!?)\[(?P<text>(?!\^)[^\[\]\r\n]+)\]\[(?P<target>[^\[\]\r\n]*)\]")


class MarkKind(enum.StrEnum):
    EMPHASIS = "emphasis"
    STRONG = "strong"
    STRIKETHROUGH = "strikethrough"
    LINK = "link"
    IMAGE = "image"
    FOOTNOTE = "footnote"
    CODE = "code"
    HTML = "html"


class Mark(msgspec.Struct, frozen=True):
    """`span` holds the marks too, in code points of the paragraph; `text` is what a reader sees of it."""

    span: Span
    kind: MarkKind
    text: str
    #: Of a link or an image; of a footnote its label.
    target: str = ""


_BY_TAG = {"Emphasis": MarkKind.EMPHASIS, "Strong": MarkKind.STRONG, "Strikethrough": MarkKind.STRIKETHROUGH}
# What looks like a reference inside one of these is none.
_OPAQUE = frozenset({MarkKind.LINK, MarkKind.IMAGE, MarkKind.CODE, MarkKind.HTML})


class _Open(NamedTuple):
    """A mark whose end has not come yet: where it begins and ends in bytes, and the text seen in it so far."""

    at: Range
    kind: MarkKind
    target: str
    text: list[str]


def marks_in(paragraph: str) -> list[Mark]:
    """The marks of the Markdown `paragraph` by their beginning, an outer before its inner. An indented paragraph is
    prose, not code. Links by reference and footnotes count without what they refer to, which stands elsewhere."""
    if not _ANY.search(paragraph):
        return []
    # Four spaces would make code of it.
    start = len(paragraph) - len(paragraph.lstrip(" \t"))
    found = [*_parsed(paragraph[start:])]
    found += [mark for mark in _references(paragraph[start:]) if not _is_inside(mark, found)]
    found.sort(key=lambda mark: (mark.span.start, -mark.span.end))
    return [msgspec.structs.replace(mark, span=mark.span.shift(start)) for mark in found]


def _references(text: str) -> Iterator[Mark]:
    for match in _REFERENCE.finditer(text):
        kind = MarkKind.IMAGE if match["image"] else MarkKind.LINK
        yield Mark(Span(*match.span()), kind, match["text"], match["target"] or match["text"])


def _is_inside(mark: Mark, others: Sequence[Mark]) -> bool:
    return any(other.kind in _OPAQUE and other.span.overlaps(mark.span) for other in others)


def _parsed(text: str) -> Iterator[Mark]:
    """Marks by the Markdown parser, which counts UTF-8 bytes and refuses lone surrogates."""
    from pyromark import Options, events_with_range

    data = _SURROGATE.sub("\ufffd", text).encode()
    # The old footnotes are those that need no text to refer to.
    options = Options.ENABLE_WIKILINKS | Options.ENABLE_OLD_FOOTNOTES | Options.ENABLE_STRIKETHROUGH
    for at, kind, shown, target in _events(events_with_range(data.decode(), options=options), data):
        first = len(data[: at["start"]].decode())
        yield Mark(Span(first, first + len(data[at["start"] : at["end"]].decode())), kind, shown, target)


def _events(events: Iterable[tuple[Event, Range]], data: bytes) -> Iterator[tuple[Range, MarkKind, str, str]]:
    opened: list[_Open] = []
    for event, at in events:
        if opening := _opening(event):
            opened.append(_Open(at, *opening, []))
            continue
        match event:
            case {"End": "Emphasis" | "Strong" | "Strikethrough" | "Link" | "Image"}:
                done = opened.pop()
                yield done.at, done.kind, "".join(done.text), done.target
            case {"Code": str(shown)}:
                yield at, MarkKind.CODE, shown, ""
            case {"FootnoteReference": str(label)}:
                yield at, MarkKind.FOOTNOTE, "", label
            case {"Start": {"FootnoteDefinition": str(label)}}:
                end = data.index(b"]:", at["start"]) + len(b"]:")
                yield {"start": at["start"], "end": end}, MarkKind.FOOTNOTE, "", label
            case {"InlineHtml": _} | {"Start": "HtmlBlock"}:
                yield at, MarkKind.HTML, "", ""
            case _:
                pass
        for mark in opened:
            mark.text.append(_shown(event))


def _opening(event: Event) -> tuple[MarkKind, str] | None:
    """The kind and the target of the mark that `event` opens."""
    match event:
        case {"Start": "Emphasis" | "Strong" | "Strikethrough" as tag}:
            return _BY_TAG[tag], ""
        case {"Start": {"Link": {"dest_url": target}}}:
            return MarkKind.LINK, target
        case {"Start": {"Image": {"dest_url": target}}}:
            return MarkKind.IMAGE, target
        case _:
            return None


def _shown(event: Event) -> str:
    match event:
        case {"Text": str(text)} | {"Code": str(text)}:
            return text
        case "SoftBreak" | "HardBreak":
            return " "
        case _:
            return ""
