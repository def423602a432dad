"""Plots, as Vega-Lite draws them into SVG.

Charts that run along the book share one axis: the book's words from left to right, parted where chapters begin. Colours
are names of the page's own (`var(--…)`), so that one chart serves a light page, a dark one and paper.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from math import ceil
from typing import Any, Protocol

import msgspec

from lsp_writer.errors import WriterError

#: Of a chart with its labels, in pixels; the page scales it.
WIDTH = 760
# Names of people stand there, and figures in other charts, so that what is below one another is the same place.
_LEFT = 132
_LEFT_OF_BARS = 200
# More chapter numbers than this are not read.
_MOST_NUMBERS = 30
_VERSION = "6.4"

_INK, _SOFT, _TEXT, _LINE = "var(--ink)", "var(--soft)", "var(--muted)", "var(--line)"

Json = dict[str, Any]
Rows = Sequence[Mapping[str, object]]


class Chart(msgspec.Struct, frozen=True):
    """A Vega-Lite specification, and what is drawn, for who does not see it."""

    spec: Json
    description: str


class Place(Protocol):
    """A part of the book: the words in front of it and up to its end, and its label."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def label(self) -> str: ...


class Axis(msgspec.Struct, frozen=True):
    """The axis along a book."""

    words: int
    #: Start, end and number of each chapter.
    chapters: tuple[tuple[int, int, str], ...]

    @classmethod
    def of(cls, words: int, chapters: Sequence[Place]) -> Axis:
        return cls(words, tuple((chapter.start, chapter.end, chapter.label) for chapter in chapters))


def require_plots() -> None:
    """Raises WriterError if the library for plots is not installed."""
    if find_spec("vl_convert") is None:
        raise WriterError("The report needs a library for its charts. Install it: pip install 'lsp-writer[report]'")


def render(chart: Chart) -> str:
    """`chart` as SVG, whose text is escaped. Raises WriterError if the library for plots is not installed."""
    require_plots()
    from vl_convert import vegalite_to_svg

    return vegalite_to_svg(chart.spec, vl_version=_VERSION, allowed_base_urls=[])


def steps(
    axis: Axis, title: str, rows: Rows, description: str, *, percent: bool = False, usual: float | None = None
) -> Chart:
    """Blocks as wide as their part is long and `value` high. `usual` is marked by a dashed line."""
    scale: Json = {"domain": [0, 1]} if percent else {"zero": True, "nice": True}
    vertical = {"field": "value", "type": "quantitative", "scale": scale, "axis": _values("%" if percent else ",d")}
    encoding = {"x": _along(axis), "x2": {"field": "end"}, "y": vertical, "y2": {"datum": 0}}
    mark = {"type": "rect", "color": _INK, "stroke": "var(--paper)", "strokeWidth": _gap(len(rows))}
    layers: list[Json] = [{"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}]
    if percent:
        ground = {**mark, "color": _SOFT}
        layers.insert(0, {**layers[0], "mark": ground, "encoding": {**encoding, "y": {**vertical, "datum": 1}}})
        del layers[0]["encoding"]["y"]["field"]
    if usual is not None:
        layers.append(_dashed(usual))
    return Chart(_spec(title, [*_borders(axis), *layers], 170), description)


def band(axis: Axis, title: str, rows: Rows, description: str) -> Chart:
    """A line through `middle`, and around it a band from `low` to `high`."""
    across = {**_along(axis), "field": "at"}

    def vertical(field: str) -> Json:
        return {"field": field, "type": "quantitative", "axis": _values(",d"), "scale": {"zero": True}}

    area = {"type": "area", "color": _SOFT, "interpolate": "monotone"}
    line = {"type": "line", "color": _INK, "strokeWidth": 2, "interpolate": "monotone"}
    layers: list[Json] = [
        {"mark": area, "encoding": {"x": across, "y": vertical("low"), "y2": {"field": "high"}}},
        {"mark": line, "encoding": {"x": across, "y": vertical("middle")}},
    ]
    return Chart(_spec(title, [*_borders(axis), {"data": {"values": list(rows)}, "layer": layers}], 190), description)


def curve(axis: Axis, title: str, rows: Rows, description: str, *, usual: float, dots: bool = False) -> Chart:
    """A line through `value`, with the side of `usual` shaded; with `dots`, also what each `measured` was."""
    across = {**_along(axis), "field": "at"}
    vertical: Json = {
        "field": "value",
        "type": "quantitative",
        "axis": _values(",.1~f"),
        "scale": {"zero": False, "nice": True},
    }
    area = {"type": "area", "color": _SOFT, "interpolate": "monotone"}
    line = {"type": "line", "color": _INK, "strokeWidth": 2, "interpolate": "monotone"}
    layers: list[Json] = [
        {"mark": area, "encoding": {"x": across, "y": vertical, "y2": {"datum": usual}}},
        {"mark": line, "encoding": {"x": across, "y": vertical}},
    ]
    if dots:
        dot = {"type": "circle", "color": _INK, "opacity": 0.5, "size": 16}
        layers[0] = {"mark": dot, "encoding": {"x": across, "y": {**vertical, "field": "measured"}}}
    drawn = [*_borders(axis), {"data": {"values": list(rows)}, "layer": layers}, _dashed(usual)]
    return Chart(_spec(title, drawn, 190), description)


def tiles(axis: Axis, title: str, rows: Rows, names: Sequence[str], description: str) -> Chart:
    """A row for each of `names`, and in it a tile as wide as its part is long, the darker the higher its `share`."""
    # By number: two rows may not bear one name, and what a manuscript calls its people is no expression.
    numbers = list(range(len(names)))
    place = {
        "field": "row",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": numbers, "padding": 0.12},
        "axis": _labels(names, _LEFT),
    }
    encoding = {"x": _along(axis), "x2": {"field": "end"}, "y": place}
    ground: Json = {
        "data": {"values": [{"row": row, "start": 0, "end": axis.words} for row in numbers]},
        "mark": {"type": "rect", "color": _SOFT, "opacity": 0.45},
        "encoding": encoding,
    }
    scale = {"type": "sqrt", "domain": [0, 1], "range": [0.12, 1]}
    depth = {"field": "share", "type": "quantitative", "legend": None, "scale": scale}
    tile: Json = {
        "data": {"values": list(rows)},
        "mark": {"type": "rect", "color": _INK},
        "encoding": {**encoding, "fillOpacity": depth},
    }
    return Chart(_spec(title, [ground, tile, *_borders(axis)], 24 * len(names)), description)


def bars(title: str, rows: Sequence[tuple[str, int]], description: str) -> Chart:
    """A bar for each label, with its figure behind it."""
    values = [{"row": row, "value": value} for row, (_, value) in enumerate(rows)]
    place = {
        "field": "row",
        "type": "ordinal",
        "sort": None,
        "scale": {"padding": 0.28},
        "axis": _labels([label for label, _ in rows], _LEFT_OF_BARS),
    }
    long = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": True, "nice": False}}
    figure = {"type": "text", "align": "left", "dx": 6, "color": _TEXT, "fontSize": 12}
    text = {"field": "value", "type": "quantitative", "format": ",d"}
    layers: list[Json] = [
        {"mark": {"type": "bar", "color": _INK}, "encoding": {"x": long, "y": place}},
        {"mark": figure, "encoding": {"x": long, "y": place, "text": text}},
    ]
    return Chart(_spec(title, [{"data": {"values": values}, "layer": layers}], 22 * len(rows)), description)


def _labels(labels: Sequence[str], left: int) -> Json:
    """The axis of rows that are told by number."""
    return {
        "labelExpr": f"{_literal(labels)}[datum.value]",
        "labelPadding": 6,
        "labelColor": "var(--text)",
        "labelFontSize": 13,
        "labelLimit": left - 8,
        "minExtent": left,
        "maxExtent": left,
        "domain": False,
        "ticks": False,
        "title": None,
    }


def _spec(title: str, layers: Sequence[Json], height: int) -> Json:
    return {
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "right": 14, "top": 4, "bottom": 4},
        "background": None,
        "title": {"text": title, "anchor": "start", "frame": "group", "fontSize": 12, "offset": 10},
        "layer": list(layers),
        "config": {
            "aria": False,
            "font": "inherit",
            "view": {"stroke": None},
            "title": {"color": _TEXT, "fontWeight": "normal"},
            "axis": {
                "labelColor": _TEXT,
                "labelFontSize": 12,
                "gridColor": _LINE,
                "domainColor": _LINE,
                "tickColor": _LINE,
                "titleColor": _TEXT,
                "titleFontWeight": "normal",
                "titleFontSize": 12,
            },
        },
    }


def _along(axis: Axis) -> Json:
    """Along the book: numbers of chapters in the middle of each, or words where it has but one."""
    shown: Json = {"grid": False, "ticks": False, "labelPadding": 8, "titlePadding": 8, "domain": True}
    if len(axis.chapters) > 1:
        numbered = [chapter for chapter in axis.chapters if chapter[2]]
        every = ceil(len(numbered) / _MOST_NUMBERS)
        middles = {str((start + end) // 2): label for start, end, label in numbered[::every]}
        shown |= {
            "values": [int(middle) for middle in middles],
            "labelExpr": f"{_literal(middles)}[datum.value]",
            "labelOverlap": "greedy",
            "labelSeparation": 6,
            "title": "chapter",
        }
    else:
        shown |= {"format": ",d", "title": "words", "tickCount": 8, "tickMinStep": 1}
    scale = {"domain": [0, axis.words], "nice": False}
    return {"field": "start", "type": "quantitative", "scale": scale, "axis": shown}


def _values(form: str) -> Json:
    return {
        "format": form,
        "title": None,
        "tickCount": 5,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
        "minExtent": _LEFT,
        "maxExtent": _LEFT,
    }


def _borders(axis: Axis) -> Iterable[Json]:
    """A fine line where a chapter begins."""
    starts = [{"start": start} for start, _, _ in axis.chapters[1:]]
    if starts:
        mark = {"type": "rule", "color": _LINE, "strokeWidth": 1}
        yield {"data": {"values": starts}, "mark": mark, "encoding": {"x": _along(axis)}}


def _dashed(usual: float) -> Json:
    mark = {"type": "rule", "color": _TEXT, "strokeDash": [4, 4], "strokeWidth": 1}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": {"y": {"datum": usual, "type": "quantitative"}}}


def _gap(rows: int) -> float:
    """Blocks are parted by the paper between them, as long as there is room."""
    return 1.0 if rows <= 120 else 0.0


def _literal(value: object) -> str:
    """`value` as an expression of Vega's, which reads JSON but for two line breaks and takes no part of it for more."""
    return json.dumps(value, ensure_ascii=True)
