"""What became of the suggestions that were shown, told from what the document becomes and from nothing else.

Editors do not say whether ghost text was accepted; and a writer who types what it says has kept it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import not_

import msgspec

from lsp_writer.features.calibration import Evidence, Outcome
from lsp_writer.features.gate import new_words
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Edit

# Suggestions in one document whose end is not known yet. The writer has long left the place of the oldest.
_MOST_PENDING = 8
# Who has typed so much else does not come back to the suggestion, even if it is all one word.
_LONGEST_DETOUR = 32


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """A suggestion that was shown: `text` at `start`, half-typed word included. The writer has written from there to
    `end`."""

    start: int
    end: int
    text: str
    #: Characters of `text` that stood there before it was shown.
    typed: int
    #: What was known of each word that it would add.
    words: tuple[Evidence, ...]
    #: The most characters of `text` that have stood there since.
    reached: int
    #: Whether the writer has written or deleted anything there since.
    touched: bool = False

    def grown_by(self, start: int, text: str, words: tuple[Evidence, ...]) -> Pending | None:
        """This suggestion after `text` was shown at `start`, if that is what is left of it, or it with more behind it;
        None if it is another."""
        along = start - self.start
        rest = self.text[along:] if along >= 0 else ""
        if not rest or not (rest.startswith(text) or text.startswith(rest)):
            return None
        longer = self.text[:along] + max(rest, text, key=len)
        more = len(new_words(longer, self.typed)) - len(self.words)
        return msgspec.structs.replace(self, text=longer, words=self.words + words[max(len(words) - more, 0) :])

    def after(self, edit: Edit) -> Pending | None:
        """This suggestion once `edit` has happened; None if that took the place where it stood."""
        removed, longer = edit.span, edit.inserted - len(edit.span)
        if removed.end < self.start or removed.start < removed.end == self.start:
            return msgspec.structs.replace(self, start=self.start + longer, end=self.end + longer)
        if removed.start > self.end:
            return self
        if removed.start < self.start:
            return None
        end = max(self.end + longer, removed.start + edit.inserted)
        return msgspec.structs.replace(self, end=end, touched=True)

    def seen_in(self, document: Rope) -> Pending:
        """This suggestion with note of how much of it stands in `document`."""
        standing, _ = self._standing(document)
        return msgspec.structs.replace(self, reached=max(self.reached, standing))

    def settled(self, document: Rope) -> bool:
        """Whether the writer has typed on behind it, or finished a word that is another."""
        standing, beyond = self._standing(document)
        if standing == len(self.text):
            return bool(beyond)
        return len(beyond) > _LONGEST_DETOUR or any(not (letter.isalnum() or letter in "'’") for letter in beyond)

    def outcome(self, document: Rope) -> Outcome | None:
        """What has become of it in `document`; None if the writer did nothing where it stood, which tells nothing."""
        if not self.touched:
            return None
        standing, beyond = self._standing(document)
        # A word that goes on in other letters is another word.
        written = {word.end for word in new_words(self.text[:standing] + beyond, self.typed)}
        ends = [word.end for word in new_words(self.text, self.typed)][: len(self.words)]
        kept = sum(end <= standing and end in written for end in ends)
        refused = kept < len(ends) and (bool(beyond) or standing < self.reached)
        return Outcome(self.words, kept, refused)

    def _standing(self, document: Rope) -> tuple[int, str]:
        """How many characters of `text` stand at its start, and what the writer has put behind them."""
        # Line breaks may be two characters in the document. Whatever was pasted, no more of it is needed.
        written = document.slice(self.start, min(self.end, self.start + 2 * len(self.text) + _LONGEST_DETOUR + 1))
        position = 0
        for place, letter in enumerate(self.text):
            if letter == "\n" and written.startswith("\r\n", position):
                position += 1
            if written[position : position + 1] != letter:
                return place, written[position:]
            position += 1
        return len(self.text), written[position:]


class Acceptance:
    """Follows the suggestions that are shown in every open document. The only text it holds is theirs."""

    def __init__(self) -> None:
        self._pending: dict[str, list[Pending]] = {}

    def shown(self, uri: str, start: int, text: str, typed: int, words: tuple[Evidence, ...]) -> None:
        """The writer sees `text` at `start`, of which the first `typed` characters stand there. `words` are what is
        known of each word of the rest; words that were typed meanwhile may stand before them.

        One that is shown again, shorter for each letter that is typed along with it, or longer, counts once.
        """
        words = words[max(len(words) - len(new_words(text, typed)), 0) :]
        pending = self._pending.setdefault(uri, [])
        for place, suggestion in enumerate(pending):
            if grown := suggestion.grown_by(start, text, words):
                pending[place] = grown
                return
        pending.append(Pending(start=start, end=start + typed, text=text, typed=typed, words=words, reached=typed))

    def changed(self, uri: str, edits: Sequence[Edit], document: Rope) -> list[Outcome]:
        """What is known now of the suggestions in `document`, which `edits` have made."""
        followed = [pending.seen_in(document) for pending in _followed(self._pending.get(uri, ()), edits)]
        old = len(followed) - _MOST_PENDING
        settled = [place < old or pending.settled(document) for place, pending in enumerate(followed)]
        self._pending[uri] = list(compress(followed, map(not_, settled)))
        return _outcomes(compress(followed, settled), document)

    def closed(self, uri: str, document: Rope) -> list[Outcome]:
        """What is known of the suggestions in `document`, which is not followed any longer."""
        return _outcomes(self._pending.pop(uri, ()), document)


def _followed(pending: Iterable[Pending], edits: Sequence[Edit]) -> Iterator[Pending]:
    for suggestion in pending:
        followed: Pending | None = suggestion
        for edit in edits:
            followed = followed and followed.after(edit)
        if followed:
            yield followed


def _outcomes(pending: Iterable[Pending], document: Rope) -> list[Outcome]:
    return [outcome for suggestion in pending if (outcome := suggestion.outcome(document))]
