"""The server: which method is answered by which function."""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from lsp_writer import __version__
from lsp_writer.errors import WriterError
from lsp_writer.features.critiques.margins import PageReader
from lsp_writer.features.critiques.reader_process import ReaderProcess
from lsp_writer.server import (
    code_action,
    code_lens,
    completion,
    configuration,
    diagnostic,
    document_highlight,
    document_symbol,
    execute_command,
    folding_range,
    hover,
    inline_completion,
    lifecycle,
    selection_range,
    text_documents,
    work_done_progress,
    workspace_symbol,
)
from lsp_writer.server.protocol import WriterProtocol
from lsp_writer.server.session import ListModels, MakeModel, Session, no_models
from lsp_writer.server.timing import timed

if TYPE_CHECKING:
    from cattrs import Converter

# The protocol's types differ with every method; each handler states its own.
Params = Any
Request = Callable[[Session, Params], Awaitable[Any]]
Notification = Callable[[Session, Params], None]

_logger = logging.getLogger(__name__)

#: Handled by pygls' copies of the documents, which are wrong on some line breaks and slow on long texts, were they not
#: taken out.
_REPLACED = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
)


class WriterServer(LanguageServer):
    """A pygls server with this program's session."""

    session: Session

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:
        """A defect or a malformed message concerns whoever reads the log, not the writer."""
        if source is not FeatureRequestError:  # pygls has logged that one
            # What pygls hands over here is often a copy without the traceback of what it is handling.
            _logger.error("%s", source.__name__, exc_info=sys.exc_info()[1] or error)

    def shutdown(self) -> None:
        self.session.close()
        super().shutdown()  # type: ignore[no-untyped-call]  # pygls leaves it untyped


def build_server(
    make_model: MakeModel,
    command_line: Mapping[str, object],
    reader: PageReader | None = None,
    make_converter: Callable[[], Converter] = default_converter,
    list_models: ListModels = no_models,
) -> WriterServer:
    """A server that is ready to start. `make_model` is called once, on another thread, after `initialize` has been
    answered. `command_line` sets `MachineSettings` by their names in the protocol, before any other source. `reader`
    reads whole manuscripts; by default in a process of its own. `make_converter` makes what reads and writes messages,
    which may serve several servers. `list_models` says what there is to choose from, by what is chosen."""
    server = WriterServer("lsp-writer", __version__, protocol_cls=WriterProtocol, converter_factory=make_converter)
    session = server.session = Session(server, make_model, command_line, reader or ReaderProcess(), list_models)
    for method in _REPLACED:
        del server.protocol.fm.builtin_features[method]

    def answer(method: str, handler: Request, options: object = None) -> None:
        server.feature(method, options)(_guarded(session, handler, session.messages.show_once))

    def hear(method: str, handler: Notification) -> None:
        server.feature(method)(lambda *params: handler(session, *params))

    def initialize(session: Session, params: types.InitializeParams) -> None:
        lifecycle.initialize(session, params)
        if session.client.pulls_diagnostics:  # any other would ask at every key, and never when there is more
            answer(types.TEXT_DOCUMENT_DIAGNOSTIC, diagnostic.diagnostic, diagnostic.OPTIONS)

    hear(types.INITIALIZE, initialize)
    hear(types.SHUTDOWN, lifecycle.shutdown)
    hear(types.TEXT_DOCUMENT_DID_OPEN, text_documents.did_open)
    hear(types.TEXT_DOCUMENT_DID_CHANGE, text_documents.did_change)
    hear(types.TEXT_DOCUMENT_DID_CLOSE, text_documents.did_close)
    hear(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, work_done_progress.cancel)
    answer(types.INITIALIZED, lifecycle.initialized)
    answer(types.WORKSPACE_DID_CHANGE_CONFIGURATION, configuration.did_change_configuration)
    answer(types.TEXT_DOCUMENT_COMPLETION, completion.completion, completion.OPTIONS)
    answer(types.TEXT_DOCUMENT_INLINE_COMPLETION, timed(inline_completion.inline_completion), inline_completion.OPTIONS)
    answer(types.TEXT_DOCUMENT_HOVER, hover.hover)
    answer(types.TEXT_DOCUMENT_CODE_LENS, code_lens.code_lens, code_lens.OPTIONS)
    answer(types.CODE_LENS_RESOLVE, code_lens.resolve)
    answer(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, document_highlight.document_highlight)
    answer(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, document_symbol.document_symbol)
    answer(types.WORKSPACE_SYMBOL, workspace_symbol.workspace_symbol)
    answer(types.TEXT_DOCUMENT_FOLDING_RANGE, folding_range.folding_range)
    answer(types.TEXT_DOCUMENT_SELECTION_RANGE, selection_range.selection_range)
    answer(types.TEXT_DOCUMENT_CODE_ACTION, code_action.code_action, code_action.OPTIONS)
    for name, command in execute_command.COMMANDS.items():
        server.command(name)(_guarded(session, command, session.messages.show))
    return server


def _guarded(session: Session, handler: Request, tell: Callable[[str], None]) -> Callable[..., Awaitable[Any]]:
    """`handler` with errors for the writer told to the writer, and answered with nothing."""

    async def answer(*params: Params) -> object:
        try:
            return await handler(session, params[0] if params else None)
        except WriterError as error:
            tell(str(error))
            return None

    return answer
