"""Examples to look through and to load."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from vizapp.views import incoming, wire
from vizapp.views.examples import CHOICES, gallery_message, load_example
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Topic


class Gallery(Topic):
    @property
    def handlers(self) -> dict[str, Handler]:
        return {"gallery": self._on_gallery, "load": self._on_load}

    def _on_gallery(self, data: Mapping[str, Any]) -> None:
        chosen = data.get("choice")
        if chosen not in CHOICES:
            raise MessageError("There is no such list of examples.")
        network, page = self.explorer.net, incoming.whole(data, "page", 0, 1000)

        def done(future: Future[wire.Message]) -> None:
            self.line.tell(future.result())

        # Ranking all test images takes a network most of a second, the first time.
        self.line.work(lambda: gallery_message(network, chosen, page), done)

    def _on_load(self, data: Mapping[str, Any]) -> None:
        load_example(self.explorer, str(data.get("source")), incoming.whole(data, "index"))
