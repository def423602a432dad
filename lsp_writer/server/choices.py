"""What a writer is asked before a rewrite is ordered, or decided about, by a client that says `chooses`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lsp_writer.server.choose import Item, Question, choose

if TYPE_CHECKING:
    from lsp_writer.features.revision.entry import Entry
    from lsp_writer.features.revision.hunks import Hunk
    from lsp_writer.features.revision.proposal import Proposal
    from lsp_writer.server.session import Session

#: The headings of the catalogue.
GROUPS = {
    "own": "Your own",
    "style": "Style",
    "craft": "Craft",
    "grammar": "Grammar of narrative",
    "invention": "Invention",
}
_TOO_LARGE = "Needs a larger model"


async def entry_chosen(session: Session) -> str | None:
    """The id of an entry of the catalogue; those that need a larger model than the one installed stand last."""
    items = [_offered(session, entry) for entry in session.library().entries.values()]
    items.sort(key=lambda item: item.group == _TOO_LARGE)
    return _first(await choose(session, Question(title="Rewrite", placeholder="How?", items=tuple(items))))


async def answer_given(session: Session, entry: Entry) -> str | None:
    """What the writer answers to what `entry` asks."""
    return _first(await choose(session, Question(title=entry.title, placeholder=entry.asks, typed=True)))


async def instruction_given(session: Session) -> str | None:
    """An instruction of the writer's own, a new one or one of those before."""
    before = tuple(Item(label=each, value=each) for each in session.instructions.newest())
    question = Question(
        title="Ask for a rewrite", placeholder="In the voice of a tired nurse", items=before, typed=True
    )
    return _first(await choose(session, question))


async def hunks_chosen(session: Session, proposal: Proposal, alternative: int) -> list[int]:
    """Those changes of an alternative that the writer wants; none if they turned away."""
    changes = proposal.hunks[alternative] if alternative < len(proposal.hunks) else ()
    items = tuple(_change(number, hunk) for number, hunk in enumerate(changes))
    question = Question(title=f"{proposal.commission.entry.title}: which changes?", items=items, many=True)
    return sorted(int(value) for value in await choose(session, question) or ())


async def alternative_chosen(session: Session, proposal: Proposal) -> int | None:
    items = tuple(
        Item(label=str(number + 1), value=str(number), detail=_in_a_line([alternative.text]))
        for number, alternative in enumerate(proposal.alternatives)
    )
    value = _first(await choose(session, Question(title=f"{proposal.commission.entry.title}: which?", items=items)))
    return None if value is None else int(value)


async def model_chosen(session: Session) -> str | None:
    """What the setting `lspWriter.model` is to be. A default model that is not there is among them, to be made."""
    models = await asyncio.to_thread(session.installed_models)
    items = tuple(
        Item(
            label=model.name,
            value=model.setting,
            description=f"{model.megabytes} MB{', in use' if model.chosen else ''}",
        )
        for model in models
    )
    if session.model_making.waits:
        items = (Item(label="default", value="", description="to be made on this computer, in some minutes"), *items)
    placeholder = "docs/models.md says which others there are, and how they are made."
    chosen = _first(await choose(session, Question(title="Model", placeholder=placeholder, items=items)))
    if chosen == "" and session.model_making.waits:
        session.model_making.offer_again()
        return None
    return chosen


def _offered(session: Session, entry: Entry) -> Item:
    from lsp_writer.features.revision.pass_rates import needs_larger

    group = _TOO_LARGE if needs_larger(entry, session.megabytes) else GROUPS.get(entry.group, entry.group)
    return Item(label=entry.title, value=entry.id, group=group)


def _change(number: int, hunk: Hunk) -> Item:
    old = _in_a_line(text for op, text in hunk.words if op != "add")
    label = _in_a_line([hunk.new]) or "(left out)"
    return Item(label=label, value=str(number), detail=f"instead of: {old}" if old else "")


def _in_a_line(texts: Iterable[str]) -> str:
    return " ".join("".join(texts).split())


def _first(values: Sequence[str] | None) -> str | None:
    return values[0] if values else None
