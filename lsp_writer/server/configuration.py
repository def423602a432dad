"""workspace/didChangeConfiguration and workspace/configuration: the writer's settings, pulled where the client can."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types

from lsp_writer.server.diagnostic import tell_all_findings
from lsp_writer.server.session import Session
from lsp_writer.settings import SECTION, Settings, read_settings, section_names


async def did_change_configuration(session: Session, params: types.DidChangeConfigurationParams) -> None:
    if session.client.answers_configuration:
        await pull_configuration(session)
        return
    take_settings(session, _own_section(params.settings))


async def pull_configuration(session: Session) -> None:
    item = types.ConfigurationItem(section=SECTION)
    answer = await session.server.workspace_configuration_async(types.ConfigurationParams(items=[item]))
    take_settings(session, answer[0] if answer else None)


async def watch_configuration(session: Session) -> None:
    """Some clients tell of changes only when asked to."""
    registration = types.Registration(
        id=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
        method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
        register_options=types.DidChangeConfigurationRegistrationOptions(section=SECTION),
    )
    await session.server.client_register_capability_async(types.RegistrationParams(registrations=[registration]))


def take_settings(session: Session, raw: object) -> None:
    """Use what is right in `raw` and tell the writer what is not."""
    names = section_names()
    initial, problems = read_settings(Settings(), session.options, f"initializationOptions.{SECTION}", beside=names)
    before = session.settings
    session.settings, more = read_settings(initial, raw, beside=names)
    session.margins.want(session.settings.critique.enabled)
    if session.settings != before:
        tell_all_findings(session)
    if session.settings.code_lens != before.code_lens and session.client.refreshes_lenses:
        session.server.workspace_code_lens_refresh(None)
    if session.continuation is not None:
        session.continuation.may_learn(session.settings.ghost_text.learn)
    for problem in (*problems, *more):
        session.messages.show_once(problem)


def _own_section(pushed: object) -> object:
    """Clients push this server's section, under its name or without it, alone or among all the writer's settings."""
    if not isinstance(pushed, Mapping):
        return pushed
    if SECTION in pushed:
        return pushed[SECTION]
    return {name: value for name, value in pushed.items() if name in section_names()}
