"""A paragraph as critiques read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import word_spans

T = TypeVar("T")

# Stands for every character of dialogue: no word, so no pattern reaches across a speech.
SPOKEN = '"'


class Reading(msgspec.Struct, frozen=True, eq=False):
    """One paragraph. Spans are code points from its start."""

    text: str
    #: `text` with every character of dialogue replaced by `SPOKEN`.
    narration: str
    sentences: tuple[Span, ...]
    dialogue: tuple[Span, ...]
    words: tuple[Span, ...]
    _derived: dict[Callable[..., Any], Any] = msgspec.field(default_factory=dict)

    def derived(self, of: Callable[[Reading], T]) -> T:
        """`of(self)`, computed once: after an edit a story is compared anew, and most paragraphs are as before."""
        if of not in self._derived:
            self._derived[of] = of(self)
        result: T = self._derived[of]
        return result

    def words_of(self, sentence: Span) -> list[Span]:
        return [word for word in self.words if word.overlaps(sentence)]

    def narrated(self, words: Sequence[Span]) -> Iterator[Span]:
        """Those of `words` that are not spoken."""
        return (word for word in words if self.narration[word.start] != SPOKEN)

    def __getitem__(self, span: Span) -> str:
        return self.text[span.start : span.end]


def read(paragraph: str) -> Reading:
    dialogue = dialogue_spans(paragraph)
    narration, end = "", 0
    for span in dialogue:
        narration += paragraph[end : span.start] + SPOKEN * len(span)
        end = span.end
    return Reading(
        text=paragraph,
        narration=narration + paragraph[end:],
        sentences=tuple(sentence_spans(paragraph)),
        dialogue=tuple(dialogue),
        words=tuple(word_spans(paragraph)),
    )
