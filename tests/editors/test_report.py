"""A report in a real browser: it can be read in the light, in the dark, on a narrow screen and on paper, by the
keyboard alone and without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.features.report.book import Source
from lsp_writer.features.report.report import finish, measure
from lsp_writer.features.report.surprisal import Surprise
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from tests.editors.conftest import ROOT

pytestmark = pytest.mark.editor

#: Of normal text, by the Web Content Accessibility Guidelines; of what is drawn.
LEAST_CONTRAST, LEAST_CONTRAST_DRAWN = 4.5, 3.0
SAMPLES = "\n\n".join(
    paragraph
    for name in ("lighthouse", "night-train")
    for paragraph in (ROOT / "samples" / f"{name}.md").read_text(encoding="utf-8").split("\n\n")
    if not paragraph.startswith(("---", "#"))
)
CHAPTERS = "".join(f"# The Keeper’s {number}th Night\n\n{SAMPLES}\n\n" for number in range(1, 41))
BOOKS = {
    "a novel of forty chapters": (CHAPTERS, 9),
    "a story of one scene": (SAMPLES, 9),
    "a line": ("It rained.", 0),
}


class Box(msgspec.Struct):
    width: float
    height: float


class View(msgspec.Struct):
    charts: list[Box]
    #: Of each chart, whether its title and its description have a text.
    named: list[list[bool]]
    headings: list[int]
    #: Labels that lie on one another, and labels that a chart's edge cuts.
    clashes: list[str]
    cut: list[str]
    contrasts: dict[str, float]
    #: What charts are drawn in, against the paper.
    ink: float
    #: Luminance.
    paper: float
    #: Pixels by which the page is wider than its window.
    wider: float


class Tab(msgspec.Struct):
    tag: str
    outlined: bool
    seen: bool


class Seen(msgspec.Struct):
    """What report.mjs saw."""

    complaints: list[str]
    requests: list[str]
    views: dict[str, View]
    tabs: list[Tab]
    focusable: int
    #: Whether Enter opened the figures.
    table: bool


@pytest.mark.parametrize("name", BOOKS)
def test_a_report_can_be_read(name: str, tmp_path: Path) -> None:
    text, charts = BOOKS[name]
    report = tmp_path / f"{name.replace(' ', '-')}.html"
    report.write_text(page_on(text), encoding="utf-8")
    seen = looked_at(report)
    assert seen.complaints == []
    assert set(seen.requests) == {report.as_uri()}, "nothing but the page itself is asked for"
    for medium, view in seen.views.items():
        check_view(medium, view, charts)
    assert seen.views["light"].paper > 0.9
    assert seen.views["dark"].paper < 0.05
    assert seen.views["print"].paper > 0.9, "paper is white, whatever the screen is"
    assert len(seen.tabs) == seen.focusable
    assert seen.tabs[0].tag == "a", "the way past the navigation comes first"
    assert [tab for tab in seen.tabs if not (tab.outlined and tab.seen)] == []
    assert seen.table


def check_view(name: str, view: View, charts: int) -> None:
    assert len(view.charts) == charts
    assert all(chart.width > 250 and chart.height > 30 for chart in view.charts), name
    assert all(all(named) for named in view.named)
    assert view.headings == [1, *[2] * 9]
    assert (view.clashes, view.cut) == ([], []), name
    assert {what: ratio for what, ratio in view.contrasts.items() if ratio < LEAST_CONTRAST} == {}, name
    assert view.ink >= LEAST_CONTRAST_DRAWN
    assert view.wider <= 0, f"{name}: the page itself does not scroll sideways"


def page_on(text: str) -> str:
    source = Source("book", Manuscript("file:///book.md", 1, Rope.of(text)))
    measured = measure("The Keeper’s Nights", [source], Wishes(), tell=lambda *_: None)
    surprises = [Surprise(sample.start, 80, 5 + place % 7) for place, sample in enumerate(measured.samples)]
    return finish(measured, surprises, "", lambda *_: None)


def looked_at(report: Path) -> Seen:
    editors, shots = ROOT / ".editors", Path(__file__).parent / "shots"
    assert (editors / "bin").is_dir(), "the browser is not installed: run tests/editors/install.sh"
    shots.mkdir(exist_ok=True)
    plan = {
        "editors": str(editors),
        "browser": shutil.which("chromium"),
        "report": report.as_uri(),
        "shots": str(shots),
        "name": report.stem,
    }
    answer = subprocess.run(
        [editors / "bin" / "node", Path(__file__).with_name("report.mjs")],
        input=msgspec.json.encode(plan),
        capture_output=True,
        timeout=300,
        check=False,
        env={**os.environ, "HOME": str(report.parent)},
    )
    assert answer.returncode == 0, answer.stderr.decode()
    return msgspec.json.decode(answer.stdout, type=Seen)
