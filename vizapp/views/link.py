"""The session's line to its page: what the page says goes to the topics, what changes goes to the page."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

import panel as pn
import param
from bokeh.document import Document
from bokeh.events import Event
from bokeh.model import Model
from panel.io.state import set_curdoc

from vizapp.explorer import Explorer, LockedError
from vizapp.inputs import InputError
from vizapp.state import StateError
from vizapp.views import wire
from vizapp.views.component import Component
from vizapp.views.incoming import MessageError
from vizapp.views.meters import FAILED, REFUSED, timed
from vizapp.views.topics.batches import Batches
from vizapp.views.topics.comparing import Comparing
from vizapp.views.topics.crossing import Crossed
from vizapp.views.topics.drawing import Drawing
from vizapp.views.topics.edges import Edges
from vizapp.views.topics.explaining import Explaining
from vizapp.views.topics.exporting import Exporting
from vizapp.views.topics.farewell import Farewell
from vizapp.views.topics.gallery import Gallery
from vizapp.views.topics.hesitating import Hesitating
from vizapp.views.topics.inspection import Inspection
from vizapp.views.topics.landscape import Landscape
from vizapp.views.topics.nodes_along import NodesAlong
from vizapp.views.topics.pulse import Pulse
from vizapp.views.topics.selection import Selection
from vizapp.views.topics.settings import Settings
from vizapp.views.topics.state import State
from vizapp.views.topics.sweeping import Sweeping
from vizapp.views.topics.tables import Tables
from vizapp.views.topics.topic import Handler, Topic
from vizapp.views.topics.varied import Varied
from vizapp.views.topics.walking import Walking
from vizapp.views.work import QUICK, SLOW, at_once

log = logging.getLogger(__name__)
T = TypeVar("T")


class Link(Component):
    """Invisible; every page has one. It keeps to the protocol and leaves the subjects to their topics."""

    page = param.Boolean(default=True, doc="It has a page of its own: an address, a tab's storage, a theme.")
    tokens = param.String(default="", doc="CSS of colours and sizes, where there is no page that has it.")
    still = param.String(default="", doc="The element that is seen until a kernel answers, by its id.")
    _carries_bundle = True

    def __init__(self, explorer: Explorer, **params: object) -> None:
        super().__init__(explorer, **params)
        self.by_pen = False
        self._telling = threading.RLock()
        self._ready = False
        self._document: Document | None = None
        self._loop: asyncio.AbstractEventLoop | None = None  # of a notebook's kernel
        self._shown_network: str | None = None
        edges = Edges(self)
        self._state = State(self)
        # In the order in which a change is told.
        self._topics: tuple[Topic, ...] = (
            Settings(self),
            Drawing(self, edges, self._state),
            Selection(self),
            Walking(self),
            edges,
            Sweeping(self, self._state),
            NodesAlong(self),
            Varied(self),
            Crossed(self),
            Comparing(self),
            Inspection(self),
            Explaining(self),
            Hesitating(self),
            Landscape(self),
            Exporting(self),
            Gallery(self),
            Tables(self),
            Batches(self),
            self._state,
            Farewell(self, self._state),
            Pulse(self),
        )
        self._handlers: dict[str, Handler] = {"ready": self._on_ready}
        for topic in self._topics:
            self._handlers.update(topic.handlers)
        self._watcher: param.parameterized.Watcher | None = None
        self._watch()

    def _watch(self) -> None:
        watched = {"network"}.union(*(topic.watches for topic in self._topics))
        self._watcher = self.explorer.param.watch(self._on_change, sorted(watched))

    # From the page

    def _server_event(self, doc: Document, event: Event) -> None:
        """A message is acted on as it comes, where Panel would do so in the next round of the event loop."""
        self._process_bokeh_event(doc, event)

    def _process_bokeh_event(self, doc: Document, event: Event) -> None:
        """As Panel's, without its count of who is busy, which takes longer than many a message; nobody asks for it."""
        with set_curdoc(doc):
            self._process_event(event)

    def _handle_msg(self, data: Any) -> None:
        """Every message is answered or told off; none can end the session."""
        try:
            if not isinstance(data, Mapping) or data.get("type") not in self._handlers:
                raise MessageError("This page sent something that the server does not know. Reload it.")
            with timed(data["type"]), self._state.told_once(), self.explorer.by_person():
                self._handlers[data["type"]](data)
        except (InputError, StateError, MessageError) as error:
            log.info("refused: %s", error)
            REFUSED.labels("message").inc()
            if isinstance(error, LockedError):
                # Controls may have moved already.
                self.tell(wire.settings_message(self.explorer))
            self.tell(wire.notice_message(str(error)))
        except Exception:
            log.exception("a message failed")
            FAILED.inc()
            self.tell(
                wire.notice_message("Something went wrong here; the drawing is unharmed. Please go on.")
            )

    def _on_ready(self, data: Mapping[str, Any]) -> None:
        if self._document is None:
            document = pn.state.curdoc
            if document is not None and document.session_context is not None:
                self._document = document
                document.on_session_destroyed(self._close)
            else:
                self._loop = _running_loop()
        if self._watcher is None:
            self._watch()
        try:
            self._state.bring_back(data)
        finally:
            # Not before: what is restored is told once, below.
            self._ready = True
            self._shown_network = None
            self._network()
            for topic in self._topics:
                topic.open()

    # To the page

    def tell(self, message: wire.Message) -> None:
        # JupyterLab has messages of the page handled in another thread than cells; a message goes in several parts.
        with self._telling:
            self._send_msg(message)

    def _on_change(self, *events: param.parameterized.Event) -> None:
        if not self._ready:
            return
        names = {event.name for event in events}
        self._network()
        for topic in self._topics:
            if names & topic.watches:
                topic.changed(names & topic.watches)

    def _network(self) -> None:
        """A page knows a network before it sees an answer of it."""
        if self._shown_network != self.explorer.network:
            self._shown_network = self.explorer.network
            self.tell(wire.network_message(self.explorer.net, self.explorer.layout))

    # Beside the event loop

    def work(self, job: Callable[[], T], done: Callable[[Future[T]], None], slow: bool = False) -> None:
        """Do a job in a thread, then `done` on the event loop; at once where there is no event loop."""
        if self._document is None and self._loop is None:
            done(at_once(job))
        else:
            queue = SLOW if slow else QUICK
            # By its number: a queue holds no session that is over.
            queue.submit(id(self), job).add_done_callback(lambda future: self.later(lambda: done(future)))

    def later(self, act: Callable[[], None]) -> None:
        """Back from another thread; nothing if the session is over."""
        if self._document is not None and self._document.session_context is not None:
            self._document.add_next_tick_callback(act)
        elif self._loop is not None:
            self._loop.call_soon_threadsafe(act)

    def _cleanup(self, root: Model | None = None) -> None:
        """A notebook has no session that ends: it is over there while nothing displays it."""
        super()._cleanup(root)
        if not self.page and not self._models:
            self._close(None)

    def _close(self, _context: object) -> None:
        self._document = None
        self._ready = False
        if self._watcher is not None:
            self.explorer.param.unwatch(self._watcher)
            self._watcher = None
        for queue in (QUICK, SLOW):
            queue.drop(id(self))
        for topic in self._topics:
            topic.close()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
