"""What inside a paragraph is not prose: code spans, targets of links, images, HTML, comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from lsp_writer.prose.blocks import Markup, line_markup
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraph_at
from lsp_writer.prose.span import Span

if TYPE_CHECKING:
    from pyromark.event import Event, Range

# Without one of these there is nothing to mask, and most paragraphs of a story have none.
_MARKS = ("`", "~", "<", "[", "://", "www.")
_UNDERLINE = re.compile(r"^ {0,3}=", re.MULTILINE)
_TABLE = re.compile(r"^\s*\||\|\s*$|\s\|\s", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\r\n]+\]:[ \t]*\S[^\r\n]*", re.MULTILINE)
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>()\[\]]*[\w/]")
# A link or a comment whose end the writer has not typed yet.
_UNFINISHED = re.compile(
    r"(?P<link>\]\([^()\s]*|\[\[[^\[\]\r\n]*|\bhttps?://\S*)\Z|(?P<comment><!--(?:(?!-->).)*)\Z", re.DOTALL
)


class Masked(msgspec.Struct, frozen=True):
    """A stretch of a passage that is not prose, and what it is."""

    span: Span
    markup: Markup


def masked(text: str) -> list[Masked]:
    """What is not prose in the Markdown `text`, in order and without overlaps. Emphasis marks are left alone, and so
    are indented lines: writers indent paragraphs."""
    # A pattern of them all would take twenty times as long.
    if not any(mark in text for mark in _MARKS) and not ("=" in text and _UNDERLINE.search(text)):
        return []
    found = [*_parsed(text)]
    found += (Masked(Span(*match.span()), Markup.LINK) for match in _DEFINITION.finditer(text))
    found += (Masked(Span(*match.span()), Markup.LINK) for match in _ADDRESS.finditer(text))
    found.sort(key=lambda mask: (mask.span.start, -mask.span.end))
    apart: list[Masked] = []
    for mask in found:
        if not apart or mask.span.start >= apart[-1].span.end:
            apart.append(mask)
    return apart


def blanked(text: str, masks: Sequence[Masked]) -> str:
    """`text` with spaces where it is not prose: the length and every offset stay."""
    shown, end = "", 0
    for mask in masks:
        shown += text[end : mask.span.start] + " " * len(mask.span)
        end = mask.span.end
    return shown + text[end:]


def without(text: str, masks: Sequence[Masked]) -> str:
    """`text` with what is not prose left out."""
    shown, end = "", 0
    for mask in masks:
        shown += text[end : mask.span.start]
        end = mask.span.end
    return shown + text[end:]


def has_table(paragraph: str) -> bool:
    """Whether some line of a Markdown paragraph is, or may be, a row of a table."""
    return _TABLE.search(paragraph) is not None


def markup_at(manuscript: Manuscript, offset: int) -> Markup | None:
    """Why nothing may be written at `offset` by anybody but the writer, or None where there is prose to continue."""
    if not manuscript.markdown:
        return None
    line = manuscript.text.line_at(offset)
    markup = line_markup(manuscript, line, line + 1)[0]
    if markup not in (None, Markup.BLANK):
        return markup
    paragraph = paragraph_at(manuscript, offset)
    if paragraph is None:
        return None
    text = manuscript.text.slice(paragraph.start, paragraph.end)
    within = offset - paragraph.start
    for mask in masked(text):
        if mask.span.start < within < mask.span.end:
            return mask.markup
    unfinished = _UNFINISHED.search(text, max(0, within - 2000), within)
    if unfinished is None:
        return None
    return Markup.LINK if unfinished["link"] is not None else Markup.COMMENT


def _parsed(text: str) -> Iterator[Masked]:
    """Masks by the Markdown parser, which counts UTF-8 bytes and refuses lone surrogates."""
    from pyromark import Options, events_with_range

    data = _SURROGATE.sub("\ufffd", text).encode()
    for start, end, markup in _masks(events_with_range(data.decode(), options=Options.ENABLE_WIKILINKS), data):
        if start == end:  # a link without text has nothing between its marks
            continue
        first = len(data[:start].decode())
        yield Masked(Span(first, first + len(data[start:end].decode())), markup)


def _masks(events: Iterable[tuple[Event, Range]], data: bytes) -> Iterator[tuple[int, int, Markup]]:
    link: Range | None = None
    shown: list[int] = []
    for event, at in events:
        start, end = at["start"], at["end"]
        match event:
            case {"Start": {"Link": {"link_type": "Autolink" | "Email"}}} | {"Start": {"Image": _}}:
                yield start, end, Markup.LINK
            case {"Start": {"Link": _}}:
                link, shown = at, []
            case {"End": "Link"} if link is not None:
                yield start, min(shown, default=end), Markup.LINK
                yield max(shown, default=end), end, Markup.LINK
                link = None
            case {"Code": _} | {"Start": {"CodeBlock": {"Fenced": _}}}:
                yield start, end, Markup.CODE
            case {"InlineHtml": _} | {"Start": "HtmlBlock"}:
                yield start, end, Markup.COMMENT if data[start:end].lstrip().startswith(b"<!--") else Markup.HTML
            case {"Start": {"Heading": _}}:
                yield start, end, Markup.HEADING
            case _:
                pass
        if link not in (None, at):
            shown += (start, end)
