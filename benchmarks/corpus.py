"""The prose to measure with."""

from __future__ import annotations

from pathlib import Path

_SAMPLES = Path(__file__).parent.parent / "samples"


def prose(file: Path | None) -> str:
    """The text of `file`, or of the stories that ship here, with LF line breaks."""
    files = [file] if file else sorted(_SAMPLES.glob("*.md"))
    return "\n\n".join(file.read_text(encoding="utf-8") for file in files)
