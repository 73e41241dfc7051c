"""What all panes share: one JavaScript bundle, whose default export has an entry for each class by its name."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import panel as pn
from bokeh.document import Document
from bokeh.model import Model
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

    def _get_properties(self, doc: Document | None) -> dict[str, Any]:
        """Where no server has the bundle it travels with what is displayed: with one of the components, once."""
        properties: dict[str, Any] = super()._get_properties(doc)
        if properties["bundle"] != "url":
            key = f"vizapp-{hashlib.sha256(properties['esm'].encode()).hexdigest()[:12]}"
            source = properties["esm"] if self._carries_bundle else None
            properties.update(esm=_shared(key, source), bundle=f"{key}-{type(self).__name__}")
        return properties

    _carries_bundle = False

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """In a notebook, a pane by itself."""
        from vizapp.views.alone import alone
        from vizapp.views.showing import show

        return show(alone(self), self.explorer, include, exclude)


def _shared(key: str, source: str | None) -> str:
    """A module with the same exports as the bundle, which whoever has the `source` loads for all."""
    load = (
        ""
        if source is None
        else f"""
if (!shared.begun) {{
  shared.begun = true;
  const url = URL.createObjectURL(new Blob([{json.dumps(source)}], {{ type: "text/javascript" }}));
  import(url).then(shared.resolve, shared.reject);
}}"""
    )
    return f"""
const shared = (globalThis[{json.dumps(key)}] ??= {{}});
shared.bundle ??= new Promise((resolve, reject) => Object.assign(shared, {{ resolve, reject }}));{load}
export default (await shared.bundle).default;
"""


class FigureComponent(Component):
    """A pane around a Bokeh figure."""

    figure = pn.custom.Child()

    def __init__(self, explorer: Explorer, plot: Model, **params: object) -> None:
        for model in plot.references():
            # What the browser does to its figure is its own; a notebook would send every change of a colour.
            model.syncable = False
        super().__init__(explorer, figure=pn.pane.Bokeh(plot, sizing_mode="stretch_both"), **params)


def bare_figure(**options: Any) -> figure:
    """A Bokeh figure that is nothing but its plot: no axes, tools, borders or colours of its own."""
    plot = figure(
        title=None,
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
