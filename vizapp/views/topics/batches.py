"""Long measurements: of the test images distorted in many ways, and images ranked by ambiguity."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from vizapp import nets
from vizapp.analysis.batch import turns
from vizapp.analysis.batch.journal import Journal
from vizapp.analysis.batch.turns import CrowdedError, Turn
from vizapp.analysis.ranking import Ranking
from vizapp.analysis.robustness import CASES, Robustness, mixed
from vizapp.analysis.sources import LONGEST_NAME, Given, given, tested
from vizapp.inputs import InputError, reference
from vizapp.nets.data import Examples
from vizapp.views import incoming
from vizapp.views.batching import (
    FORMATS,
    Measured,
    Message,
    batch_message,
    file_message,
    pile_message,
    ranked_message,
)
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Line, Topic

log = logging.getLogger(__name__)

KINDS = ("table", "ranking")
MAX_GIVEN = 200
MAX_BYTES = 8 << 20
"""Of all given images together."""


@dataclass
class _Batch:
    """What was asked for, what is measured of it, and its turn once it has one."""

    choice: Message
    measured: Measured
    pile: tuple[Given, ...] | None = None
    """The images that are ranked; None for the test images."""
    turn: Turn | None = None


class Batches(Topic):
    """One at a time. It goes on whatever the page shows, and ends with the session; what is done is kept."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._batches: dict[str, _Batch] = {}
        self._making = False
        self._open = True
        self._pile: list[Given] = []
        self._results = Journal()
        """Those on the pile: nobody else's business."""

    @property
    def handlers(self) -> dict[str, Handler]:
        return {
            "batch_start": self._on_start,
            "batch_stop": self._on_stop,
            "batch_give": self._on_give,
            "batch_forget": self._on_forget,
            "batch_list": self._on_list,
            "batch_show": self._on_show,
            "batch_save": self._on_save,
        }

    def open(self) -> None:
        self._open = True
        if self._pile:
            self.line.tell(pile_message(self._pile))
        for kind in self._batches:
            self._tell(kind)

    def close(self) -> None:
        self._open = False
        for batch in self._batches.values():
            if batch.turn is not None:
                batch.turn.cancel()
        self._pile.clear()

    # Measuring

    def _on_start(self, data: Mapping[str, Any]) -> None:
        if not turns.SHARED.processes:
            raise MessageError("Whoever runs this server has switched long measurements off.")
        kind = incoming.choice(data, "kind", KINDS)
        names = _several(data, "networks", tuple(nets.names()))
        make = self._table(data, names) if kind == "table" else self._ranking(data, names)
        if self._making or any(batch.turn and not batch.turn.over for batch in self._batches.values()):
            raise MessageError("One measurement at a time: wait for the other one, or cancel it.")

        def done(future: Future[_Batch]) -> None:
            self._making = False
            if future.exception() is not None:
                log.error("a measurement could not be prepared", exc_info=future.exception())
                self._problem("This could not be measured; the server's log says more.")
            elif self._open:
                self._begin(kind, future.result())

        self._making = True
        # Telling networks and images by all their numbers takes tens of milliseconds.
        self.line.work(make, done)

    def _table(self, data: Mapping[str, Any], names: list[str]) -> Callable[[], _Batch]:
        cases = _several(data, "cases", tuple(CASES))
        count = incoming.whole(data, "images", 1, len(reference()[0]))
        choice = {"networks": names, "cases": cases, "images": count, "of": "test"}
        known = turns.SHARED.known

        def make() -> _Batch:
            networks = [nets.load(name) for name in names]
            return _Batch(choice, Robustness(networks, sample(count), cases, known))

        return make

    def _ranking(self, data: Mapping[str, Any], names: list[str]) -> Callable[[], _Batch]:
        of = incoming.choice(data, "of", ("test", "given"))
        pile = None if of == "test" else tuple(self._pile)
        if pile is not None and not pile:
            raise MessageError("There are no images to rank yet: choose some, or drop them here.")
        choice = {"networks": names, "cases": [], "images": 0, "of": of}
        known = turns.SHARED.known if pile is None else self._results

        def make() -> _Batch:
            networks = [nets.load(name) for name in names]
            return _Batch(choice, Ranking(networks, tested() if pile is None else pile, known), pile)

        return make

    def _begin(self, kind: str, batch: _Batch) -> None:
        self._batches[kind] = batch
        try:
            batch.turn = turns.SHARED.take(batch.measured, lambda: self.line.later(lambda: self._tell(kind)))
        except CrowdedError as error:
            del self._batches[kind]
            self._problem(str(error))
        else:
            self._tell(kind)

    def _on_stop(self, data: Mapping[str, Any]) -> None:
        batch = self._batches.get(incoming.choice(data, "kind", KINDS))
        if batch is not None and batch.turn is not None:
            batch.turn.cancel()

    def _tell(self, kind: str) -> None:
        batch = self._batches.get(kind)
        if batch is not None:
            self.line.tell(batch_message(kind, batch.choice, batch.measured, batch.turn))

    # Images to rank

    def _on_give(self, data: Mapping[str, Any]) -> None:
        title, raw = incoming.text(data, "name", 1000), data.get("data")
        if not isinstance(raw, bytes):
            raise MessageError("That was not a file.")
        if len(self._pile) >= MAX_GIVEN:
            raise MessageError(f"At most {MAX_GIVEN} images are ranked at a time.")
        if sum(len(image.data) for image in self._pile) + len(raw) > MAX_BYTES:
            raise MessageError(f"At most {MAX_BYTES >> 20} MB of images are ranked at a time.")
        self._pile.append(given(title[:LONGEST_NAME], len(self._pile), raw))
        self.line.tell(pile_message(self._pile))

    def _on_forget(self, _: Mapping[str, Any]) -> None:
        self._pile.clear()
        self._results = Journal()
        self.line.tell(pile_message(self._pile))

    def _on_list(self, data: Mapping[str, Any]) -> None:
        seq, page = incoming.whole(data, "seq"), incoming.whole(data, "page", 0, 1000)
        batch = self._batches.get("ranking")
        if batch is None or not isinstance(batch.measured, Ranking):
            return
        ranking, pile = batch.measured, batch.pile
        # Finding the first of ten thousand takes tens of milliseconds.
        self.line.work(lambda: ranked_message(ranking, pile, page, seq), self._pass_on)

    def _on_show(self, data: Mapping[str, Any]) -> None:
        index = incoming.whole(data, "index", 0, MAX_GIVEN - 1)
        batch = self._batches.get("ranking")
        image = None
        if batch is not None and isinstance(batch.measured, Ranking) and batch.pile is not None:
            image = next((batch.measured.seen(each) for each in batch.pile if each.number == index), None)
        if image is None:
            raise MessageError("There is no such image in the ranking.")
        self.explorer.load_image(np.asarray(image / np.float32(255), np.float32))

    # Files

    def _on_save(self, data: Mapping[str, Any]) -> None:
        kind = incoming.choice(data, "kind", KINDS)
        form = incoming.choice(data, "form", tuple(FORMATS))
        batch = self._batches.get(kind)
        if batch is None:
            raise MessageError("There is nothing to save yet.")
        measured = batch.measured
        self.line.work(lambda: file_message(kind, measured, form), self._pass_on, slow=True)

    def _pass_on(self, future: Future[Message]) -> None:
        error = future.exception()
        if isinstance(error, InputError):
            self._problem(str(error))
        elif error is not None:
            log.error("a part of a measurement could not be told", exc_info=error)
            self._problem("That could not be made; the server's log says more.")
        else:
            self.line.tell(future.result())

    def _problem(self, text: str) -> None:
        """For the dialog, which is over the page's notices."""
        self.line.tell({"type": "batch_problem", "text": text})


def sample(count: int) -> Examples:
    """So many test images, always the same; all of them in their own order. Nothing is copied."""
    everything = Examples(*reference())
    if count >= len(everything):
        return everything
    order = _mixed()
    return Examples(order.images[:count], order.labels[:count])


@cache
def _mixed() -> Examples:
    return mixed(Examples(*reference()))


def _several(data: Mapping[str, Any], key: str, options: tuple[str, ...]) -> list[str]:
    """Some of the options, each once, in their order."""
    value = data.get(key)
    if not isinstance(value, list) or not 1 <= len(value) <= len(options):
        raise MessageError(f"{key} must be a list of some of: {', '.join(options)}.")
    if not all(isinstance(name, str) and name in options for name in value):
        raise MessageError(f"{key} must be some of: {', '.join(options)}.")
    return [name for name in options if name in value]
