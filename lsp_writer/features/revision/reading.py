"""What surrounds the passage, so that a rewrite joins on."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

import msgspec

from lsp_writer.features.revision.joining import line_end_of
from lsp_writer.features.revision.target import Target
from lsp_writer.prose.language import language_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import has_table, masked, without
from lsp_writer.prose.names import names_in
from lsp_writer.prose.numbers import numbers_in
from lsp_writer.prose.paragraphs import paragraphs_in
from lsp_writer.prose.passage import Window, passage_after, passage_before
from lsp_writer.prose.span import Span
from lsp_writer.prose.spelling import Variety, variety_of
from lsp_writer.prose.style_sheet import StyleSheet, style_sheet
from lsp_writer.prose.viewpoint import Person, says_i, viewpoint_of
from lsp_writer.prose.words import bare_words, folded, words_of

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t].*$", re.MULTILINE)
# How much is read before the passage: half a page, of which a step of the window leaves the latter half.
_BEFORE = Window(most=1200, least=600)


class Reading(msgspec.Struct, frozen=True, dict=True):
    """A passage and what stands around it, without what is not prose. What is told of all of it is found once: there
    are candidates for every sentence of a book."""

    passage: str
    before: str
    after: str
    #: "en", "de", "fr", "es", "zh", or "" where it is none of these.
    language: str = "en"
    sheet: StyleSheet = StyleSheet()
    markdown: bool = True
    #: What ends a line of the document.
    line_end: str = "\n"
    #: What the writer answered to what the entry asks.
    answer: str = ""

    @cached_property
    def known(self) -> str:
        """All of it, and the writer's word on it: a name from here is no invention."""
        return f"{self.before}\n{self.passage}\n{self.after}\n{self.answer}"

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all that is known, in small letters and bare of a possessive's ending."""
        return bare_words(self.known)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word of all that is known stands there, in small letters."""
        return Counter(words_of(folded(self.known)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in all that is known. A heading has a capital on every word."""
        return names_in(_HEADING.sub("", self.known) if self.markdown else self.known, self.language)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return numbers_in(self.known, self.language)

    @cached_property
    def variety(self) -> Variety | None:
        """The spelling of English that all of it keeps."""
        return variety_of(self.known)

    @cached_property
    def viewpoint(self) -> Person | None:
        return viewpoint_of(self.known, self.language)

    @cached_property
    def says_i(self) -> bool:
        """Whether anybody in the narration of all of it is “I”."""
        return says_i(self.known, self.language)


def reading_of(manuscript: Manuscript, target: Target, answer: str = "") -> Reading:
    replaced = target.place == target.passage
    passage = (
        manuscript.text.slice(target.passage.start, target.passage.end)
        if replaced
        else _prose_in(manuscript, target.passage)
    )
    before = passage_before(manuscript, target.passage.start, None, _BEFORE).text
    return Reading(
        passage=passage,
        before=before,
        after=passage_after(manuscript, _next_prose(manuscript, target.passage.end)),
        language=language_of(passage) or language_of(f"{before}\n{passage}"),
        sheet=style_sheet(manuscript),
        markdown=manuscript.markdown,
        line_end=line_end_of(manuscript),
        answer=answer,
    )


def _prose_in(manuscript: Manuscript, span: Span) -> str:
    """The paragraphs of `span` without code, tables, comments and the targets of links."""
    shown: list[str] = []
    for paragraph in paragraphs_in(manuscript, span):
        text = manuscript.text.slice(max(paragraph.start, span.start), min(paragraph.end, span.end))
        if manuscript.markdown:
            text = "" if has_table(text) else without(text, masked(text))
        shown.append(text)
    return "\n\n".join(text for text in shown if text.strip())


def _next_prose(manuscript: Manuscript, offset: int) -> int:
    """`offset`, or where the next line with text begins if nothing follows on this one."""
    text = manuscript.text
    line = text.line_at(offset)
    if text.slice(offset, text.line_end(line)).strip():
        return offset
    following = range(line + 1, min(line + 4, text.line_count))
    return next((text.line_start(number) for number in following if text.line(number, 80).strip()), offset)
