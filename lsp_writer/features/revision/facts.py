"""What a rewrite may not lose and may not bring in: names, numbers, what is said, and Markdown's marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lsp_writer.features.revision.entry import Keeps
from lsp_writer.features.revision.reading import Reading
from lsp_writer.prose.dialogue import speeches_in
from lsp_writer.prose.marks import Mark, marks_in
from lsp_writer.prose.names import names_in
from lsp_writer.prose.numbers import numbers_in
from lsp_writer.prose.words import words_of

_KEEPS_ALL = Keeps()
# “The two of them”, “one or two”: no facts, as a rule.
_SMALL = frozenset(str(number) for number in range(13))
_DASH = re.compile(r"\s*[—–―]\s*\w")
_POSSESSIVE = re.compile(r"'s?\Z")


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
        known = _bare_words(reading.known)
        for name in sorted(names_in(new, reading.language)):
            if not _parts(name) & known:
                return f"it brought in {name}"
    if keeps.numbers:
        for number in sorted(numbers_in(new, reading.language) - numbers_in(reading.known, reading.language)):
            if number not in _SMALL:
                return f"it brought in the number {number}"
    return ""


def opens_with_dash(text: str) -> bool:
    """Whether `text` is dialogue after a dash, where no mark parts what is said from who says it."""
    return bool(_DASH.match(text))


def _names(text: str, reading: Reading) -> frozenset[str]:
    """The names in `text`; one that opens a sentence is known from the text around it."""
    here = _bare_words(text)
    return frozenset(name for name in names_in(reading.known, reading.language) if _parts(name) & here)


def _parts(name: str) -> set[str]:
    folded = _folded(name)
    return {*words_of(_POSSESSIVE.sub("", folded)), folded}


def _bare_words(text: str) -> set[str]:
    """The words of `text` in small letters, without a possessive's ending."""
    return {_POSSESSIVE.sub("", word) for word in words_of(_folded(text))}


def _folded(text: str) -> str:
    """`text` in small letters and with straight apostrophes: O’Brien is O'Brien."""
    return text.casefold().replace("’", "'")


def _missing(names: Iterable[str], text: str) -> str:
    there = _bare_words(text)
    return next((name for name in sorted(names) if not _parts(name) & there), "")


def _lost_marks(old: str, new: str) -> list[Mark]:
    there = {(mark.kind, mark.target or mark.text.casefold()) for mark in marks_in(new)}
    return [mark for mark in marks_in(old) if (mark.kind, mark.target or mark.text.casefold()) not in there]


def _called(mark: Mark) -> str:
    return f"the {mark.kind} “{mark.text[:40]}”" if mark.text else f"a {mark.kind}"


def _bare(speech: str) -> str:
    return " ".join(words_of(_folded(speech)))
