"""Values that a person takes home as a file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from vizapp.export import FORMATS, Export, ExportError, export_layer, export_nodes
from vizapp.views import incoming, wire
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Line, Topic

log = logging.getLogger(__name__)


class Exporting(Topic):
    """One file at a time; made beside the event loop."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._busy = False

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"export": self._on_export}

    def _on_export(self, data: Mapping[str, Any]) -> None:
        what = incoming.choice(data, "what", tuple(FORMATS))
        job = self._job(data.get("nodes"), what)
        if self._busy:
            raise MessageError("The last export is still being made: please wait for it.")
        self._busy = True
        self.line.work(job, self._done, slow=True)

    def _job(self, nodes: object, what: str) -> Callable[[], Export]:
        trace, selection = self.explorer.trace, tuple(self.explorer.selection)
        if nodes == "selection":
            return lambda: export_nodes(trace, selection, what)
        if isinstance(nodes, Mapping):
            layers = tuple(layer.name for layer in trace.network.layers)
            layer = incoming.choice(nodes, "layer", layers)
            return lambda: export_layer(trace, layer, what)
        raise MessageError("The selection can be exported, or a layer.")

    def _done(self, future: Future[Export]) -> None:
        self._busy = False
        error = future.exception()
        if isinstance(error, ExportError):
            self.line.tell(wire.notice_message(str(error)))
        elif error is not None:
            log.error("an export failed", exc_info=error)
            self.line.tell(wire.notice_message("The export could not be made."))
        else:
            made = future.result()
            self.line.tell({"type": "download", "name": made.name, "mime": made.mime, "text": made.text})
