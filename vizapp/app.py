"""The page: all panes of one Explorer in one workspace."""

from __future__ import annotations

from pathlib import Path

import panel as pn

from vizapp.explorer import Drawing, Explorer
from vizapp.inputs.samples import SAMPLES
from vizapp.views.actions import Actions
from vizapp.views.answer import Answer
from vizapp.views.batch import Batch
from vizapp.views.control import Control
from vizapp.views.examples import Examples
from vizapp.views.explaining import Explaining
from vizapp.views.filters import Filters
from vizapp.views.flat import Flat
from vizapp.views.hesitation import Hesitation
from vizapp.views.inspector import Inspector
from vizapp.views.landscape import Landscape
from vizapp.views.layers import Layers
from vizapp.views.legend import Legend
from vizapp.views.lens import Lens
from vizapp.views.link import Link
from vizapp.views.notices import Notices
from vizapp.views.pad import Pad
from vizapp.views.player import Player
from vizapp.views.readout import Readout
from vizapp.views.scene import Scene
from vizapp.views.search import Search
from vizapp.views.seen import Seen
from vizapp.views.share import Share
from vizapp.views.tables import Tables
from vizapp.views.timeline import Timeline

_PAGE = Path(__file__).parent / "views" / "page"
_SCRIPTS = ("page.js", "link.js", "arrival.js", "embed.js", "layout.js")


def page(explorer: Explorer | None = None, logout: bool = False) -> pn.Template:
    """A whole page for one session. Opens with a sample drawing unless an explorer is given.

    logout: it has a way to end the login that led here.
    """
    if explorer is None:
        explorer = Explorer(drawing=Drawing(tuple(SAMPLES[0].strokes), sample=True))
    template = _Template(_text("page.html"))
    template.add_variable("page_css", _text("tokens.css") + _text("page.css") + _text("embed.css"))
    template.add_variable("logout", logout)
    template.add_variable("page_js", "".join(map(_text, _SCRIPTS)))
    panes = {
        "network": Control(explorer, "network"),
        "shown": Control(explorer, "panes"),
        "pad": Pad(explorer),
        "answer": Answer(explorer),
        "seen": Seen(explorer),
        "normalise": Control(explorer, "normalise"),
        "examples": Examples(explorer),
        "flat": Flat(explorer, sizing_mode="stretch_both"),
        "scene": Scene(explorer, sizing_mode="stretch_both"),
        "scale": Control(explorer, "scale"),
        "layers": Layers(explorer),
        "legend": Legend(explorer),
        "lenses": Control(explorer, "lens"),
        "lens": Lens(explorer),
        "filters": Filters(explorer),
        "readout": Readout(explorer),
        "search": Search(explorer),
        "share": Share(explorer),
        "inspector": Inspector(explorer),
        "aside": Control(explorer, "aside"),
        "hesitation": Hesitation(explorer),
        "explaining": Explaining(explorer),
        "landscape": Landscape(explorer),
        "player": Player(explorer),
        "timeline": Timeline(explorer),
        "batch": Batch(explorer),
        **{
            f"{pane}_actions": Actions(explorer, pane)
            for pane in ("pad", "seen", "flat", "scene", "inspector")
        },
        "tables": Tables(explorer),
        "notices": Notices(explorer),
        "link": Link(explorer),
    }
    if pn.state.curdoc is not None:
        # The page comes back by itself, see js/src/connection.ts.
        pn.state.curdoc.config.update(reconnect_session=False, notify_connection_status=False)
    for name, pane in panes.items():
        template.add_panel(name, pane)
    return template


class _Template(pn.Template):
    """Panel writes down what a template holds, of each pane again after each: a fifth of the time that a page takes."""

    def __repr__(self) -> str:
        return "vizapp"


def _text(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")
