"""What the writer has asked for in their own words, newest first: one small file of theirs."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from lsp_writer.features.revision.entry import LONGEST_INSTRUCTION
from lsp_writer.folders import write_whole

_logger = logging.getLogger(__name__)

#: In the program's data folder.
INSTRUCTIONS_FILE = "instructions.json"
#: So many are remembered.
MOST_INSTRUCTIONS = 20

_Instructions = tuple[Annotated[str, Meta(min_length=1, max_length=LONGEST_INSTRUCTION)], ...]
# More is not a file of so few instructions.
_LONGEST_FILE = 8 * MOST_INSTRUCTIONS * LONGEST_INSTRUCTION


class Instructions:
    """The instructions in `file`. Other servers may write to it as well, so it is read whenever it is asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def newest(self) -> tuple[str, ...]:
        """All that are remembered, newest first; none if the file is not there or cannot be used."""
        try:
            with self._file.open("rb") as source:
                content = source.read(_LONGEST_FILE)
            return msgspec.json.decode(content, type=_Instructions)[:MOST_INSTRUCTIONS]
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            _logger.info("The instructions asked for before are left aside: %s cannot be used (%s)", self._file, error)
            return ()

    def add(self, instruction: str) -> None:
        """Remember `instruction` as the newest. A file that cannot be written is left as it is."""
        others = (other for other in self.newest() if other != instruction)
        content = msgspec.json.encode((instruction, *others)[:MOST_INSTRUCTIONS])
        try:
            write_whole(self._file, content)
        except OSError as error:
            _logger.warning("The instruction could not be written to %s (%s)", self._file, error.strerror)
