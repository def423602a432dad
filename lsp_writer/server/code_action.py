"""textDocument/codeAction: what mends or silences findings, and rewrites of the selection, or of what each takes at the
caret. The model is not asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, get_args

from lsprotocol import types

from lsp_writer.features.revision.entry import Entry, Group
from lsp_writer.features.revision.proposal import ProposalState
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.span import Span
from lsp_writer.server.convert import range_of, span_of
from lsp_writer.server.execute_command import ACCEPT, ASK, ASK_ENTRY, CONTINUE, DISCARD, RETRY, REVISE
from lsp_writer.server.quick_fix import FIX, FIX_ALL, fix_all_safe, quick_fixes
from lsp_writer.server.session import Session

if TYPE_CHECKING:
    from lsp_writer.features.revision.proposal import Proposal

_KIND = str(types.CodeActionKind.RefactorRewrite.value)
OPTIONS = types.CodeActionOptions(code_action_kinds=[FIX, _KIND, FIX_ALL])

_KINDS = (_KIND, *(f"{_KIND}.{group}" for group in get_args(Group)))

# Of what the writer asked for before, so many are offered again.
_ASKED_BEFORE = 3
# So much of an instruction, or of an alternative, is shown in the menu.
_LONGEST_TITLE = 50


async def code_action(
    session: Session, params: types.CodeActionParams
) -> Sequence[types.Command] | Sequence[types.CodeAction]:
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None:
        return []
    only = params.context.only
    selection = span_of(manuscript.text, params.range, session.client.encoding)
    actions: list[types.CodeAction] = []
    if only and any(each and _is_of(FIX_ALL, each) for each in only):
        actions += await fix_all_safe(session, manuscript, selection)
    if _wanted(FIX, only):
        actions += await quick_fixes(session, manuscript, selection, params.context.diagnostics)
    if any(_wanted(kind, only) for kind in _KINDS):
        rewrites = (*_finished(session, manuscript, selection), *_revisions(session, manuscript, selection))
        actions += (
            types.CodeAction(title=command.title, kind=kind, command=command)
            for kind, command in rewrites
            if _wanted(kind, only)
        )
    if not session.client.takes_code_actions:
        return [action.command for action in actions if action.command]
    return actions


def _wanted(kind: str, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """A client that asks for `refactor` wants `refactor.rewrite` as well, and one that asks for nothing special all."""
    return any(_is_of(kind, each) for each in only or [""])


def _is_of(kind: str, wanted: types.CodeActionKind | str) -> bool:
    name = str(wanted.value if isinstance(wanted, types.CodeActionKind) else wanted)
    return not name or kind == name or kind.startswith(f"{name}.")


def _finished(session: Session, manuscript: Manuscript, selection: Span) -> Iterator[tuple[str, types.Command]]:
    for proposal in session.proposals.undecided_at(manuscript.uri, selection):
        title, which = proposal.commission.entry.title, {"id": proposal.id}
        if proposal.state is ProposalState.APPLYING:  # an editor may never answer
            yield _KIND, types.Command(f"Discard the finished rewrite: {title}", DISCARD, arguments=[which])
            continue
        for command in _use(proposal, manuscript) if session.client.applies_edits else ():
            yield _KIND, command
        if proposal.state is ProposalState.STOPPED and not proposal.changed:
            yield _KIND, types.Command(f"Continue: {title}", CONTINUE, arguments=[which])
        yield _KIND, types.Command(f"Try again: {title}", RETRY, arguments=[which])
        yield _KIND, types.Command(f"Discard the finished rewrite: {title}", DISCARD, arguments=[which])


def _use(proposal: Proposal, manuscript: Manuscript) -> Iterator[types.Command]:
    fits = proposal.fits(manuscript.text)
    part = "part" if proposal.state is ProposalState.STOPPED else "rewrite"
    count = len(proposal.alternatives)
    for number, alternative in enumerate(proposal.alternatives):
        title = f"Use the finished {part}: {proposal.commission.entry.title}"
        if count > 1:
            title = f"Use alternative {number + 1} of {count}: {_shortened(alternative.text)}"
        # Choosing the second title says that the writer has seen the passage as it is in this version, and no later.
        seen = {"version": manuscript.version, "evenIfChanged": not fits}
        yield types.Command(
            title if fits else f"{title} (the passage has changed since)",
            ACCEPT,
            arguments=[{"id": proposal.id, "alternative": number, **seen}],
        )


def _revisions(session: Session, manuscript: Manuscript, selection: Span) -> Iterator[tuple[str, types.Command]]:
    from lsp_writer.features.revision.pass_rates import needs_larger

    offers = _Offers(session, manuscript, selection)
    library = session.library()
    larger: list[Entry] = []
    if ASK_ENTRY in library.entries:
        for instruction in session.instructions.newest()[:_ASKED_BEFORE]:
            asked = {"instruction": instruction}
            yield from offers.of(library.entries[ASK_ENTRY], f"Ask again: {_shortened(instruction)}", ASK, asked)
    for entry in library.entries.values():
        if entry.asks and not entry.answer and not session.client.chooses:
            continue  # nobody could answer
        if needs_larger(entry, session.megabytes):
            larger.append(entry)
        else:
            yield from offers.of(entry, entry.title, REVISE, {"revision": entry.id})
    for entry in larger:
        yield from offers.of(entry, f"{entry.title} (needs a larger model)", REVISE, {"revision": entry.id})


class _Offers:
    """What entries find at one selection: many take the same."""

    def __init__(self, session: Session, manuscript: Manuscript, selection: Span) -> None:
        self._manuscript = manuscript
        self._selection = selection
        self._encoding = session.client.encoding
        self._arguments: dict[tuple[str, str], dict[str, object] | None] = {}

    def of(self, entry: Entry, title: str, command: str, asked: dict[str, str]) -> Iterator[tuple[str, types.Command]]:
        """The command that orders `entry`, if there is something for it to do."""
        key = entry.takes, entry.does
        if key not in self._arguments:
            self._arguments[key] = self._place(entry)
        place = self._arguments[key]
        if place is not None:
            yield f"{_KIND}.{entry.group}", types.Command(title, command, arguments=[{**place, **asked}])

    def _place(self, entry: Entry) -> dict[str, object] | None:
        from lsp_writer.features.revision.target import target_of

        target = target_of(self._manuscript, self._selection, entry)
        if target is None:
            return None
        range_ = range_of(self._manuscript.text, target.passage, self._encoding)
        return {"uri": self._manuscript.uri, "version": self._manuscript.version, "range": range_}


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1].rstrip()}…"
