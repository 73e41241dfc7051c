"""The flat plot: the network flattened on a plane, every node a cell."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import (
    BoxAnnotation,
    BoxSelectTool,
    ColumnDataSource,
    LassoSelectTool,
    Line,
    LinearColorMapper,
    PanTool,
    PolyAnnotation,
    Quad,
    Range1d,
    Rect,
    Scatter,
    Segment,
    Text,
    WheelZoomTool,
)
from bokeh.plotting import figure

from vizapp.explorer import Explorer
from vizapp.nets.layout import Layout
from vizapp.views.component import FigureComponent, bare_figure

FONT = 'Inter, "Segoe UI", system-ui, Roboto, "Helvetica Neue", Arial, sans-serif'
SELECTED = "#d9480f"
_NO_CELLS: dict[str, list[object]] = {"image": [], "x": [], "y": [], "dw": [], "dh": []}


class Flat(FigureComponent):
    """Cells coloured by activation, names that can be clicked, what is selected, and edges at the pointer."""

    def __init__(self, explorer: Explorer, **params: object) -> None:
        super().__init__(explorer, _figure(explorer.layout), **params)


def _figure(layout: Layout) -> figure:
    x0, x1, y0, y1 = layout.bounds
    plot = bare_figure(
        name="vizapp-flat",
        sizing_mode="stretch_both",
        x_range=Range1d(x0, x1),
        y_range=Range1d(y0, y1),
    )
    _add_tools(plot)
    _add_cells(plot)
    _add_texts(plot)
    _add_overlays(plot)
    return plot


def _add_tools(plot: figure) -> None:
    """The browser side chooses what a drag does, and reads what was swept over: there is nothing to select here."""
    pan, wheel = PanTool(name="vizapp-pan"), WheelZoomTool(zoom_on_axis=False)
    look = {"level": "overlay", "visible": False, "fill_alpha": 0.08, "line_width": 1, "syncable": False}
    box = BoxAnnotation(editable=False, **look)
    lasso = PolyAnnotation(editable=False, **look)
    plot.add_tools(
        pan,
        wheel,
        BoxSelectTool(name="vizapp-box", overlay=box, renderers=[], continuous=False),
        LassoSelectTool(name="vizapp-lasso", overlay=lasso, renderers=[], continuous=False),
    )
    plot.toolbar.active_scroll = wheel
    plot.toolbar.active_drag = pan


def _add_cells(plot: figure) -> None:
    for source, mapper, palette in (
        ("edges", "edge-map", ["#00000000"] * 256),
        ("cells", "map", "Greys256"),
        ("cells-signed", "map-signed", "Greys256"),
    ):
        cells = ColumnDataSource(dict(_NO_CELLS), name=f"vizapp-{source}")
        colours = LinearColorMapper(palette=palette, low=0, high=255, name=f"vizapp-{mapper}")
        plot.image(image="image", x="x", y="y", dw="dw", dh="dh", source=cells, color_mapper=colours)


def _add_texts(plot: figure) -> None:
    labels = _source("labels", "x", "y", "name", "detail")
    digits = _source("digits", "x", "y", "text")
    maps = _source("maps", "x", "y", "text")
    for source, name, field, size, align, baseline in (
        (digits, "digit", "text", 13, "center", "bottom"),
        (maps, "map-number", "text", 10, "center", "top"),
        (labels, "label-name", "name", 13, "left", "bottom"),
        (labels, "label-detail", "detail", 11, "left", "top"),
    ):
        text = Text(x="x", y="y", text=field, text_align=align, text_baseline=baseline, name=f"vizapp-{name}")
        text.update(text_font=value(FONT), text_font_size=f"{size}px")
        if source is maps:
            # They stand on edges.
            text.update(y_offset=2, padding=1, background_fill_alpha=0.7)
        plot.add_glyph(source, text)


def _add_overlays(plot: figure) -> None:
    """Outlines and lines. The overlay is a canvas of its own: the cells below are not painted again."""

    def add(source: ColumnDataSource, glyph: Any) -> None:
        plot.add_glyph(source, glyph, level="overlay")

    ground = Quad(left="left", right="right", top="top", bottom="bottom", name="vizapp-label-ground")
    ground.update(fill_alpha=0.12, line_alpha=0.6, border_radius=4)
    add(_source("label-mark", "left", "right", "top", "bottom"), ground)

    # Paths, lifted where there is NaN: one stroke, however many nodes there are.
    outline = Line(x="x", y="y", line_width=1.5, line_color=SELECTED, line_cap="square")
    add(_source("selection", "x", "y"), outline)
    field = Line(x="x", y="y", line_width=1.5, line_dash=[4, 3], line_color=SELECTED)
    add(_source("field", "x", "y"), field)
    preview = Line(x="x", y="y", line_width=1.5, line_dash=[4, 3], name="vizapp-preview-line")
    add(_source("preview", "x", "y"), preview)

    edges = Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_color="color", line_alpha="alpha", line_width=1)
    add(_source("hover-edges", "x0", "y0", "x1", "y1", "color", "alpha"), edges)

    primary = _source("primary", "x", "y", "size", "around")
    for size, name in (("around", "primary-around"), ("size", "primary-frame")):
        frame = Scatter(x="x", y="y", size=size, marker="square", fill_color=None, name=f"vizapp-{name}")
        frame.update(line_width=2.5 if size == "size" else 1.5, line_color=SELECTED)
        add(primary, frame)

    node = Rect(
        x="x", y="y", width="size", height="size", fill_color=None, line_width=2, name="vizapp-outline"
    )
    add(_source("hover-node", "x", "y", "size"), node)


def _source(name: str, *columns: str) -> ColumnDataSource:
    return ColumnDataSource({column: [] for column in columns}, name=f"vizapp-{name}")
