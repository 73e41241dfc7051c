"""What the network sees of a drawing that goes through a range, for the pad to show over it."""

from __future__ import annotations

from vizapp.views.topics.topic import Line, Topic
from vizapp.views.varied import settings_of, varied_message


class Varied(Topic):
    watches = frozenset(
        {"cursor", "across", "crossed", "sweep", "start", "end", "way", "drawing", "normalise"}
    )

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._told: tuple[object, ...] | None = None

    def open(self) -> None:
        self._told = None
        self.changed(set())

    def changed(self, names: set[str]) -> None:
        explorer = self.explorer
        settings = settings_of(explorer)
        # A cursor that moves brings a drawing with it; and that nothing is done is said once.
        found = (explorer.image, explorer.drawing, settings) if settings else None
        if found is not None and self._told is not None and _same(found, self._told):
            return
        if found is not None or self._told is not None:
            self.line.tell(varied_message(explorer))
        self._told = found


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return one[0] is other[0] and one[1] is other[1] and one[2] == other[2]
