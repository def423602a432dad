"""What the name of a source can be taken for."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp_writer.errors import ExportFailed
from tests.model_export.checkpoints import check_refused, find


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("C:/models/story.gguf", "There is no file or folder C:/models/story.gguf. Check the path"),
        ("C:/story.gguf", "There is no file or folder C:/story.gguf. Check the path"),
        ("org/name:story.gguf", "The Hub was asked for org/name."),
        ("org/name:parts/story.gguf", "The Hub was asked for org/name."),
        ("", "No model was named. Give a Hugging Face id"),
    ],
)
def test_a_path_or_an_id(source: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path on Windows was looked for on the Hub, as a file of a model “C”; and no name was the current folder."""

    def look_up(repository: str, *_: object) -> None:
        raise ExportFailed(f"The Hub was asked for {repository}.")

    monkeypatch.setattr("model_export.hub.find", look_up)
    check_refused(lambda: find(source, tmp_path), expected)
