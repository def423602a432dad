"""What comments in a Markdown manuscript say about critiques.

`<!-- lsp-writer: ignore adverb, passive -->` silences these kinds in the paragraph that the comment stands in, or the
one below, and `<!-- lsp-writer: ignore -->` all. `<!-- lsp-writer: off -->` silences all, or what it names, from there
to `<!-- lsp-writer: on -->`. A key costs one look at each leaf of the text; where a comment counts is found out when
somebody asks.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

import msgspec

from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.prose.blocks import Markup, line_markup
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.paragraphs import paragraph_at
from lsp_writer.prose.rope import LINE_ENDS, Leaf, Rope
from lsp_writer.prose.span import Span

_OURS = "lsp-writer:"
_COMMENT = re.compile(
    r"(?<!`)<!--[ \t]*lsp-writer:[ \t]*(?P<says>ignore|off|on)\b[ \t:]*(?P<named>(?:(?!-->)[^\r\n])*)-->"
)
_NAME = re.compile(r"[\w-]+")
_KINDS = {str(kind): kind for kind in CritiqueKind}
_EVERY = frozenset(CritiqueKind)
# A comment that names every kind is no longer; to each side of a seam between leaves no more is read.
_LONGEST = 1_000
_CLOSED = re.compile(r"-->|[\r\n]")
# So many lines below a comment its paragraph is looked for; mostly it is the next.
_NEAR = (2, 20)


class Comment(msgspec.Struct, frozen=True):
    """`span` in code points of the manuscript; `kinds` of critiques that it names, or every one."""

    span: Span
    says: str
    kinds: frozenset[CritiqueKind] = _EVERY


class _InLeaf(NamedTuple):
    """Spans are offsets into the leaf."""

    ignoring: tuple[Comment, ...]
    switches: tuple[Comment, ...]
    said: tuple[tuple[str, frozenset[CritiqueKind]], ...]
    #: What ends a leaf, from the character before a `<`, where a comment may go on in the next leaf; mostly nothing.
    opened: str = ""


class Comments:
    """Those of one text."""

    def __init__(self, text: Rope) -> None:
        self._manuscript = Manuscript("", 0, text)
        starts = accumulate((len(leaf.text) for leaf in text.leaves), initial=0)
        # Those of a leaf stay together: a book may have a comment at every page.
        self._leaves = [
            (start, _with_seam(found, leaf, following) if found.opened and following else found)
            for start, leaf, following in zip(starts, text.leaves, (*text.leaves[1:], None), strict=False)
            if (found := leaf.derived(_in_leaf)) is not None
        ]
        self._places: dict[int, Span | None] = {}

    @property
    def said(self) -> list[tuple[tuple[str, frozenset[CritiqueKind]], ...]]:
        """What they say, in order, wherever they stand."""
        return [found.said for _, found in self._leaves]

    def silence(self, kind: CritiqueKind, offset: int) -> bool:
        """Whether nothing is to be said of `kind` at `offset`."""
        if not self._leaves:
            return False
        return self._is_off(kind, offset) or any(kind in comment.kinds for comment in self.ignoring_at(offset))

    def ignoring_at(self, offset: int) -> Iterator[Comment]:
        """The comments that say what to ignore in the paragraph at `offset`."""
        index = bisect_right(self._leaves, offset, key=itemgetter(0))
        for comment in _placed(reversed(self._leaves[:index]), _ignoring_backwards, until=offset):
            place = self._place(comment)
            if place is not None and place.end <= offset:
                break
            if place is not None and place.start <= offset:
                yield comment
        # One at the end of its paragraph stands behind what it speaks of.
        for comment in _placed(self._leaves[max(index - 1, 0) :], _ignoring, after=offset):
            place = self._place(comment)
            if place is None or place.start > offset:
                break
            yield comment

    def _is_off(self, kind: CritiqueKind, offset: int) -> bool:
        index = bisect_right(self._leaves, offset, key=itemgetter(0))
        said = (
            switch
            for switch in _placed(reversed(self._leaves[:index]), _switches_backwards, until=offset)
            if kind in switch.kinds and self._counts(switch)
        )
        return next((switch.says == "off" for switch in said), False)

    def _counts(self, comment: Comment) -> bool:
        """Whether it is a comment, and no code that shows one."""
        line = self._manuscript.text.line_at(comment.span.start)
        return line_markup(self._manuscript, line, line + 1)[0] in (None, Markup.COMMENT, Markup.HEADING)

    def _place(self, comment: Comment) -> Span | None:
        """The paragraph that a comment stands in, or that follows it."""
        start = comment.span.start
        if start not in self._places:
            self._places[start] = self._following(comment) if self._counts(comment) else None
        return self._places[start]

    def _following(self, comment: Comment) -> Span | None:
        text, first = self._manuscript.text, self._manuscript.text.line_at(comment.span.start)
        for near in _NEAR:
            for line, kind in enumerate(line_markup(self._manuscript, first, first + near), first):
                if kind is None:
                    # Of a very long line it is the part around the comment.
                    return paragraph_at(self._manuscript, max(text.line_start(line), comment.span.start))
                if kind not in (Markup.BLANK, Markup.COMMENT):
                    return None
        return None


def comments_in(manuscript: Manuscript) -> Comments | None:
    """Plain text has none."""
    return manuscript.text.derived(Comments) if manuscript.markdown else None


def _placed(
    leaves: Iterable[tuple[int, _InLeaf]],
    which: Callable[[_InLeaf], Iterable[Comment]],
    *,
    after: int = -1,
    until: int = sys.maxsize,
) -> Iterator[Comment]:
    """The comments of `leaves`, each with where it begins, as comments of the manuscript: those that begin behind
    `after`, and not behind `until`."""
    for start, found in leaves:
        for comment in which(found):
            if after < start + comment.span.start <= until:
                yield msgspec.structs.replace(comment, span=comment.span.shift(start))


def _ignoring(found: _InLeaf) -> Iterable[Comment]:
    return found.ignoring


def _ignoring_backwards(found: _InLeaf) -> Iterable[Comment]:
    return reversed(found.ignoring)


def _switches_backwards(found: _InLeaf) -> Iterable[Comment]:
    return reversed(found.switches)


def _in_leaf(leaf: Leaf) -> _InLeaf | None:
    opened = _opened(leaf.text)
    # Most leaves have none, and one is made at every key: `in` costs a twentieth of a pattern.
    if _OURS not in leaf.text and not opened:
        return None
    return _made([_comment(match) for match in _COMMENT.finditer(leaf.text)], opened)


def _made(found: list[Comment], opened: str = "") -> _InLeaf:
    ignoring = tuple(comment for comment in found if comment.says == "ignore")
    switches = tuple(comment for comment in found if comment.says != "ignore")
    return _InLeaf(ignoring, switches, tuple((comment.says, comment.kinds) for comment in found), opened)


def _opened(text: str) -> str:
    """What ends `text`, from the character before its last `<`, if neither line nor comment ends behind that."""
    if text.endswith(LINE_ENDS):
        return ""
    start = text.rfind("<", -_LONGEST)
    return "" if start < 0 or _CLOSED.search(text, start) else text[max(start - 1, 0) :]


def _with_seam(found: _InLeaf, leaf: Leaf, following: Leaf) -> _InLeaf:
    """`found` in `leaf`, with the comment that ends in the one `following`."""
    begins = found.opened.rindex("<")
    match = _COMMENT.match(found.opened + following.text[:_LONGEST], begins)
    if match is None:
        return found
    comment = _comment(match)
    comment = msgspec.structs.replace(comment, span=comment.span.shift(len(leaf.text) - len(found.opened)))
    seam = _made([comment])
    return _InLeaf(found.ignoring + seam.ignoring, found.switches + seam.switches, found.said + seam.said)


def _comment(match: re.Match[str]) -> Comment:
    named = _NAME.findall(match["named"].lower())
    # A slip of the pen silences nothing: all would be more than was meant.
    kinds = frozenset(_KINDS[name] for name in named if name in _KINDS) if named else _EVERY
    return Comment(Span(*match.span()), match["says"], kinds)
