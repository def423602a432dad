"""Making the default model where there is none: the writer is asked, and it is made in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shlex
import signal
import subprocess
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp_writer.export_process import default_export, how_to_install, missing_packages, safe_environment

if TYPE_CHECKING:
    from lsp_writer.server.progress import Report
    from lsp_writer.server.session import Session

_MAKE = "Make the Model"
#: To a writer who need only press the button.
_QUESTION = (
    "The language model is not on this computer yet. Its source, 93 MB, is fetched, and the model made from it here: "
    "that takes some minutes, once."
)
#: An export that is told to end puts away what is half made, as soon as the library at work lets it.
_SECONDS_TO_END = 15.0
_SECONDS_BETWEEN_LOOKS = 0.05
# So much of the end of what it says is kept, of which the last line is shown.
_BYTES_KEPT = 4096
_LONGEST_LINE = 300
# Of the tables that a terminal shows.
_FRAME = "┌│├└"

# So that what it says is what a log would hold, whatever the editor was started from.
_TO_A_PIPE = {"PYTHONIOENCODING": "utf-8", "FORCE_COLOR": ""}

_logger = logging.getLogger(__name__)


class ModelMaking:
    """Offers to make the default model, makes it, and has it loaded."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._task: asyncio.Task[None] | None = None
        self._makes = False

    @property
    def waits(self) -> bool:
        """Whether there is no model, and nobody makes it now."""
        model = self._session.model
        return model is not None and model.status.to_be_made and not self._makes

    def offer_again(self) -> None:
        """To a writer who wanted none, or gave it up."""
        if self.waits and self._session.model is not None:
            self.stop()
            self.offer(self._session.model.status.message)

    def offer(self, message: str) -> None:
        """Show `message`, which says that there is no model, with a button that makes it, if that can be."""
        if not self._session.client.shows_buttons:
            self._tell(message)
        elif missing_packages():
            self._tell(f"{message}, after installing what that needs: {how_to_install()}")
        else:
            self._task = asyncio.create_task(self._run(message))

    def stop(self) -> None:
        """Ask no more, and end an export under way with all that it has started."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self, message: str) -> None:
        question = _QUESTION
        try:
            while question and await self._is_wanted(question, message):
                question = message = await self._make(message)
        except Exception:
            _logger.exception("The model could not be made")
            self._session.status.model_is("failed", message)
            self._tell("The model could not be made by a fault of lsp-writer. The server's log says more.")

    async def _is_wanted(self, question: str, message: str) -> bool:
        """Show `question` with the button, or else `message`; whether the writer pressed it."""
        try:
            return await self._session.messages.ask(question, types.MessageType.Error, [_MAKE]) == _MAKE
        except JsonRpcException:  # it has no buttons, whatever it says
            self._tell(message)
            return False

    async def _make(self, message: str) -> str:
        """Make it and have it loaded; what the writer is told instead if that failed."""
        session = self._session
        session.status.model_is("loading", "The model is being made.")
        shown = session.progress.shown("Making the model", supported=session.client.shows_progress, cancel=self.stop)
        self._makes = True
        try:
            async with shown as report:
                fault = await _exported(report)
        except asyncio.CancelledError:
            session.status.model_is("failed", message)
            raise
        finally:
            self._makes = False
        if not fault:
            await session.load_model_again()
            return ""
        failed = f"The model could not be made. {fault.rstrip('.')}. Try again, or run this to see more:"
        failed = f"{failed} {shlex.join(default_export())}"
        session.status.model_is("failed", failed)
        return failed

    def _tell(self, message: str) -> None:
        self._session.messages.show(message, types.MessageType.Error)


async def _exported(report: Report) -> str:
    """Run the export, telling what it says; empty, or what it said last if it failed."""
    process = await asyncio.create_subprocess_exec(
        *default_export(),
        stdin=DEVNULL,  # the editor writes on ours
        stdout=PIPE,
        stderr=STDOUT,
        env={**safe_environment(), **_TO_A_PIPE},
        **_a_group_of_its_own(),
    )
    try:
        last = await _last_line(process, report)
        return "" if await process.wait() == 0 else last or "It did not say why"
    except asyncio.CancelledError:
        report("Putting away what is half made …")
        # On a thread, for which the event loop waits at its end: the server may be about to go.
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, _end, process))
        raise


async def _last_line(process: Process, report: Report) -> str:
    """What it says last, which may be half a line while it is at work."""
    assert process.stdout is not None
    last, said = "", b""
    while more := await process.stdout.read(_BYTES_KEPT):
        said = (said + more)[-_BYTES_KEPT:]
        lines = said.decode("utf-8", "replace").splitlines()
        told = (line.strip()[:_LONGEST_LINE] for line in reversed(lines))
        line = next((line for line in told if line and line[0] not in _FRAME), last)
        if line != last:
            last = line
            report(last)
    return last


def _end(process: Process) -> None:
    """End it and all that it has started; what does not end by itself in time is killed."""
    _signal(process, signal.SIGINT)
    too_late = time.monotonic() + _SECONDS_TO_END
    while process.returncode is None and time.monotonic() < too_late:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    _kill(process)


if sys.platform == "win32":

    def _a_group_of_its_own() -> dict[str, Any]:
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}

    def _signal(process: Process, _: signal.Signals) -> None:
        """No signal reaches a process without a console."""
        _kill(process)

    def _kill(process: Process) -> None:
        kill = ["taskkill", "/PID", str(process.pid), "/T", "/F"]
        subprocess.run(kill, capture_output=True, check=False)  # noqa: S603  a program of Windows, and a number

else:

    def _a_group_of_its_own() -> dict[str, Any]:
        return {"start_new_session": True}

    def _signal(process: Process, sign: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):  # all of it has ended
            os.killpg(process.pid, sign)

    def _kill(process: Process) -> None:
        _signal(process, signal.SIGKILL)
