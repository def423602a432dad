"""What is asked of the model at a caret: the passage, the half-typed word, and where to stop."""

from __future__ import annotations

import math

import msgspec

from lsp_writer.generation import Generate, Segment, Stops
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.markdown import markup_at
from lsp_writer.prose.passage import Anchor, Passage, Window, passage_after, passage_before
from lsp_writer.prose.sentences import SENTENCE_END
from lsp_writer.prose.words import half_typed, is_inside_word

# On an almost empty page a model cannot know that a story is meant, and writes web addresses and encyclopaedias.
_OPENING = Segment("An excerpt from a short story:\n\n")
_OPENING_CHARACTERS = 300
# Ghost text that comes later than this has been typed past.
_SECONDS = 3.0
# Who has asked for it waits longer.
_SECONDS_ASKED = 15.0
# The longest half-typed word that is looked for, with the white space before it.
_HALF_WORD = 64


class NothingToSuggest(msgspec.Struct, frozen=True):
    """`reason` is for the writer, and empty where a newer request has taken over."""

    reason: str


class Draft(msgspec.Struct, frozen=True):
    """What stands around one caret."""

    passage: Passage
    after: str
    #: The unfinished word, without the white space before it, as it stands in the document.
    half_word: str

    @property
    def before(self) -> str:
        return self.passage.text


def draft_at(manuscript: Manuscript, offset: int, anchor: Anchor | None, window: Window) -> Draft | NothingToSuggest:
    """What stands around the caret at `offset`, or why nothing can be suggested there."""
    if markup := markup_at(manuscript, offset):
        return NothingToSuggest(f"the caret is in {markup}")
    after = passage_after(manuscript, offset)
    if is_inside_word(manuscript.text.slice(offset - 1, offset), after):
        return NothingToSuggest("the caret is inside a word")
    return Draft(passage_before(manuscript, offset, anchor, window), after, half_word_at(manuscript, offset))


def half_word_at(manuscript: Manuscript, offset: int) -> str:
    """The unfinished word before `offset` as it stands in the document: a link's target may stand inside what reads as
    one word, and only what really stands before the caret is replaced."""
    return half_typed(manuscript.text.slice(offset - _HALF_WORD, offset)).lstrip()


def request(
    before: str,
    after: str,
    *,
    words: int,
    max_new_tokens: int,
    candidates: int = 1,
    first_word: float = -math.inf,
    invoked: bool = False,
) -> Generate:
    """Go on from the end of the passage `before` to the end of its sentence, unless the first word's log-probability is
    below `first_word`. It may take longer if the writer has asked for it (`invoked`)."""
    typed = typed_at_end(before)
    return Generate(
        prompt=prompt(before, typed),
        typed=typed,
        words=words,
        candidates=candidates,
        stops=Stops(
            max_new_tokens=max_new_tokens,
            end_pattern=SENTENCE_END,
            at_paragraph_end=True,
            before=after.lstrip(),
            seconds=_SECONDS_ASKED if invoked else _SECONDS,
            first_word=first_word,
        ),
    )


def prompt(before: str, typed: str) -> tuple[Segment, ...]:
    passage = Segment(before.removesuffix(typed))
    return (_OPENING, passage) if len(before) < _OPENING_CHARACTERS else (passage,)


def typed_at_end(before: str) -> str:
    """What the model is to begin with: the half-typed word and one space before it, if there is one. A line break or a
    second space is part of the prompt, as it would be before a whole word."""
    half = half_typed(before)
    word = half.lstrip()
    return " " + word if half.removesuffix(word).endswith(" ") else word
