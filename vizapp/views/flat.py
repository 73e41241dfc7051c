"""The flat plot: the network flattened on a plane, every node a cell."""

from __future__ import annotations

import panel as pn
from bokeh.core.properties import value
from bokeh.models import (
    ColumnDataSource,
    LinearColorMapper,
    PanTool,
    Range1d,
    Rect,
    Segment,
    Text,
    WheelZoomTool,
)
from bokeh.plotting import figure

from vizapp.explorer import Explorer
from vizapp.nets.layout import Layout
from vizapp.views.component import FigureComponent, bare_figure

FONT = 'Inter, "Segoe UI", system-ui, Roboto, "Helvetica Neue", Arial, sans-serif'
_NO_CELLS: dict[str, list[object]] = {"image": [], "x": [], "y": [], "dw": [], "dh": []}


class Flat(FigureComponent):
    """Cells coloured by activation, layer names, and the edges into the node under the pointer."""

    def __init__(self, explorer: Explorer, **params: object) -> None:
        super().__init__(
            explorer, figure=pn.pane.Bokeh(_figure(explorer.layout), sizing_mode="stretch_both"), **params
        )


def _figure(layout: Layout) -> figure:
    x0, x1, y0, y1 = layout.bounds
    plot = bare_figure(
        name="vizapp-flat",
        sizing_mode="stretch_both",
        x_range=Range1d(x0, x1),
        y_range=Range1d(y0, y1),
    )
    wheel = WheelZoomTool(zoom_on_axis=False)
    plot.add_tools(PanTool(), wheel)
    plot.toolbar.active_scroll = wheel

    raster = ColumnDataSource(dict(_NO_CELLS), name="vizapp-edges")
    mapper = LinearColorMapper(palette=["#00000000"] * 256, low=0, high=255, name="vizapp-edge-map")
    plot.image(image="image", x="x", y="y", dw="dw", dh="dh", source=raster, color_mapper=mapper)

    for suffix in ("", "-signed"):
        cells = ColumnDataSource(dict(_NO_CELLS), name=f"vizapp-cells{suffix}")
        mapper = LinearColorMapper(palette="Greys256", low=0, high=255, name=f"vizapp-map{suffix}")
        plot.image(image="image", x="x", y="y", dw="dw", dh="dh", source=cells, color_mapper=mapper)

    edges = ColumnDataSource({"x0": [], "y0": [], "x1": [], "y1": [], "color": [], "alpha": []})
    edges.name = "vizapp-hover-edges"
    glyph = Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_color="color", line_alpha="alpha", line_width=1)
    # The overlay is a canvas of its own: the cells below are not painted again.
    plot.add_glyph(edges, glyph, level="overlay")

    node = ColumnDataSource({"x": [], "y": [], "size": []}, name="vizapp-hover-node")
    outline = Rect(
        x="x", y="y", width="size", height="size", fill_color=None, line_width=2, name="vizapp-outline"
    )
    plot.add_glyph(node, outline, level="overlay")

    selection = ColumnDataSource({"x": [], "y": [], "size": []}, name="vizapp-selection")
    frame = Rect(
        x="x", y="y", width="size", height="size", fill_color=None, line_width=2, line_color="#d9480f"
    )
    plot.add_glyph(selection, frame, level="overlay")

    labels = ColumnDataSource({"x": [], "y": [], "name": [], "detail": []}, name="vizapp-labels")
    digits = ColumnDataSource({"x": [], "y": [], "text": []}, name="vizapp-digits")
    digit = Text(x="x", y="y", text="text", text_align="center", text_baseline="bottom", name="vizapp-digit")
    digit.update(text_font=value(FONT), text_font_size="13px")
    plot.add_glyph(digits, digit)
    for field, size, baseline in (("name", "13px", "bottom"), ("detail", "11px", "top")):
        text = Text(x="x", y="y", text=field, text_baseline=baseline, name=f"vizapp-label-{field}")
        text.update(text_font=value(FONT), text_font_size=size)
        plot.add_glyph(labels, text)
    return plot
