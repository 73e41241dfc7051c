"""What the network sees of a drawing that goes through a range, for the pad to show over it."""

from __future__ import annotations

from vizapp.views.topics.topic import Topic
from vizapp.views.varied import settings_of, varied_message


class Varied(Topic):
    watches = frozenset(
        {"cursor", "across", "crossed", "sweep", "start", "end", "way", "drawing", "normalise"}
    )
    _told = False

    def open(self) -> None:
        self._told = False
        self.changed(set())

    def changed(self, names: set[str]) -> None:
        # That nothing is done to it is said once.
        varied = bool(settings_of(self.explorer))
        if varied or self._told:
            self.line.tell(varied_message(self.explorer))
        self._told = varied
