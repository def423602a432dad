"""What the writer has silenced, for the commands that work on files."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from lsp_writer.features.critiques.silence import Silence
from lsp_writer.features.critiques.word_lists import WordLists
from lsp_writer.settings import user_settings_file


def silence_for(path: Path) -> Silence:
    """By the lists of the writer and of the story at `path`, a folder or a file in it. What cannot be used is told."""
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    silence, problems = WordLists(user_settings_file().parent, folder).read()
    for problem in problems:
        Console(stderr=True, soft_wrap=True).print(problem, markup=False)
    return silence
