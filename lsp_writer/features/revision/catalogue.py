"""The rewrites on offer."""

from __future__ import annotations

from typing import Literal

import msgspec

from lsp_writer.errors import InvalidRequest

#: `rewrite` puts new sentences in place of the old ones; `insert` keeps every sentence and adds one after them.
Way = Literal["rewrite", "insert"]


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What a rewritten passage must be like to be offered."""

    #: Its length, in words for each word of the passage.
    shortest: float
    longest: float
    #: The least share of the passage's telling words that must come back.
    least_kept: float
    #: How alike the two may be, by words in order: above it, the answer is a copy.
    most_alike: float


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One rewrite: what the model is told, and what is done with its answer."""

    id: str
    title: str
    #: What is tried, in this order, until something passes the checks. A small model that cannot tell a passage anew
    #: can often still add to it.
    ways: tuple[Way, ...]
    #: Who the model is to be.
    persona: str
    #: What it is asked; the passage follows.
    instruction: str
    #: For the way `rewrite`.
    bounds: Bounds = Bounds(shortest=0.6, longest=2.0, least_kept=0.4, most_alike=0.85)


REVISIONS = (
    Revision(
        id="noir",
        title="Rewrite as noir",
        ways=("rewrite", "insert"),
        persona="You are a hard-boiled crime novelist. You answer with the rewritten passage only.",
        instruction=(
            "Rewrite this passage as noir, in short blunt sentences, with rain, shadows and cigarette smoke. "
            "Keep the same people, the same events and the same tense."
        ),
    ),
    Revision(
        id="expand",
        title="Expand scene",
        ways=("insert",),
        persona="You are a novelist. You answer with prose only.",
        instruction=(
            "Write a longer version of this scene. Keep every event in its order, and add what the people there see, "
            "hear, smell and feel."
        ),
    ),
    Revision(
        id="condense",
        title="Condense",
        ways=("rewrite",),
        persona="You are an editor of fiction. You answer with the edited passage only.",
        instruction="Shorten this passage. Keep what happens, and leave out every word that can be spared.",
        bounds=Bounds(shortest=0.25, longest=0.9, least_kept=0.35, most_alike=0.95),
    ),
    Revision(
        id="show",
        title="Show, don't tell",
        ways=("rewrite", "insert"),
        persona="You are a novelist. You answer with the rewritten passage only.",
        instruction=(
            "Rewrite this passage so that it shows feelings by what people do, say and notice, and does not name them. "
            "Keep the same people, the same events and the same tense."
        ),
        bounds=Bounds(shortest=0.6, longest=2.5, least_kept=0.35, most_alike=0.9),
    ),
)


def revision_of(identifier: str) -> Revision:
    """The rewrite called `identifier`. Raises InvalidRequest, naming those there are."""
    for revision in REVISIONS:
        if revision.id == identifier:
            return revision
    known = ", ".join(revision.id for revision in REVISIONS)
    raise InvalidRequest(f"There is no rewrite called “{identifier}”. Choose one of: {known}.")
