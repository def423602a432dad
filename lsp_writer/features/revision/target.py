"""What a selection means to an entry: the passage that is read, and the place that is written to."""

from __future__ import annotations

import msgspec

from lsp_writer.features.revision.entry import Entry
from lsp_writer.prose.blocks import Markup, line_markup
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import has_table, markup_at, masked, without
from lsp_writer.prose.paragraphs import paragraph_at
from lsp_writer.prose.sentences import sentence_at, sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import word_spans

# A scene is looked for so many lines to each side of the caret, and prose so many before the end of a passage.
_MOST_LINES = 2000
# No word is looked for further than this from the caret.
_LONGEST_WORD = 64
_ENDS = frozenset({Markup.HEADING, Markup.SCENE_BREAK, Markup.FRONT_MATTER})


class Target(msgspec.Struct, frozen=True):
    """`passage` is read. `place` is what the new text replaces: the passage itself, or nothing, right after it, where a
    passage ends in prose."""

    passage: Span
    place: Span


def target_of(manuscript: Manuscript, selection: Span, entry: Entry) -> Target | None:
    """What `entry` does with `selection`, which may be a mere caret; None where there is nothing for it to do."""
    if entry.takes == "caret":
        at = _end_of_prose(manuscript, selection) if selection else selection.end
        if at is None:
            return None
        at = _word_end(manuscript, at)
        return Target(Span(at, at), Span(at, at)) if _may_go_on(manuscript, at) else None
    passage = passage_at(manuscript, selection, entry)
    if passage is None:
        return None
    if entry.does == "replace":
        return Target(passage, passage)
    end = _end_of_prose(manuscript, passage)
    return None if end is None else Target(Span(passage.start, end), Span(end, end))


def passage_at(manuscript: Manuscript, selection: Span, entry: Entry) -> Span | None:
    """The sentences that `selection` touches, whole, or what `entry` takes around a mere caret, if there is prose."""
    text = manuscript.text.slice(selection.start, selection.end)
    if text.strip():
        return _whole_sentences(manuscript, selection, text)
    if entry.takes == "selection":
        return None
    if entry.takes == "scene":
        return _scene_at(manuscript, selection.start)
    paragraph = paragraph_at(manuscript, selection.start)
    if paragraph is None or entry.takes == "paragraph":
        return paragraph
    sentences = sentence_spans(manuscript.text.slice(paragraph.start, paragraph.end))
    sentence = sentence_at(sentences, selection.start - paragraph.start)
    return sentence.shift(paragraph.start) if sentence else None


def _may_go_on(manuscript: Manuscript, offset: int) -> bool:
    """Whether there is prose at `offset`, or nothing, to go on from."""
    paragraph = paragraph_at(manuscript, offset) if manuscript.markdown else None
    if paragraph is not None and has_table(manuscript.text.slice(paragraph.start, paragraph.end)):
        return False
    return markup_at(manuscript, offset) is None


def _end_of_prose(manuscript: Manuscript, passage: Span) -> int | None:
    """Where the last paragraph of prose in `passage` ends, or what of it is there; None if there is none. Looked for
    from behind: a selected book has no need to be read for it."""
    text = manuscript.text
    line = text.line_at(passage.end)
    first = max(text.line_at(passage.start), line - _MOST_LINES)
    markup = line_markup(manuscript, first, line + 1)
    while line >= first:
        paragraph = None if markup[line - first] else paragraph_at(manuscript, min(text.line_end(line), passage.end))
        if paragraph is not None and _is_prose(manuscript, paragraph):
            return min(paragraph.end, passage.end)
        line = (line if paragraph is None else text.line_at(paragraph.start)) - 1
    return None


def _is_prose(manuscript: Manuscript, paragraph: Span) -> bool:
    """Whether anything may be written behind a paragraph: it is no table, and has more than comments and HTML."""
    if not manuscript.markdown:
        return True
    text = manuscript.text.slice(paragraph.start, paragraph.end)
    return not has_table(text) and bool(without(text, masked(text)).strip())


def _word_end(manuscript: Manuscript, offset: int) -> int:
    """`offset`, or the end of the word that it is inside."""
    first = max(offset - _LONGEST_WORD, 0)
    words = word_spans(manuscript.text.slice(first, offset + _LONGEST_WORD))
    return next((first + word.end for word in words if word.start < offset - first < word.end), offset)


def _whole_sentences(manuscript: Manuscript, selection: Span, text: str) -> Span:
    start = selection.start + len(text) - len(text.lstrip())
    end = selection.start + len(text.rstrip())
    selected = Span(start, end)
    # Only what reaches over an edge makes it longer; a selected book has no need to be read for that.
    for edge in (start, end - 1):
        paragraph = paragraph_at(manuscript, edge)
        if paragraph is None:
            continue
        for sentence in sentence_spans(manuscript.text.slice(paragraph.start, paragraph.end)):
            there = sentence.shift(paragraph.start)
            if there.overlaps(selected):
                start, end = min(start, there.start), max(end, there.end)
    return Span(start, end)


def _scene_at(manuscript: Manuscript, offset: int) -> Span | None:
    """From the heading or scene break before `offset` to the one after it, without the white space at its ends."""
    text = manuscript.text
    line = text.line_at(offset)
    first = max(line - _MOST_LINES, 0)
    markup = line_markup(manuscript, first, line + _MOST_LINES)
    here = line - first
    if markup[here] in _ENDS:
        return None
    start = next((number + 1 for number in range(here, -1, -1) if markup[number] in _ENDS), 0)
    end = next((number for number in range(here, len(markup)) if markup[number] in _ENDS), len(markup))
    prose = [number for number in range(start, end) if markup[number] is None]
    if not prose:
        return None
    return Span(text.line_start(first + prose[0]), text.line_end(first + prose[-1]))
