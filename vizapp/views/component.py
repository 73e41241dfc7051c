"""What all panes share: one JavaScript bundle, whose default export has an entry for each class by its name."""

from __future__ import annotations

from typing import Any

import panel as pn
from bokeh.plotting import figure
from panel.custom import JSComponent

from vizapp.explorer import Explorer


class Component(JSComponent):
    """A pane of an Explorer. Panes of one page find each other in the browser, through the page's hub."""

    _bundle = "dist/vizapp.js"

    def __init__(self, explorer: Explorer, **params: object) -> None:
        # Not a parameter: those travel to the page.
        self.explorer = explorer
        super().__init__(**{"sizing_mode": "stretch_width", **params})


class FigureComponent(Component):
    """A pane around a Bokeh figure."""

    figure = pn.custom.Child()


def bare_figure(**options: Any) -> figure:
    """A Bokeh figure that is nothing but its plot: no axes, tools, borders or colours of its own."""
    plot = figure(
        toolbar_location=None,
        tools="",
        min_border=0,
        outline_line_color=None,
        background_fill_color=None,
        border_fill_color=None,
        lod_threshold=None,
        **options,
    )
    plot.axis.visible = False
    plot.grid.visible = False
    return plot
