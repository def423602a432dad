"""The page as a text: what is in it, and what must never be."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.features.report.book import Source
from lsp_writer.features.report.report import finish, measure
from lsp_writer.features.report.surprisal import Surprise
from tests.features.report.books import source

# Each draws charts, and the library for plots takes a second to start.
pytestmark = pytest.mark.slow

MANUSCRIPT = (Path(__file__).parents[3] / "samples" / "lighthouse.md").read_text(encoding="utf-8")
CHARTS = {"rhythm", "dialogue", "pace", "presence", "emotion", "surprisal", "words", "phrases", "findings"}
VOID = {"meta", "br", "link", "img", "input", "hr"}


def made(*sources: Source, title: str = "The Ferry", surprises: tuple[Surprise, ...] = ()) -> str:
    measured = measure(title, sources, Wishes(), tell=lambda *_: None)
    return finish(measured, surprises, "No model was asked.", lambda *_: None)


class Elements(HTMLParser):
    """Which elements there are, and what each section's text is."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(page)
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.found if found == tag]


def check_page(page: str, charts: set[str]) -> None:
    """A whole page, with a drawing in exactly these sections, whose markup is the report's own."""
    elements = Elements(page)
    assert {section["id"] for section in elements.named("section")} == CHARTS
    drawings = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert {drawing.get("aria-labelledby", "").split("-")[0] for drawing in map(ET.fromstring, drawings)} == charts
    assert not elements.named("script")
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]
    assert not re.findall(r"(?:src|href)=\"(?!#)", page), "nothing is fetched from anywhere"
    assert "url(" not in page
    assert not re.findall(r">[^<]*(?:NaN|Infinity|undefined|null)[^<]*<", page)


@pytest.mark.parametrize(
    ("text", "charts"),
    [
        ("It rained.", set()),
        ("“Where?”", set()),
        ("# One\n\n# Two\n\nIt rained.\n", set()),
        ("曹操来到城中。" * 40, {"rhythm", "phrases"}),
        ("سافرت سارة إلى المدينة. كان المطر يهطل.\n\n" * 5, {"rhythm", "pace", "words", "phrases"}),
        (MANUSCRIPT, {"rhythm", "dialogue", "pace", "presence", "words", "findings"}),
    ],
    ids=["one sentence", "one speech", "an empty chapter", "Chinese", "right to left", "a story"],
)
def test_every_book_has_a_page(text: str, charts: set[str]) -> None:
    check_page(made(source(text)), charts)


def test_a_manuscript_is_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    text = "\n\n".join(
        f"# {evil} \"' {{{{ 7 * 7 }}}}\n\nThen <b>Mara</b> said “{evil}” to Jory&Co and Mara. {evil} {evil} {evil}"
        for _ in range(3)
    )
    page = made(source(text, evil, markdown=False), source(text, evil), title=f'{evil}" onload="alert(1)')
    check_page(page, set(re.findall(r'aria-labelledby="(\w+)-title \w+-meaning"', page)))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page


def test_the_model_has_its_chart() -> None:
    surprises = tuple(Surprise(start, 20, 4.0 + start / 100) for start in range(0, 200, 20))
    page = made(source(MANUSCRIPT), surprises=surprises)
    assert 'aria-labelledby="surprisal-title surprisal-meaning"' in page
    assert "The model read 200 of" in page


def test_colours_are_the_pages_own() -> None:
    """A chart with a colour of its own cannot be read on a dark page."""
    drawings = "".join(re.findall(r"<svg .*?</svg>", made(source(MANUSCRIPT)), re.DOTALL))
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawings))
    assert colours <= {f"var(--{name})" for name in ("ink", "soft", "text", "muted", "line", "paper")} | {
        "none",
        "transparent",
    }


def test_two_reports_on_one_book_are_the_same() -> None:
    assert made(source(MANUSCRIPT)) == made(source(MANUSCRIPT))
