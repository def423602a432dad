"""What the tests of sources need."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where downloads go."""
    return tmp_path / "cache"
