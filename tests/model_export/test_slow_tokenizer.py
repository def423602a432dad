"""A checkpoint whose tokenizer is SentencePiece's own file."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.model_export.checkpoints import CONFIG, check_refused, find, without, write

pytestmark = pytest.mark.model


@pytest.mark.parametrize("installed", [True, False])
def test_sentencepiece_is_asked_for_where_it_helps(
    installed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model was refused whose tokenizer one package more turns into what the server reads."""
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: (find_spec("json") if installed else None) if name == "sentencepiece" else find_spec(name),
    )
    folder = write(tmp_path / "folder", without("tokenizer.json", tokenizer__model=b"pieces"))
    if installed:
        assert find(folder, tmp_path / "cache").config == CONFIG
    else:
        check_refused(lambda: find(folder, tmp_path / "cache"), "Run: pip install sentencepiece")
