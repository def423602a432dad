"""A section of the report: one chart, what it means, and its figures as a table."""

from __future__ import annotations

import msgspec

from lsp_writer.features.report.charts import Chart

Cell = str | int | float


class Table(msgspec.Struct, frozen=True):
    """Figures, as many in each row as there are columns. The first column says what a row is about."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    #: Names the section on the page; letters and hyphens.
    id: str
    title: str
    #: One line of what the chart means for this book, or why there is none.
    meaning: str
    #: How it is measured.
    measured: str
    #: None: there is nothing to draw.
    chart: Chart | None = None
    table: Table = Table((), ())


def share(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
