"""A note by the model on a paragraph: what works least in it and what to try, in one or two sentences.

Only a model that was measured to see what is wrong with a text writes notes, and only in the languages in which it was.
What it says is checked, and dropped without a word if it will not do.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from functools import cache
from importlib import resources

import msgspec

from lsp_writer.features.revision.checks import copied_share, echoes, repeats
from lsp_writer.generation import Finished, Generate, JobKey, Kind, Piece, Segment, StopReason, Stops, TextModel
from lsp_writer.prose.dialogue import speeches_in
from lsp_writer.prose.language import language_of
from lsp_writer.prose.names import names_in
from lsp_writer.prose.numbers import numbers_in
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.words import bare_words, count_words, folded

# One note at a time, whatever the document: the newest paragraph is the one that the writer looks at.
_KEY = JobKey("a note", Kind.CRITIQUE)
# Notes on the paragraphs of a long chapter.
_REMEMBERED = 200
# Of a shorter paragraph there is nothing to say; a longer one does not fit beside the question.
_FEWEST_WORDS, _MOST_CHARACTERS, _MOST_CHINESE = 25, 1000, 300
# Forty words, in any of the languages, and what it may take until somebody else wants the model.
_STOPS = Stops(max_new_tokens=90, at_paragraph_end=True, seconds=60.0)
_SHORTEST, _LONGEST, _LONGEST_CHINESE = 4, 40, 70
_MOST_SENTENCES = 2
# What is quoted stands in the paragraph, but for a word that might stand there.
_OWN_QUOTED_WORDS = 1
# Of the runs of five words in a note, those that are the paragraph's: more is a rewrite.
_MOST_COPIED = 0.4
_ENDED = re.compile(r"[.!?。！？][\"'”’»“)]*\Z")
# “One of the two”: no facts.
_SMALL = frozenset(str(number) for number in range(13))
_ANSWERED = (StopReason.END_OF_TEXT, StopReason.PARAGRAPH_END, StopReason.MAX_TOKENS, StopReason.LOOP, StopReason.DONE)


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: str
    question: str
    opening: str
    chat: tuple[str, ...]


@cache
def wordings() -> dict[str, Wording]:
    """By language."""
    file = resources.files("lsp_writer.features.critiques") / "note.toml"
    return msgspec.toml.decode(file.read_bytes(), type=dict[str, Wording])


class Notes:
    """Notes on paragraphs, by their text: one in the making, and those that were made. Event loop only."""

    def __init__(self, model: TextModel) -> None:
        self._model = model
        self._made: dict[str, str] = {}
        self._paragraph = ""
        self._making: asyncio.Task[None] | None = None

    @property
    def making(self) -> bool:
        return self._making is not None and not self._making.done()

    def turn_to(self, paragraph: str) -> None:
        """The writer looks at `paragraph`: a note on another one is not wanted any more."""
        if self._paragraph != paragraph:
            self.stop()
            self._paragraph = paragraph

    async def on(self, paragraph: str, seconds: float) -> str:
        """The note on `paragraph`, or "" if there is none to give. If it is not ready in so many `seconds`, it is made
        all the same, and there the next time."""
        self.turn_to(paragraph)
        if paragraph not in self._made and self._may_note(paragraph):
            if not self.making:
                self._making = asyncio.create_task(self._make(paragraph))
            assert self._making is not None
            await asyncio.wait({self._making}, timeout=seconds)
        return self._made.get(paragraph, "")

    def stop(self) -> None:
        """Make no more of the note in the making."""
        if self._making is not None:
            self._making.cancel()
        self._making = None

    def _may_note(self, paragraph: str) -> bool:
        status = self._model.status
        languages = status.capabilities.note_languages if status.answers and status.capabilities else ()
        if not languages or count_words(paragraph) < _FEWEST_WORDS:
            return False
        language = language_of(paragraph)
        most = _MOST_CHINESE if language == "zh" else _MOST_CHARACTERS
        return language in languages and language in wordings() and len(paragraph) <= most

    async def _make(self, paragraph: str) -> None:
        language = language_of(paragraph)
        answer = wordings()[language].opening
        request = Generate(prompt=prompt_for(paragraph, language), stops=_STOPS)
        async with aclosing(self._model.stream(_KEY, request)) as events:
            async for event in events:
                if isinstance(event, Piece):
                    answer += event.text
                if isinstance(event, Finished) and event.reason not in _ANSWERED:
                    return
        # Off the event loop: the dictionary of names is read the first time.
        self._made[paragraph] = await asyncio.to_thread(checked, answer, paragraph, language)
        if len(self._made) > _REMEMBERED:
            del self._made[next(iter(self._made))]


def prompt_for(paragraph: str, language: str) -> tuple[Segment, ...]:
    words = wordings()[language]
    # Where Markdown was, there are spaces.
    asked = f"{' '.join(paragraph.split())}\n\n{words.question}"
    return (Segment(words.role, "system"), Segment(asked, "user"), Segment(words.opening, "assistant"))


def checked(answer: str, paragraph: str, language: str) -> str:
    """The note in what the model has `answer`ed, or "" if it may not be shown."""
    note = _first_sentences(answer)
    longest = _LONGEST_CHINESE if language == "zh" else _LONGEST
    if (
        not _SHORTEST <= count_words(note) <= longest
        or language_of(note) != language
        or _chats(note, paragraph, language)
        or repeats(note)
        or _rewrites(note, paragraph)
        or _brings_in(note, paragraph, language)
    ):
        return ""
    return note


def _first_sentences(answer: str) -> str:
    """The first finished sentences of `answer`, none if the first is not finished."""
    text = " ".join(answer.strip().partition("\n")[0].split())
    sentences = sentence_spans(text)[:_MOST_SENTENCES]
    while sentences and not _ENDED.search(text[: sentences[-1].end]):
        sentences.pop()
    return text[: sentences[-1].end] if sentences else ""


def _chats(note: str, paragraph: str, language: str) -> bool:
    """Whether `note` praises or talks, in words that are not the paragraph's own."""
    begins = "" if language == "zh" else r"(?<!\w)"
    said = (talk for talk in wordings()[language].chat if re.search(begins + re.escape(talk), note, re.IGNORECASE))
    return any(talk not in paragraph.casefold() for talk in said)


def _rewrites(note: str, paragraph: str) -> bool:
    """Whether `note` tells the paragraph again, as a whole or after a colon."""
    told = re.split("[:：]", note)[1:]
    return copied_share(note, paragraph) > _MOST_COPIED or any(echoes(part, paragraph) for part in told)


def _brings_in(note: str, paragraph: str, language: str) -> bool:
    """Whether `note` speaks of somebody, counts or quotes what is not in the paragraph."""
    there = bare_words(paragraph)
    names = names_in(note, language)
    if any(bare_words(name).isdisjoint(there) and folded(name) not in there for name in names):
        return True
    if numbers_in(note, language) - numbers_in(paragraph, language) - _SMALL:
        return True
    own = folded(paragraph)
    return any(
        count_words(speech) > _OWN_QUOTED_WORDS and folded(speech.strip(".,!?…。，！？ ")) not in own
        for speech in speeches_in(note)
    )
