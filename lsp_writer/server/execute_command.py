"""workspace/executeCommand: order a rewrite and decide about one, list what there is to order and to choose, keep words
and findings that are never to be spoken of, pause suggestions."""

from __future__ import annotations

import asyncio

import msgspec
from lsprotocol import types

from lsp_writer.errors import InvalidRequest
from lsp_writer.features.revision.commission import brief
from lsp_writer.features.revision.proposal import ProposalState
from lsp_writer.server import choices
from lsp_writer.server.apply_edit import apply_proposal, says_applied
from lsp_writer.server.arguments import (
    Accept,
    AddToDictionary,
    Alternative,
    Ask,
    FixAll,
    Ignore,
    Order,
    Report,
    Revise,
    Which,
    read,
)
from lsp_writer.server.convert import span_of
from lsp_writer.server.diagnostic import tell_all_findings
from lsp_writer.server.session import Session
from lsp_writer.settings import user_settings_file

REVISE = "lspWriter.revise"
ASK = "lspWriter.ask"
ACCEPT = "lspWriter.acceptRevision"
DISCARD = "lspWriter.discardRevision"
RETRY = "lspWriter.retryRevision"
STOP = "lspWriter.stopRevision"
CONTINUE = "lspWriter.continueRevision"
CHOOSE_REVISION = "lspWriter.chooseRevision"
CHOOSE_HUNKS = "lspWriter.chooseHunks"
CHOOSE_ALTERNATIVE = "lspWriter.chooseAlternative"
REVISIONS = "lspWriter.revisions"
INSTRUCTIONS = "lspWriter.instructions"
MODELS = "lspWriter.models"
CHOOSE_MODEL = "lspWriter.chooseModel"
REPORT = "lspWriter.report"
ADD_TO_DICTIONARY = "lspWriter.addToDictionary"
IGNORE = "lspWriter.ignore"
FIX_ALL_OF_KIND = "lspWriter.fixAll"
PAUSE = "lspWriter.pause"
RESUME = "lspWriter.resume"

#: The entry whose instruction is the writer's own.
ASK_ENTRY = "ask"


class Offer(msgspec.Struct, frozen=True, rename="camel"):
    """An entry of the catalogue, for a list to choose from."""

    id: str
    title: str
    group: str
    takes: str
    does: str
    #: A question whose answer goes with `lspWriter.revise`. Empty: there is none.
    asks: str
    needs_larger_model: bool


async def revise(session: Session, arguments: object) -> str | None:
    """Begin a rewrite; the answer is its proposal's id, or null if the writer had to answer something and did not."""
    asked = read(Revise, arguments)
    return await _order(session, asked, asked.revision, brief(asked.answer))


async def choose_revision(session: Session, arguments: object) -> str | None:
    """Begin a rewrite that the writer chooses; the answer is its proposal's id, or null if they chose none."""
    asked = read(Order, arguments)
    identifier = await choices.entry_chosen(session)
    return None if identifier is None else await _order(session, asked, identifier, "")


async def ask(session: Session, arguments: object) -> str | None:
    """Begin a rewrite by the writer's own instruction, and remember that; the answer is the proposal's id, or null if
    they were asked for one and gave none."""
    asked = read(Ask, arguments)
    instruction = brief(asked.instruction)
    if not instruction and session.client.chooses:
        given = await choices.instruction_given(session)
        if given is None:
            return None
        instruction = brief(given)
    if not instruction:
        raise InvalidRequest("Say what the passage is to become, for instance: in the voice of a tired nurse.")
    proposal = _ordered(session, asked, ASK_ENTRY, instruction)
    session.instructions.add(instruction)
    return proposal


async def _order(session: Session, order: Order, identifier: str, answer: str) -> str | None:
    """As `_ordered`, with the writer's answer if the entry asks for one and there is none."""
    entry = session.library().find(identifier)
    if entry.asks and not (answer or entry.answer) and session.client.chooses:
        given = await choices.answer_given(session, entry)
        if given is None:
            return None
        answer = brief(given)
    return _ordered(session, order, identifier, answer)


def _ordered(session: Session, order: Order, identifier: str, answer: str) -> str:
    from lsp_writer.features.revision.cliches import cliches
    from lsp_writer.features.revision.commission import Commission
    from lsp_writer.features.revision.target import target_of

    manuscript = session.documents.get(order.uri)
    if order.version not in {None, manuscript.version}:
        raise InvalidRequest("The text was changed after the menu was opened. Choose the rewrite again.")
    entry = session.library().find(identifier)
    if entry.asks and not (answer or entry.answer):
        raise InvalidRequest(f"“{entry.title}” has a question: {entry.asks} Give its answer with it.")
    selection = span_of(manuscript.text, order.range.as_lsp(), session.client.encoding)
    target = target_of(manuscript, selection, entry)
    if target is None:
        raise InvalidRequest("There is no prose to rewrite there. Select a passage and try again.")
    seed = order.seed
    if seed is None:
        seed = session.rewrites.unused_seed(manuscript, target, entry, answer)
    settings = session.settings.rewrite
    commission = Commission(
        entry=entry,
        answer=answer,
        seed=seed,
        alternatives=order.alternatives or settings.alternatives,
        banned=settings.avoid,
        discouraged=cliches(user_settings_file().parent),
    )
    return session.rewrites.start(manuscript, target, commission)


async def accept(session: Session, arguments: object) -> None:
    asked = read(Accept, arguments)
    manuscript = session.documents.get(session.proposals.get(asked.id).uri)
    if asked.even_if_changed and asked.version not in {None, manuscript.version}:
        raise InvalidRequest("The text was changed after the menu was opened. Choose the rewrite again.")
    await apply_proposal(
        session,
        asked.id,
        alternative=asked.alternative,
        hunks=asked.hunks,
        even_if_changed=asked.even_if_changed,
    )


async def choose_hunks(session: Session, arguments: object) -> None:
    """Put those changes of an alternative in that the writer chooses."""
    asked = read(Alternative, arguments)
    proposal = session.proposals.get(asked.id)
    hunks = await choices.hunks_chosen(session, proposal, asked.alternative)
    if hunks:
        await apply_proposal(session, asked.id, alternative=asked.alternative, hunks=hunks)


async def choose_alternative(session: Session, arguments: object) -> None:
    """Put the alternative in that the writer chooses."""
    asked = read(Which, arguments)
    alternative = await choices.alternative_chosen(session, session.proposals.get(asked.id))
    if alternative is not None:
        await apply_proposal(session, asked.id, alternative=alternative)


async def discard(session: Session, arguments: object) -> None:
    session.rewrites.discard(session.proposals.get(read(Which, arguments).id))


async def stop(session: Session, arguments: object) -> None:
    session.rewrites.stop(session.proposals.get(read(Which, arguments).id))


async def retry(session: Session, arguments: object) -> str:
    """Rewrite the passage as it is now in another way; the answer is the new proposal's id."""
    from lsp_writer.features.revision.units import require_prose, units_of

    asked = read(Which, arguments)
    old = session.proposals.get(asked.id)
    manuscript = session.documents.get(old.uri)
    if old.commission.entry.does == "replace":
        # A scene takes a moment to take apart, in which the writer types on.
        require_prose(await asyncio.to_thread(units_of, manuscript, old.target.passage))
        old = session.proposals.get(asked.id)
        manuscript = session.documents.get(old.uri)
    if old.state is ProposalState.APPLYING:
        raise InvalidRequest("The editor is about to put that rewrite in. Discard it, or wait for the editor.")
    commission = msgspec.structs.replace(old.commission, seed=old.next_seed)
    new = session.rewrites.start(manuscript, old.target, commission)
    session.rewrites.discard(old)
    return new


async def go_on(session: Session, arguments: object) -> None:
    session.rewrites.go_on(session.proposals.get(read(Which, arguments).id))


async def revisions(session: Session, _arguments: object) -> list[dict[str, object]]:
    """The catalogue, in the order in which it is offered."""
    from lsp_writer.features.revision.pass_rates import needs_larger

    megabytes = session.megabytes
    offers = [
        Offer(entry.id, entry.title, entry.group, entry.takes, entry.does, entry.asks, needs_larger(entry, megabytes))
        for entry in session.library().entries.values()
    ]
    return [msgspec.to_builtins(offer) for offer in sorted(offers, key=lambda offer: offer.needs_larger_model)]


async def instructions(session: Session, _arguments: object) -> list[str]:
    """The writer's own, newest first."""
    return list(session.instructions.newest())


async def models(session: Session, _arguments: object) -> list[dict[str, object]]:
    """The installed ones, for a list to choose from."""
    return [msgspec.to_builtins(model) for model in await asyncio.to_thread(session.installed_models)]


async def choose_model(session: Session, _arguments: object) -> str | None:
    """What the setting `lspWriter.model` is to be, by the writer's choice; null if they chose none."""
    return await choices.model_chosen(session)


async def report(session: Session, arguments: object) -> dict[str, str] | None:
    """Make a report on a manuscript; the answer is where it is, or null if the writer gave it up."""
    made = await session.reports.make(read(Report, arguments))
    return None if made is None else msgspec.to_builtins(made)


async def add_to_dictionary(session: Session, arguments: object) -> None:
    asked = read(AddToDictionary, arguments)
    lists = session.word_lists(asked.uri)
    await asyncio.to_thread(lists.add_word, asked.word, to_story=asked.scope == "workspace")
    tell_all_findings(session)


async def ignore(session: Session, arguments: object) -> None:
    asked = read(Ignore, arguments)
    lists = session.word_lists(asked.uri)
    await asyncio.to_thread(lists.ignore, asked.kind, asked.text)
    tell_all_findings(session)


async def fix_all(session: Session, arguments: object) -> None:
    """Mend everything of a kind in one edit."""
    from lsp_writer.server.quick_fix import edit_of, nearby_in

    asked = read(FixAll, arguments)
    manuscript = session.documents.get(asked.uri)
    selection = span_of(manuscript.text, asked.range.as_lsp(), session.client.encoding)
    nearby = await nearby_in(session, manuscript, selection)
    changes = await asyncio.to_thread(nearby.changes_of_all, asked.kind)
    if not changes:
        raise InvalidRequest("There is nothing of that kind left to fix.")
    if not session.documents.is_current(manuscript):
        raise InvalidRequest("The text was changed meanwhile. Choose the fixes again.")
    edit = edit_of(session, manuscript, changes)
    if not await says_applied(session, types.ApplyWorkspaceEditParams(edit, "Fix all")):
        raise InvalidRequest("The editor did not put the fixes in, as if the text had changed. Choose them again.")


async def pause(session: Session, _arguments: object) -> None:
    session.pause(True)


async def resume(session: Session, _arguments: object) -> None:
    session.pause(False)


COMMANDS = {
    REVISE: revise,
    ASK: ask,
    ACCEPT: accept,
    DISCARD: discard,
    RETRY: retry,
    STOP: stop,
    CONTINUE: go_on,
    CHOOSE_REVISION: choose_revision,
    CHOOSE_HUNKS: choose_hunks,
    CHOOSE_ALTERNATIVE: choose_alternative,
    REVISIONS: revisions,
    INSTRUCTIONS: instructions,
    MODELS: models,
    CHOOSE_MODEL: choose_model,
    REPORT: report,
    ADD_TO_DICTIONARY: add_to_dictionary,
    IGNORE: ignore,
    FIX_ALL_OF_KIND: fix_all,
    PAUSE: pause,
    RESUME: resume,
}
