"""Code actions for findings: fixes, and ways to hear of them no more. The model is not asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from lsp_writer.server.apply_edit import workspace_edit
from lsp_writer.server.convert import range_of
from lsp_writer.server.execute_command import ADD_TO_DICTIONARY, FIX_ALL_OF_KIND, IGNORE

if TYPE_CHECKING:
    from lsp_writer.features.critiques.finding import CritiqueKind, Finding
    from lsp_writer.features.critiques.nearby import Nearby
    from lsp_writer.features.critiques.remedies import Change
    from lsp_writer.prose.manuscript import Manuscript
    from lsp_writer.prose.span import Span
    from lsp_writer.server.session import Session

FIX = str(types.CodeActionKind.QuickFix.value)
#: Only for a client that asks for it, as some do whenever the writer saves.
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.lspWriter"


async def quick_fixes(
    session: Session, manuscript: Manuscript, selection: Span, diagnostics: Sequence[types.Diagnostic]
) -> list[types.CodeAction]:
    """For the findings that the selection touches, or those of the sentence at the caret: first what mends them, then
    what mends all of their kinds, then what silences them. No title comes twice: the nearest finding has it."""
    nearby = await nearby_in(session, manuscript, selection)
    counts = await asyncio.to_thread(_counts, nearby)
    if not session.documents.is_current(manuscript):
        return []
    offers = _Offers(session, manuscript, nearby, diagnostics)
    actions: dict[str, types.CodeAction] = {}
    for action in (*offers.fixes(), *offers.fix_alls(counts, selection), *offers.silences()):
        actions.setdefault(action.title, action)
    return list(actions.values())


async def fix_all_safe(session: Session, manuscript: Manuscript, selection: Span) -> list[types.CodeAction]:
    """One action that mends whatever may be mended unseen."""
    nearby = await nearby_in(session, manuscript, selection)
    changes = await asyncio.to_thread(nearby.safe_changes)
    if not changes or not session.documents.is_current(manuscript):
        return []
    edit = edit_of(session, manuscript, changes)
    return [types.CodeAction(title="Fix all certain slips in the text", kind=FIX_ALL, edit=edit)]


async def nearby_in(session: Session, manuscript: Manuscript, selection: Span) -> Nearby:
    """The findings at `selection`, and all that are known."""
    from lsp_writer.features.critiques.nearby import nearby

    known, wishes = session.margins.known(manuscript.uri), session.wishes(manuscript)
    # Off the event loop: a new paragraph is read, and some rules load a list the first time.
    return await asyncio.to_thread(nearby, session.critic, manuscript, selection, known, wishes)


def edit_of(session: Session, manuscript: Manuscript, changes: Iterable[Change]) -> types.WorkspaceEdit:
    encoding = session.client.encoding
    edits = [types.TextEdit(range_of(manuscript.text, change.span, encoding), change.new) for change in changes]
    return workspace_edit(session.client, manuscript, edits)


def _counts(nearby: Nearby) -> dict[CritiqueKind, int]:
    """How many fixes there are in the text, of each kind that has one here."""
    kinds = dict.fromkeys(finding.kind for finding in nearby.here if finding.fixes)
    return {kind: len(nearby.changes_of_all(kind)) for kind in kinds}


class _Offers:
    """What can be done about the findings at one place."""

    def __init__(
        self, session: Session, manuscript: Manuscript, nearby: Nearby, diagnostics: Sequence[types.Diagnostic]
    ) -> None:
        self._session = session
        self._manuscript = manuscript
        self._nearby = nearby
        self._diagnostics = diagnostics
        self._has_story = session.word_lists(manuscript.uri).story is not None

    def fixes(self) -> Iterator[types.CodeAction]:
        from lsp_writer.features.critiques.remedies import CERTAIN_FIX, fixes_of, title_of

        for finding in self._nearby.here:
            for number, change in enumerate(fixes_of(finding)):
                title = title_of(self._text(finding), change.new)
                preferred = True if number == 0 and finding.kind in CERTAIN_FIX else None
                yield self._action(title, finding, [change], is_preferred=preferred)

    def fix_alls(self, counts: Mapping[CritiqueKind, int], selection: Span) -> Iterator[types.CodeAction]:
        from lsp_writer.features.critiques.remedies import PLURALS

        # A command: editors ask for actions wherever the caret goes, and a book may have thousands of these.
        where = range_of(self._manuscript.text, selection, self._session.client.encoding)
        for kind, count in counts.items() if self._session.client.applies_edits else ():
            if count > 1:
                title = f"Fix all {count} {PLURALS[kind]} in the text"
                arguments = [{"uri": self._manuscript.uri, "range": where, "kind": kind}]
                command = types.Command(title, FIX_ALL_OF_KIND, arguments=arguments)
                yield types.CodeAction(title, kind=FIX, command=command)

    def silences(self) -> Iterator[types.CodeAction]:
        from lsp_writer.features.critiques.remedies import (
            PLURALS,
            SPELLINGS,
            ignoring_here,
            quotable,
            shortened,
            word_in,
        )

        for finding in self._nearby.meant:
            word = word_in(self._manuscript, finding, opens=self._nearby.opens(finding))
            if word and finding.kind in SPELLINGS:
                yield self._addition(f"Add “{word}” to your dictionary", finding, word, "user")
                if self._has_story:
                    yield self._addition(f"Add “{word}” to this story’s dictionary", finding, word, "workspace")
            elif self._has_story and (text := quotable(self._manuscript, finding)):
                title = f"Ignore “{shortened(text)}” in this story"
                yield self._order(title, finding, IGNORE, {"kind": finding.kind, "text": text})
            change = ignoring_here(self._manuscript, finding)
            if change is not None:
                what = PLURALS[finding.kind].removeprefix("slips of ")
                yield self._action(f"Ignore {what} in this paragraph", finding, [change])
            if word and finding.kind not in SPELLINGS:
                yield self._addition(f"Never mention “{word}” again", finding, word, "user")

    def _addition(self, title: str, finding: Finding, word: str, scope: str) -> types.CodeAction:
        return self._order(title, finding, ADD_TO_DICTIONARY, {"word": word, "scope": scope})

    def _order(self, title: str, finding: Finding, command: str, argument: dict[str, str]) -> types.CodeAction:
        return types.CodeAction(
            title=title,
            kind=FIX,
            diagnostics=self._told(finding),
            command=types.Command(title, command, arguments=[{**argument, "uri": self._manuscript.uri}]),
        )

    def _action(
        self, title: str, finding: Finding, changes: Sequence[Change], *, is_preferred: bool | None = None
    ) -> types.CodeAction:
        return types.CodeAction(
            title=title,
            kind=FIX,
            diagnostics=self._told(finding),
            edit=edit_of(self._session, self._manuscript, changes),
            is_preferred=is_preferred,
        )

    def _told(self, finding: Finding) -> list[types.Diagnostic] | None:
        """The client's own marks for `finding`."""
        if not self._diagnostics:
            return None
        where = range_of(self._manuscript.text, finding.span, self._session.client.encoding)
        same = [each for each in self._diagnostics if each.code == finding.kind and each.range == where]
        return same or None

    def _text(self, finding: Finding) -> str:
        return self._manuscript.text.slice(finding.span.start, finding.span.end)
