"""Panes where there is no page of ours around them: in a notebook, or in somebody's own Panel app."""

from __future__ import annotations

import uuid
from pathlib import Path

import panel as pn
from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import UIElement
from panel.io.notebook import patch_inline_stylesheets
from panel.io.resources import set_resource_mode

from vizapp.explorer import Explorer
from vizapp.views.component import Component
from vizapp.views.link import Link
from vizapp.views.notices import Notices

HEIGHT = 560
"""Of a view by itself, in CSS px."""
WIDGETS = ("ipywidgets", "vscode")
"""What Panel calls the ways through ipywidgets."""
PAGE = Path(__file__).parent / "page"


def alone(component: Component) -> Display:
    """One pane by itself, as a Panel object that works without a page."""
    if component.height is None and component.sizing_mode == "stretch_both":
        component.param.update(height=HEIGHT, sizing_mode="stretch_width")
    return Display(component.explorer, component)


class Display(pn.Column):
    """Panes with a line of their own to the page that they are displayed in."""

    def __init__(self, explorer: Explorer, content: pn.viewable.Viewable, **params: object) -> None:
        self.still = f"vizapp-{uuid.uuid4().hex}"
        """Of the element that is seen until a kernel answers."""
        look = {"stylesheets": [_text("display.css")], "sizing_mode": "stretch_width", "margin": 0}
        link = Link(explorer, page=False, tokens=_text("tokens.css"), still=self.still, **look)
        says = pn.Column(link, Notices(explorer, css_classes=["said"]), css_classes=["says"], **look)
        content.css_classes = [*content.css_classes, "content"]
        super().__init__(says, content, **{"css_classes": ["vizapp", "waiting"], **look, **params})

    def get_root(self, doc: Document | None = None, comm: object = None, preprocess: bool = True) -> Model:
        """Without a server of ours, Panel's style sheets travel along: it would have them from another host."""
        if doc is not None and doc.session_context is not None:
            return super().get_root(doc, comm, preprocess)
        widget = comm is None and pn.config.comms in WIDGETS
        # jupyter_bokeh would take a document other than Panel's, to which nothing is sent then.
        doc = Document() if widget else doc
        with set_resource_mode("inline"):
            root = super().get_root(doc, comm, preprocess)
        if doc is not None and widget:
            doc.add_root(root)
        for model in root.select({"type": UIElement}):
            patch_inline_stylesheets(model)
        return root


def _text(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")
