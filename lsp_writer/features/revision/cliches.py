"""Phrases that a rewrite had better not have."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

FILE = "cliches.txt"

# Of a file that is meant for something else, no more is read.
_MOST_CHARACTERS, _MOST_PHRASES, _LONGEST = 100_000, 1000, 80


def cliches(settings_folder: Path) -> tuple[str, ...]:
    """The writer's own list, if there is one in `settings_folder`, or the shipped one."""
    own = settings_folder / FILE
    try:
        text = own.read_text(encoding="utf-8") if own.is_file() else _shipped()
    except (OSError, UnicodeDecodeError):
        text = _shipped()
    lines = (line.partition("#")[0].strip() for line in text[:_MOST_CHARACTERS].splitlines())
    return tuple(dict.fromkeys(line for line in lines if 0 < len(line) <= _LONGEST))[:_MOST_PHRASES]


def _shipped() -> str:
    return resources.files("lsp_writer.features.revision").joinpath(FILE).read_text(encoding="utf-8")
