"""A model's licence, where there is no Hub to state it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model_export.checkpoints import CHECKPOINT, find, write


@pytest.mark.parametrize(
    ("readme", "licence"),
    [
        ("---\nlicense: apache-2.0\ntags:\n- fiction\n---\n# A model\n", "apache-2.0"),
        ("---\r\nlicense: mit\r\n---\r\n", "mit"),
        ("---\nlicense: [mit, cc-by-4.0]\n---\n", "mit, cc-by-4.0"),
        ("---\nlicense: other\nlicense_name: llama3.2\n---\n", "llama3.2"),
        ("---\nlanguage: en\n---\n", ""),
        ("# A model\n\nlicense: mine\n", ""),
        ("---\nlicense: [mit\n---\n", ""),
        ("---\n- license\n---\n", ""),
        (None, ""),
    ],
)
def test_a_folder_says_what_its_readme_says(readme: str | None, licence: str, tmp_path: Path) -> None:
    """The manifest had no licence, though the folder had been downloaded whole."""
    files = CHECKPOINT if readme is None else CHECKPOINT | {"README.md": readme.encode()}
    located = find(write(tmp_path / "mine", files), tmp_path / "cache")
    assert located.source.licence == licence
    assert located.notes == ((f"Its licence is {licence}.",) if licence else ("It states no licence.",))
