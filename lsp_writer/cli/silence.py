"""What the writer has silenced, for the commands that work on files."""

from __future__ import annotations

import os
from itertools import takewhile
from pathlib import Path

from rich.console import Console

from lsp_writer.features.critiques.silence import Silence
from lsp_writer.features.critiques.word_lists import WORKSPACE_FOLDER, WordLists
from lsp_writer.settings import user_settings_file


def silence_for(path: Path) -> Silence:
    """By the lists of the writer and of the story at `path`, a folder or a file in it. What cannot be used is told."""
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    silence, problems = WordLists(user_settings_file().parent, _story_around(folder)).read()
    for problem in problems:
        Console(stderr=True, soft_wrap=True).print(problem, markup=False)
    return silence


def _story_around(folder: Path) -> Path:
    """The nearest of `folder` and the folders around it that has a `WORKSPACE_FOLDER`, or a link of that name, which
    `WordLists` judges. Neither the home folder nor the root is a story, unless the text lies in it."""
    home = Path.home().resolve()
    if folder == home:
        return folder
    around = [folder, *takewhile(lambda each: each not in {home, Path(each.anchor)}, folder.parents)]
    return next((each for each in around if os.path.lexists(each / WORKSPACE_FOLDER)), folder)
