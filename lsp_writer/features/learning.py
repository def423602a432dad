"""Where what was learnt of the writer is kept: one small file, of figures only."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from functools import reduce
from pathlib import Path

import msgspec

from lsp_writer.features.calibration import Calibration, Outcome
from lsp_writer.folders import write_whole

_logger = logging.getLogger(__name__)

#: In the program's data folder.
CALIBRATION_FILE = "ghost-text.json"

# Outcomes that are written down together: half an hour's, or so.
_OUTCOMES_A_SAVE = 10
# No more are kept for a file that cannot be written: older ones are as good as forgotten.
_MOST_UNSAVED = 100


class Learner:
    """The calibration in use, and the outcomes that are not in its file yet. On the event loop only."""

    def __init__(self, file: Path, calibration: Calibration) -> None:
        """`calibration` is what `read_calibration(file)` says."""
        self.calibration = calibration
        self._file = file
        self._unsaved: list[Outcome] = []
        # Outcomes since it was last tried to write them down.
        self._since = 0
        self._saving: asyncio.Task[None] | None = None

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Learn from `outcomes` at once, and write down what was learnt every now and then, on another thread."""
        self.calibration = _after(self.calibration, outcomes)
        self._unsaved += outcomes
        self._since += len(outcomes)
        if self._since >= _OUTCOMES_A_SAVE and self._saving is None and _in_loop():
            self._since = 0
            self._saving = asyncio.create_task(self._save())

    def close(self) -> None:
        """Write down what is left. Blocks for as long as it takes to write a short file."""
        unsaved, self._unsaved = self._unsaved, []
        if unsaved:
            _save(self._file, unsaved)

    async def _save(self) -> None:
        unsaved, self._unsaved = self._unsaved, []
        saved = await asyncio.to_thread(_save, self._file, unsaved)
        if saved is None:
            self._unsaved = [*unsaved, *self._unsaved][-_MOST_UNSAVED:]
        else:
            self.calibration = _after(saved, self._unsaved)
        self._saving = None


def read_calibration(file: Path) -> Calibration:
    """What was learnt until now, or nothing if `file` cannot be used. Never raises."""
    try:
        return _read(file)
    except OSError as error:
        _logger.info("What was learnt of the writer is left aside: %s cannot be read (%s)", file, error.strerror)
        return Calibration()


def _read(file: Path) -> Calibration:
    """What `file` says; nothing learnt if there is none, or none that makes sense. Raises OSError."""
    try:
        calibration = msgspec.json.decode(file.read_bytes(), type=Calibration)
        if calibration.sound:
            return calibration
        problem = "its figures are out of bounds"
    except FileNotFoundError:
        return Calibration()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        problem = str(error)
    _logger.info("What was learnt of the writer is begun anew: %s cannot be used (%s)", file, problem)
    return Calibration()


def _save(file: Path, unsaved: Sequence[Outcome]) -> Calibration | None:
    """Add `unsaved` to `file` and return what it says then, or None if it cannot be written. It is read again first:
    another server may have learnt meanwhile, or the writer may have deleted it to be forgotten."""
    try:
        calibration = _after(_read(file), unsaved)
        write_whole(file, msgspec.json.encode(calibration))
    except OSError as error:
        _logger.warning("What was learnt of the writer could not be written to %s (%s)", file, error.strerror)
        return None
    return calibration


def _in_loop() -> bool:
    """Not when the server is going away: then `close` writes what is left."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _after(calibration: Calibration, outcomes: Iterable[Outcome]) -> Calibration:
    return reduce(Calibration.after, outcomes, calibration)
