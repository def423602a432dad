"""What an installed copy holds."""

import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

PROJECT = Path(__file__).parents[1]


def test_the_wheel_holds_the_stories_of_the_demonstration(tmp_path: Path) -> None:
    """Installed from a wheel, `lsp-writer demo` said: “The sample stories are missing. Install lsp-writer again.”"""
    (wheel,) = WheelBuilder(str(PROJECT)).build(directory=str(tmp_path), versions=["standard"])
    files = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    stories = {Path("lsp_writer") / story.relative_to(PROJECT) for story in (PROJECT / "samples").iterdir()}
    assert stories
    assert stories <= files
    assert {Path("lsp_writer/__main__.py"), Path("model_export/prose.txt")} <= files
    assert not [file for file in files if file.parts[0] == "tests"]
