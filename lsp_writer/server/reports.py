"""Reports on a book, made in the background and shown in the browser."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from lsp_writer.errors import InvalidRequest
from lsp_writer.folders import data_folder
from lsp_writer.server.workspace_folders import folder_around, path_of

if TYPE_CHECKING:
    from lsp_writer.features.report.surprisal import Sample, Surprise
    from lsp_writer.features.report.worker import Order
    from lsp_writer.server.arguments import Report
    from lsp_writer.server.session import Session

#: An editor that has not answered by then will not.
_SECONDS_TO_SHOW = 10.0
_FOLDER = "reports"
_LONGEST_NAME = 40
_NO_MODEL = "The language model was not ready, so this chart is left out."
_SILENT = "The language model did not answer, so this chart is left out."
_NOT_ASKED = "The language model was not asked, so this chart is left out."


class Made(msgspec.Struct, frozen=True):
    """A page that was written."""

    uri: str
    path: str
    #: The book's.
    title: str


class Reports:
    """Makes them, one at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tasks: set[asyncio.Task[str]] = set()
        self._turn = asyncio.Lock()

    async def make(self, asked: Report) -> Made | None:
        """Where the report is, or None if the writer gave it up. Raises WriterError."""
        from lsp_writer.features.report.charts import require_plots

        require_plots()
        order = self._order(asked)
        task = asyncio.create_task(self._run(order, asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            title = await task
        except asyncio.CancelledError:
            request = asyncio.current_task()
            if request is not None and request.cancelling():
                raise
            return None  # by the bar
        if asked.show:
            await self._show(order.file)
        return Made(order.file.as_uri(), str(order.file), title)

    def stop_all(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _run(self, order: Order, asked: Report) -> str:
        """The book's title."""
        from lsp_writer.features.report.surprisal import surprises
        from lsp_writer.features.report.worker import make_report

        session = self._session
        task = asyncio.current_task()
        assert task is not None
        shown = session.progress.shown("Report", supported=session.client.shows_progress, cancel=task.cancel)
        async with shown as bar, self._turn:

            def tell(doing: str, done: int, of: int) -> None:
                bar(f"{doing} {done} of {of}")

            async def ask(samples: Sequence[Sample]) -> tuple[Sequence[Surprise], str]:
                model = session.model
                if not asked.surprisal:
                    return (), _NOT_ASKED
                if model is None or not model.status.answers:
                    return (), _NO_MODEL
                found = []
                async for surprise in surprises(model, asked.uri, samples):
                    found.append(surprise)
                    tell("Asking the model", len(found), len(samples))
                return found, _SILENT if samples else ""

            return await make_report(order, ask, tell)

    def _order(self, asked: Report) -> Order:
        from lsp_writer.features.critiques.wanted import Wishes
        from lsp_writer.features.report.worker import Opened, Order

        manuscript = self._session.documents.get(asked.uri)
        folder = self._folder_of(asked.uri) if asked.of == "folder" else None
        opened = {}
        if folder is not None:
            files = {path: other for other in self._session.documents if (path := path_of(other.uri))}
            opened = {file: str(other.text) for file, other in files.items() if file.is_relative_to(folder)}
        stem = Path(to_fs_path(asked.uri) or asked.uri).stem or "manuscript"
        name = folder.name if folder is not None else stem
        document = Opened(asked.uri, name, str(manuscript.text), manuscript.markdown)
        return Order(
            folder=folder,
            opened=opened,
            document=None if folder is not None else document,
            file=_path(asked.file) if asked.file else _place(name, str(folder or asked.uri)),
            wishes=Wishes(self._session.settings.critique, self._session.silence(asked.uri)),
            proofread=asked.proofread,
        )

    def _folder_of(self, uri: str) -> Path:
        """The workspace folder that holds the document, or else its own. Raises InvalidRequest."""
        file = path_of(uri)
        if file is None:
            raise InvalidRequest("This document is in no folder. Save it first, or ask for a report on it alone.")
        return folder_around(file, self._session.workspace_uris())

    async def _show(self, file: Path) -> None:
        """In the browser, or by a message that says where it is."""
        session = self._session
        if session.client.shows_documents:
            params = types.ShowDocumentParams(uri=file.as_uri(), external=True)
            try:
                async with asyncio.timeout(_SECONDS_TO_SHOW):
                    # Shielded: pygls stumbles over an answer that comes after its request was given up.
                    answer = await asyncio.shield(session.server.window_show_document_async(params))
                if answer.success:
                    return
            except (JsonRpcException, TimeoutError):
                pass
        session.messages.show(f"The report is in {file}. Open it in a browser.", types.MessageType.Info)


def _path(uri: str) -> Path:
    path = path_of(uri)
    if path is None:
        raise InvalidRequest("The report can only be written to a file on this computer. Choose a file: URI.")
    return path


def _place(name: str, of: str) -> Path:
    """A file among this program's own, the same one for the same book."""
    plain = re.sub(r"[^\w-]+", "-", name)[:_LONGEST_NAME].strip("-") or "book"
    return data_folder() / _FOLDER / f"{plain}-{hashlib.sha256(of.encode()).hexdigest()[:8]}.html"
