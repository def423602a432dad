"""docs/protocol.md says what the server does: every command and notification is there, and every example is real."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lsprotocol import types

from lsp_writer.features.revision.history import MOST_INSTRUCTIONS
from lsp_writer.features.revision.proposal import ProposalState
from lsp_writer.generation import InstalledModel
from lsp_writer.server import choose, revision_notification, rewrites, status, suggestion_grown, timing
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
)
from lsp_writer.server.client import client_of
from lsp_writer.server.execute_command import COMMANDS, Offer
from lsp_writer.server.reports import Made

PROJECT = Path(__file__).parents[2]
DOCUMENT = (PROJECT / "docs" / "protocol.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```json (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

ARGUMENTS = {
    "lspWriter.revise": Revise,
    "lspWriter.ask": Ask,
    "lspWriter.chooseRevision": Order,
    "lspWriter.chooseHunks": Alternative,
    "lspWriter.chooseAlternative": Which,
    "lspWriter.acceptRevision": Accept,
    "lspWriter.report": Report,
    "lspWriter.addToDictionary": AddToDictionary,
    "lspWriter.ignore": Ignore,
    "lspWriter.fixAll": FixAll,
    **{f"lspWriter.{decision}Revision": Which for decision in ("retry", "stop", "continue", "discard")},
}
ANSWERS = {
    "lspWriter.revisions": list[Offer],
    "lspWriter.instructions": list[str],
    "lspWriter.models": list[InstalledModel],
    "lspWriter.chooseModel": str,
    "lspWriter.report": Made,
}
REQUESTS = {choose.METHOD: choose.Question}
CHOICES = {choose.METHOD: tuple[str, ...]}
NOTIFICATIONS = {
    revision_notification.METHOD: revision_notification.Told,
    status.METHOD: status.Status,
    suggestion_grown.METHOD: suggestion_grown.Grown,
    timing.METHOD: timing.Timing,
}


def sections() -> dict[str, str]:
    """What stands under each heading of the third level."""
    parts = re.split(r"^### (.+)\n|^## .*\n", DOCUMENT, flags=re.MULTILINE)
    return {title: text for title, text in zip(parts[1::2], parts[2::2], strict=True) if title}


def example(title: str, kind: str) -> object:
    found = dict(EXAMPLE.findall(sections()[title]))
    return json.loads(found[kind])


def test_every_command_and_every_notification_is_described() -> None:
    sent = {
        method
        for file in (PROJECT / "lsp_writer" / "server").glob("*.py")
        for method in re.findall(r'^METHOD = "(.+)"', file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {*REQUESTS, *NOTIFICATIONS} == sent
    assert set(sections()) == set(COMMANDS) | sent


@pytest.mark.parametrize(
    ("kind", "title", "shape"),
    [
        (kind, title, shape)
        for kind, shapes in (
            ("arguments", ARGUMENTS),
            ("answer", ANSWERS),
            ("request", REQUESTS),
            ("choice", CHOICES),
            ("notification", NOTIFICATIONS),
        )
        for title, shape in shapes.items()
    ],
)
def test_every_example_is_what_the_server_reads_or_sends(kind: str, title: str, shape: Any) -> None:
    given = example(title, kind)
    known = json.loads(msgspec.json.encode(msgspec.convert(given, shape)))
    check_nothing_unknown(given, known)
    if kind != "arguments":
        assert given == known, "all of it is shown"


def check_nothing_unknown(given: Any, known: Any) -> None:
    """No name in `given` was passed over when it was read as `known`."""
    if isinstance(given, Mapping):
        assert set(given) <= set(known)
        for name, value in given.items():
            check_nothing_unknown(value, known[name])


def test_the_hunk_of_the_example_is_one() -> None:
    told = msgspec.convert(example(revision_notification.METHOD, "notification"), revision_notification.Told)
    (hunk,) = told.alternatives[0].hunks
    assert "".join(text for op, text in hunk.words if op != "cut") == hunk.new_text
    assert told.text.endswith(hunk.new_text)


def test_every_state_is_described() -> None:
    told = sections()[revision_notification.METHOD]
    assert {state.value for state in ProposalState} <= set(re.findall(r"`(\w+)`", told))


def test_what_a_client_says_of_itself() -> None:
    (options,) = (json.loads(text) for kind, text in EXAMPLE.findall(DOCUMENT) if kind == "initializationOptions")
    params = types.InitializeParams(capabilities=types.ClientCapabilities(), initialization_options=options)
    client = client_of(params, types.PositionEncodingKind.Utf16)
    assert (client.reviews_revisions, client.chooses, client.refreshes) == (True, True, True)
    assert (client.times, client.trusted) == (False, True)


def test_figures() -> None:
    assert MOST_INSTRUCTIONS == 20
    assert "last twenty instructions" in DOCUMENT
    assert rewrites._MOST_UNDECIDED == 20
    assert "more than twenty that wait" in DOCUMENT
