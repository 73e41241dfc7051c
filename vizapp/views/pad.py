"""The drawing pad."""

from __future__ import annotations

from bokeh.models import ColumnDataSource, FreehandDrawTool, LinearColorMapper, MultiLine, Range1d
from bokeh.plotting import figure

from vizapp.explorer import Explorer
from vizapp.views.component import FigureComponent, bare_figure


class Pad(FigureComponent):
    """Bokeh's figure with its freehand draw tool, and the tools around it. Ink never waits for the server."""

    def __init__(self, explorer: Explorer, **params: object) -> None:
        super().__init__(explorer, _figure(), **params)


def _figure() -> figure:
    # y runs downwards, as in images and in stroke files.
    plot = bare_figure(
        sizing_mode="stretch_both",
        x_range=Range1d(0, 1),
        y_range=Range1d(1, 0),
    )
    image = ColumnDataSource({"image": [], "x": [], "y": [], "dw": [], "dh": []}, name="vizapp-pad-image")
    mapper = LinearColorMapper(palette=["#ffffff", "#1f2933"], low=0, high=255, name="vizapp-pad-map")
    plot.image(image="image", x="x", y="y", dw="dw", dh="dh", source=image, color_mapper=mapper)
    ink = ColumnDataSource({"xs": [], "ys": [], "width": [], "color": []}, name="vizapp-ink")
    glyph = MultiLine(
        xs="xs", ys="ys", line_width="width", line_color="color", line_cap="round", line_join="round"
    )
    strokes = plot.add_glyph(ink, glyph, nonselection_glyph=glyph)
    # What the lens says of the pixels that the network sees, translucent over the ink.
    lit = ColumnDataSource({"image": [], "x": [], "y": [], "dw": [], "dh": []}, name="vizapp-pad-lit")
    mapper = LinearColorMapper(palette=["#00000000"] * 256, low=0, high=255, name="vizapp-pad-lit-map")
    plot.image(image="image", x="x", y="y", dw="dw", dh="dh", source=lit, color_mapper=mapper)
    tool = FreehandDrawTool(renderers=[strokes], num_objects=0)
    plot.add_tools(tool)
    plot.toolbar.active_drag = tool
    return plot
