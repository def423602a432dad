"""What a writer asks for when they choose a rewrite, and what they get."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.entry import LONGEST_INSTRUCTION, Entry, is_unreadable

#: The most alternatives of one rewrite.
MOST_ALTERNATIVES = 5
#: So many seeds, from its own on, may go into one rewrite: each candidate of each attempt has another.
SEEDS_OF_A_COMMISSION = 16


class Commission(msgspec.Struct, frozen=True, kw_only=True):
    """One rewrite, as it was ordered. Equal commissions of one passage give equal texts."""

    entry: Entry
    #: What the writer answered to what the entry asks.
    answer: str = ""
    seed: int = 0
    alternatives: int = 1
    #: Phrases that are not to be written, and those that are to be written less.
    banned: tuple[str, ...] = ()
    discouraged: tuple[str, ...] = ()


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """A text that may stand in the place of a passage, or at the place where one is to be inserted."""

    text: str
    #: The commission's. An equal commission with it gives all the alternatives again, this one in its place.
    seed: int


class Revised(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a commission: at least one alternative, the best first."""

    alternatives: tuple[Alternative, ...]
    #: Why parts of the passage stayed as they were, in the writer's words. Empty if none did.
    note: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a rewrite is."""

    #: All that is written so far, what is still growing included.
    text: str
    #: The part of it that will not change any more, and how many code points of the passage it stands for.
    finished: str = ""
    read: int = 0


def brief(answer: str) -> str:
    """What the writer typed, on one line and without what cannot be read. Raises InvalidRequest if it is too much for a
    model."""
    if len(answer) > LONGEST_INSTRUCTION:
        raise InvalidRequest(f"An instruction may have {LONGEST_INSTRUCTION} characters. Say it in fewer words.")
    return " ".join("".join(" " if is_unreadable(character) else character for character in answer).split())


OnProgress = Callable[[Progress], None]
