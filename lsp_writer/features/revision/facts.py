"""What a rewrite may not lose and may not bring in: names, numbers, what is said, and Markdown's marks."""

from __future__ import annotations

from collections.abc import Iterable

from lsp_writer.features.revision.entry import Keeps
from lsp_writer.features.revision.reading import Reading
from lsp_writer.prose.dialogue import opens_with_dash, speeches_in
from lsp_writer.prose.marks import Mark, marks_in
from lsp_writer.prose.names import names_in
from lsp_writer.prose.numbers import numbers_in
from lsp_writer.prose.words import bare_words, folded, words_of

_KEEPS_ALL = Keeps()
# “The two of them”, “one or two”: no facts, as a rule.
_SMALL = frozenset(str(number) for number in range(13))


def lost_fact(old: str, new: str, reading: Reading, keeps: Keeps = _KEEPS_ALL) -> str:
    """What of `old` is not in `new`, in the writer's words, or an empty string."""
    if keeps.names and (gone := _missing(_names(old, reading), new)):
        return f"it lost {gone}"
    if keeps.numbers and (numbers := numbers_in(old, reading.language) - numbers_in(new, reading.language)):
        return f"it lost the number {min(numbers)}"
    if keeps.quotations and not opens_with_dash(old):
        said = [_bare(speech) for speech in speeches_in(new)]
        for speech in speeches_in(old):
            if _bare(speech) and _bare(speech) not in said:
                return f"it changed what is said: {speech[:40]}"
    if keeps.marks and reading.markdown:
        return next((f"it lost {_called(mark)}" for mark in _lost_marks(old, new)), "")
    return ""


def invented_fact(new: str, reading: Reading, keeps: Keeps = _KEEPS_ALL) -> str:
    """What is in `new` and nowhere around it, in the writer's words, or an empty string."""
    if keeps.names:
        for name in sorted(names_in(new, reading.language)):
            if _parts(name).isdisjoint(reading.words):
                return f"it brought in {name}"
    if keeps.numbers:
        for number in sorted(numbers_in(new, reading.language) - reading.numbers):
            if number not in _SMALL:
                return f"it brought in the number {number}"
    return ""


def _names(text: str, reading: Reading) -> frozenset[str]:
    """The names in `text`; one that opens a sentence is known from the text around it."""
    here = bare_words(text)
    return frozenset(name for name in reading.names if _parts(name) & here)


def _parts(name: str) -> set[str]:
    return {*bare_words(name), folded(name)}


def _missing(names: Iterable[str], text: str) -> str:
    there = bare_words(text)
    return next((name for name in sorted(names) if not _parts(name) & there), "")


def _lost_marks(old: str, new: str) -> list[Mark]:
    there = {(mark.kind, mark.target or mark.text.casefold()) for mark in marks_in(new)}
    return [mark for mark in marks_in(old) if (mark.kind, mark.target or mark.text.casefold()) not in there]


def _called(mark: Mark) -> str:
    return f"the {mark.kind} “{mark.text[:40]}”" if mark.text else f"a {mark.kind}"


def _bare(speech: str) -> str:
    return " ".join(words_of(folded(speech)))
