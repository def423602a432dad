"""Logging without the manuscript: whatever could quote it is written at debug level only."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Leaves out the values of messages that are not this program's own, and the texts of exceptions.

    pygls logs whole messages at info level and parameters with errors, and an exception may quote what it choked on.
    """

    def format(self, record: logging.LogRecord) -> str:
        if not record.name.startswith("lsp_writer"):
            first_line = str(record.msg).partition("\n")[0]
            record = logging.makeLogRecord({**record.__dict__, "msg": first_line, "args": None})
        return super().format(record)

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802  the name is the standard library's
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace))
        return f"{frames}{kind.__name__ if kind else 'no exception'}"


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """An editor that cancels what has just been answered is in order, and does so at many keys."""
    return not str(record.msg).startswith("Cancel notification for unknown message id")


def log_to_stderr(level: int = logging.WARNING) -> None:
    """Log to standard error, which editors keep. Debug level may quote the manuscript; every other is discreet."""
    handler = logging.StreamHandler()
    handler.addFilter(_is_worth_a_line)
    layout = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(logging.Formatter(layout) if level <= logging.DEBUG else DiscreetFormatter(layout))
    logging.basicConfig(level=level, handlers=[handler], force=True)
