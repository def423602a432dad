"""The page: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from lsp_writer import __version__
from lsp_writer.features.report.book import Book
from lsp_writer.features.report.charts import render
from lsp_writer.features.report.section import Section, counted
from lsp_writer.prose.words import reading_seconds


def page(book: Book, sections: Sequence[Section], tell: Callable[[int], None] = lambda _: None) -> str:
    """The report as HTML. `tell` hears how many of its sections have been drawn."""
    drawn: list[tuple[Section, Markup]] = []
    for section in sections:
        tell(len(drawn))
        drawn.append((section, _svg(section)))
    return _template().render(
        title=book.title,
        facts=_facts(book),
        left_out=_left_out(book.left_out),
        sections=drawn,
        version=__version__,
    )


def _svg(section: Section) -> Markup:
    """The chart's SVG, whose text the library for plots has escaped, as an image with a name."""
    if section.chart is None:
        return Markup("")
    label = Markup('role="img" aria-labelledby="{0}-title {0}-meaning" ').format(section.id)
    return Markup(render(section.chart).replace("<svg ", f"<svg {label}", 1))  # noqa: S704  # escaped by the library


def _facts(book: Book) -> str:
    minutes = round(reading_seconds(book.words) / 60)
    hours = f"{minutes // 60} h {minutes % 60} min to read" if minutes >= 60 else f"{max(minutes, 1)} min to read"
    facts = [counted(book.words, "word" if book.language != "zh" else "character")]
    if len(book.chapters) > 1:
        facts.append(counted(len(book.chapters), "chapter"))
    if len(book.scenes) > len(book.chapters):
        facts.append(counted(len(book.scenes), "scene"))
    return " · ".join((*facts, hours))


def _left_out(names: Sequence[str]) -> str:
    if not names:
        return ""
    each = "it" if len(names) == 1 else "they"
    return f"Left out, because {each} cannot be read as UTF-8 text: {', '.join(names)}"


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["figure"] = _figure
    file = resources.files("lsp_writer.features.report").joinpath("page.html.jinja")
    return environment.from_string(file.read_text("utf-8"))


def _figure(cell: str | float) -> str:
    return cell if isinstance(cell, str) else f"{cell:,}"
