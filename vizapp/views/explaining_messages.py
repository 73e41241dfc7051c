"""Where the answer comes from: pictures of the drawing's pixels, with all that is said of them.

Made from a snapshot of the state, `Asked`, so that a worker thread can do it while the pen goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.attribution import LIVE, Attribution, attribute, deletion
from vizapp.analysis.attribution.method import image_of
from vizapp.analysis.deconvolution import Deconvolution, deconvolution
from vizapp.analysis.flip import Flip, smallest_flip
from vizapp.explorer import Explorer
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace
from vizapp.views.explaining_words import about, off, verdict
from vizapp.views.inspection import flat
from vizapp.views.varied import varied_message

Message = dict[str, Any]
FOLLOWS_PEN = (*LIVE, "deconvolution")
"""What takes less than a millisecond; the others wait for a rest."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be explained, and by which picture.

    Attributes:
        method: one of the Explorer's `pad_shows` but "drawing".
        frame: left, top and side of the 28×28 pixels on the pad, whose side is 1; None: they are not on it.
        varied: what was done to the drawing before the network saw it, in words.
        contrast: the two classes in question.
        node: the primary selected node.
    """

    method: str
    trace: Trace
    frame: tuple[float, ...] | None
    varied: str | None
    contrast: tuple[int, int]
    node: int | None
    empty: bool

    @classmethod
    def of(cls, explorer: Explorer) -> Asked:
        node = explorer.selection[0] if explorer.selection else None
        frame, varied = _place(explorer)
        return cls(explorer.pad_shows, explorer.trace, frame, varied, explorer.contrast, node, explorer.empty)

    @property
    def rival(self) -> int:
        """The class that the answer is to become: of the two in question the one that it is not."""
        first, second = self.contrast
        return first if second == self.trace.prediction[0] else second


def _place(explorer: Explorer) -> tuple[tuple[float, ...] | None, str | None]:
    """Where what the network sees is on the pad, and what was done to it; as `views.varied` lays it there."""
    view, timeline, varied = explorer.rendered.view, explorer.timeline, varied_message(explorer)
    if view is None and timeline is not None and timeline.range is not None:
        view = timeline.variants.view
    frame = varied["frame"] if view is None else view.frame
    return None if frame is None else tuple(frame), varied["words"]


Found = Attribution | Flip | Deconvolution | str
"""What was found, or why there is nothing, in a sentence for the person."""


def found(asked: Asked) -> Found:
    """Below a millisecond for what follows the pen, else some ten."""
    if asked.empty:
        return "Draw something first: there is no answer yet whose grounds could be shown."
    if asked.method == "flip":
        change = smallest_flip(asked.trace, asked.rival)
        return change or f"No change of ink was found that makes the answer {asked.rival}."
    if asked.method != "deconvolution":
        return attribute(asked.method, asked.trace, *asked.contrast)
    if asked.node is None:
        return (
            "No node is selected. Click one in the flat plot or in the 3D scene, or find one by the field at the"
            " top: then the part of the drawing that it sees is shown."
        )
    picture = deconvolution(asked.trace, asked.node)
    return picture if picture.start else off(asked.trace.network, asked.node)


def explanation_message(asked: Asked, answer: Found, ack: int = 0) -> Message:
    """A picture of the pixels, `values` float32[784], positive for the first class, for added ink, for wanted ink.

    Without one, `values` is null and `nothing` says why. `sums`, `flip` and `node` are for the methods that they
    belong to.
    """
    network, (first, second) = asked.trace.network, asked.contrast
    logits = asked.trace.logits[0]
    values = {Attribution: "pixels", Flip: "change", Deconvolution: "picture"}.get(type(answer))
    return {
        "type": "explanation",
        "ack": ack,
        "network": network.name,
        "method": asked.method,
        "about": about(asked.method, network),
        "classes": [first, second],
        "logits": [float(logits[first]), float(logits[second])],
        "frame": None if asked.frame is None else list(asked.frame),
        "varied": asked.varied,
        "ink": flat(image_of(asked.trace, 0)),
        "values": None if values is None else flat(getattr(answer, values)),
        "nothing": answer if isinstance(answer, str) else None,
        "sums": _sums(answer) if isinstance(answer, Attribution) else None,
        "flip": _change(asked.trace, answer) if isinstance(answer, Flip) else None,
        "node": _node(network, answer) if isinstance(answer, Deconvolution) else None,
    }


def deletion_message(asked: Asked, attribution: Attribution, ack: int = 0) -> Message:
    """The test of an attribution on the drawing itself; some hundredths of a second."""
    tested = deletion(asked.trace, attribution)
    return {
        "type": "deletion",
        "ack": ack,
        "network": asked.trace.network.name,
        "method": attribution.method.name,
        "classes": [attribution.a, attribution.b],
        "removed": tested.removed.astype(np.uint16),
        "curve": flat(tested.curve),
        "mean": flat(tested.mean),
        "spread": flat(tested.spread),
        "orders": len(tested.random),
        "verdict": verdict(tested),
    }


def deconvolution_message(trace: Trace, node: int, ack: int = 0, empty: bool = False) -> Message:
    """The part of the drawing that a node sees, for the inspector. Raises ValueError for no node."""
    network = trace.network
    picture = deconvolution(trace, node)
    nothing = None if picture.start else off(network, node)
    if empty:
        nothing = "Draw something to see which part of it this node sees."
    return {
        "type": "deconvolution",
        "ack": ack,
        "network": network.name,
        "node": node,
        "about": about("deconvolution", network),
        "ink": flat(image_of(trace, 0)),
        "values": None if nothing else flat(picture.picture),
        "nothing": nothing,
    }


def _sums(answer: Attribution) -> Message | None:
    """`plus` and `minus` are the sums of the pixels of each sign; with `residual` they make `whole`, with `base`
    (what is there on the empty sheet already) the difference."""
    if answer.whole is None or answer.residual is None:
        return None
    pixels = answer.pixels.astype(np.float64)
    return {
        "plus": float(pixels.clip(0).sum()),
        "minus": float(pixels.clip(None, 0).sum()),
        "residual": answer.residual,
        "base": answer.difference - answer.whole,
        "difference": answer.difference,
    }


def _change(trace: Trace, flip: Flip) -> Message:
    """The change in numbers, and the two probabilities before and after it."""
    answer = int(trace.prediction[0])
    before, after = trace.probabilities[0], trace.network.forward(flip.image).probabilities[0]
    return {
        "answer": answer,
        "rival": flip.rival,
        "size": flip.size,
        "added": flip.added,
        "erased": flip.erased,
        "ink": float(image_of(trace, 0).sum(dtype=np.float64)),
        "largest": float(np.abs(flip.change).max()),
        "lead": flip.lead,
        "before": [float(before[answer]), float(before[flip.rival])],
        "after": [float(after[answer]), float(after[flip.rival])],
        "image": np.rint(255 * flip.image).astype(np.uint8).ravel(),
    }


def _node(network: Network, picture: Deconvolution) -> Message:
    return {"node": picture.node, "name": network.node_name(picture.node), "output": picture.start}


def levels(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """An image in 256 levels of grey, as links and files keep it."""
    return (np.rint(255 * image) / 255).astype(np.float32)
