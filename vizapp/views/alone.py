"""Panes where there is no page of ours around them: in a notebook, or in somebody's own Panel app."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import panel as pn

from vizapp.explorer import Explorer
from vizapp.views.component import Component
from vizapp.views.link import Link
from vizapp.views.notices import Notices

HEIGHT = 560
"""Of the views, in CSS px."""
_TOKENS = Path(__file__).parent / "page" / "tokens.css"


def alone(component: Component) -> pn.viewable.Viewable:
    """One pane by itself, as a Panel object that works without a page."""
    if component.height is None and component.sizing_mode == "stretch_both":
        component.param.update(height=HEIGHT, sizing_mode="stretch_width")
    return with_link(component.explorer, component)


def show(viewable: pn.viewable.Viewable, include: Any = None, exclude: Any = None) -> Any:
    """The MIME bundle of a Panel object, with all that it needs and nothing from elsewhere."""
    if not pn.extension._loaded:
        pn.extension(inline=True)
    return viewable._repr_mimebundle_(include, exclude)


def with_link(explorer: Explorer, content: pn.viewable.Viewable) -> pn.viewable.Viewable:
    link = Link(explorer, page=False, tokens=_TOKENS.read_text(encoding="utf-8"), height=0, margin=0)
    return pn.Column(content, Notices(explorer), link, css_classes=["vizapp"], sizing_mode="stretch_width")
