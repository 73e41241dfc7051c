"""Where the answer comes from: the picture that `pad_shows` names, its test, and the smallest change as a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vizapp.analysis.attribution import METHODS, Attribution
from vizapp.analysis.flip import Flip
from vizapp.explorer import LockedError
from vizapp.nets.trace import Trace
from vizapp.state.drawing import Drawing
from vizapp.views import incoming, wire
from vizapp.views.explaining_messages import (
    FOLLOWS_PEN,
    Asked,
    Found,
    deconvolution_message,
    deletion_message,
    explanation_message,
    found,
    levels,
)
from vizapp.views.incoming import MessageError
from vizapp.views.topics.newest import Newest
from vizapp.views.topics.topic import Handler, Line, Topic

Answer = tuple[Asked, Found, wire.Message]


class Explaining(Topic):
    """The page asks for what it shows, when it shows it; nothing is explained unasked."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._pictures = Newest(line, "a picture of where the answer comes from")
        self._tests = Newest(line, "a deletion curve")
        # What the page shows, to be tested or drawn on.
        self._shown: Answer | None = None

    @property
    def handlers(self) -> dict[str, Handler]:
        return {
            "explain": self._on_explain,
            "deletion": self._on_deletion,
            "flip_edit": self._on_edit,
            "deconvolve": self._on_deconvolve,
        }

    def _on_explain(self, data: Mapping[str, Any]) -> None:
        seq, asked = incoming.whole(data, "seq"), Asked.of(self.explorer)
        # A page may still ask for the picture that it just left.
        if asked.method == "drawing":
            return

        def job() -> Answer:
            answer = found(asked)
            return asked, answer, explanation_message(asked, answer, seq)

        if asked.method in FOLLOWS_PEN:
            self._pictures.drop()
            self._show(job())
        else:
            self._pictures.ask(job, self._show)

    def _show(self, answer: Answer) -> None:
        self._shown = answer
        self.line.tell(answer[2])

    def _on_deletion(self, data: Mapping[str, Any]) -> None:
        seq, asked = incoming.whole(data, "seq"), Asked.of(self.explorer)
        if asked.method not in METHODS or asked.empty:
            return
        known = self._known(asked)

        def job() -> wire.Message:
            answer = known or found(asked)
            assert isinstance(answer, Attribution)
            return deletion_message(asked, answer, seq)

        self._tests.ask(job, self.line.tell, slow=True)

    def _known(self, asked: Asked) -> Attribution | None:
        """What was computed for the picture already, if it is of the same question."""
        if self._shown is None:
            return None
        shown, answer, _ = self._shown
        same = (shown.method, shown.contrast) == (asked.method, asked.contrast) and shown.trace is asked.trace
        return answer if same and isinstance(answer, Attribution) else None

    def _on_edit(self, data: Mapping[str, Any]) -> None:
        """The changed image goes on the pad as the network is to see it, not fitted again, and off the timeline."""
        seq, explorer = incoming.whole(data, "seq"), self.explorer
        shown = self._shown
        if shown is None or shown[2]["ack"] != seq or shown[0].trace is not explorer.trace:
            raise MessageError("The drawing has changed meanwhile: please look at the new change first.")
        asked, flip, _ = shown
        if not isinstance(flip, Flip):
            raise MessageError("There is no change that could be put on the pad.")
        fitted = explorer.normalise
        for name in ("drawing", *(["normalise"] if fitted else [])):
            if name in explorer.locked:
                raise LockedError(
                    "This page has locks: the drawing, or how it is fitted, cannot be changed here."
                )
        drawing = Drawing(image=_kept(asked.trace, flip))
        explorer.restore(
            {"drawing": drawing, "normalise": False, "cursor": None, "across": None}, "changed drawing"
        )
        if fitted:
            text = (
                "“Fit and centre” is off now: the network sees exactly these pixels, and answers"
                f" {flip.rival}. Undo brings your drawing back."
            )
            self.line.tell(wire.notice_message(text, "info"))

    def _on_deconvolve(self, data: Mapping[str, Any]) -> None:
        seq, node = incoming.whole(data, "seq"), incoming.whole(data, "node")
        # A page may still ask for a node of the network that it just left.
        if node < self.explorer.net.n_nodes:
            trace, empty = self.explorer.trace, self.explorer.empty
            self.line.tell(deconvolution_message(trace, node, seq, empty))


def _kept(trace: Trace, flip: Flip) -> Any:
    """The changed image as links and files keep it, if it keeps its promise so; else as it is."""
    coarse = levels(flip.image)
    return coarse if trace.network.forward(coarse).prediction[0] == flip.rival else flip.image
