"""initialize, initialized, shutdown."""

from __future__ import annotations

import asyncio
import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp_writer.server.client import client_of, own_options
from lsp_writer.server.configuration import pull_configuration, take_settings, watch_configuration
from lsp_writer.server.session import Session

_logger = logging.getLogger(__name__)


def initialize(session: Session, params: types.InitializeParams) -> None:
    """Nothing is loaded here: the editor waits for the answer."""
    encoding = types.PositionEncodingKind(session.server.workspace.position_encoding)
    session.connect(client_of(params, encoding), own_options(params.initialization_options))


async def initialized(session: Session, _params: types.InitializedParams) -> None:
    take_settings(session, None)
    await asyncio.gather(session.load_model(), _configure(session))


def shutdown(session: Session, _params: None = None) -> None:
    session.left_in_order = True
    session.rewrites.stop_all()
    session.reports.stop_all()
    session.model_making.stop()


async def _configure(session: Session) -> None:
    if session.client.registers_configuration:
        try:
            await watch_configuration(session)
        except JsonRpcException:
            _logger.warning("The editor will not tell of changed settings")
    if session.client.answers_configuration:
        await pull_configuration(session)
