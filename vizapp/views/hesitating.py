"""What the page is told of the hesitation: scores of the present answer, and how far probabilities can be believed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.calibration import Reliability, calibration
from vizapp.analysis.hesitation import STRANGE, Hesitation, hesitation, prepare, usual
from vizapp.analysis.references import last_hidden
from vizapp.explorer import Explorer
from vizapp.inputs.reference import index_of, reference, title
from vizapp.nets.network import Network
from vizapp.parameters import COVERAGES
from vizapp.views import verdict

Message = dict[str, Any]


def prepared(network: Network) -> None:
    """All that `scores_message` takes for granted; for a worker thread."""
    prepare(network)
    index_of(np.zeros((28, 28), np.float32))


def state_message(explorer: Explorer, state: str, ack: int = 0) -> Message:
    """Why there are no scores: the pad is "empty", they are "waiting" for the reference images, or that "failed"."""
    return {
        "type": "hesitation",
        "ack": ack,
        "network": explorer.network,
        "state": state,
        "images": len(reference()[0]),
        "scores": None,
    }


def scores_message(explorer: Explorer, ack: int = 0) -> Message:
    """The scores of what the network sees now: under a millisecond, once `prepared` has run for the network."""
    itself = _itself(explorer)
    without = -1 if itself is None else itself
    found = hesitation(explorer.trace, alpha=COVERAGES[explorer.coverage], without=without)
    return state_message(explorer, "scored", ack) | {"scores": _scores(explorer, found, itself)}


def reliability_message(network: Network, ack: int = 0) -> Message:
    """How often answers of a given probability are right, before and after the temperature; for a worker thread.

    Per bin: `count`, and means and 95 % interval (shares from 0 to 1), null where no image is in the bin.
    """
    found = calibration(network)
    return {
        "type": "reliability",
        "ack": ack,
        "network": network.name,
        "temperature": found.temperature,
        "fitted": found.fitted,
        "checked": found.checked,
        "edges": found.before.edges.tolist(),
        "before": _bins(found.before),
        "after": _bins(found.after),
    }


def _scores(explorer: Explorer, found: Hesitation, itself: int | None) -> Message:
    network, level = explorer.net, found.level
    common, fitted = usual(network), calibration(network)
    shown = np.concatenate([each.near.image for each in found.candidates])
    return {
        "kind": verdict.kind(found),
        "sentence": verdict.sentence(found),
        "first": found.first,
        "second": found.second,
        "margin": found.margin,
        "usual_margin": common.margin,
        "entropy": found.entropy,
        "usual_entropy": common.entropy,
        "probability": found.probability,
        "calibrated": found.confidence,
        "temperature": found.temperature,
        "fitted": fitted.fitted,
        "members": list(found.members),
        "forced": found.forced,
        # At least so probable are the classes of a set.
        "least": max(0.0, 1 - level.threshold),
        "level": {
            "name": explorer.coverage,
            "coverage": level.coverage,
            "low": level.low,
            "high": level.high,
            "mean_size": level.mean_size,
            "forced": level.forced,
            "checked": level.checked,
        },
        "layer": last_hidden(network),
        "strange": STRANGE,
        "itself": None if itself is None else title(itself),
        "candidates": [
            {
                "label": each.label,
                "percentile": each.percentile,
                "items": [
                    {"index": index, "title": title(index), "distance": distance}
                    for index, distance in zip(
                        each.near.image.tolist(), each.near.distance.tolist(), strict=True
                    )
                ],
            }
            for each in found.candidates
        ],
        "images": reference()[0][shown].ravel(),
    }


def _itself(explorer: Explorer) -> int | None:
    """The reference image on the pad, if it is one: that it is near to itself says nothing."""
    drawing = explorer.drawing
    return None if drawing.image is None or drawing.strokes else index_of(drawing.image)


def _bins(found: Reliability) -> Message:
    return {
        "count": found.count.tolist(),
        **{name: _or_null(getattr(found, name)) for name in ("confidence", "accuracy", "low", "high")},
        "ece": found.ece,
        "nll": found.nll,
    }


def _or_null(values: NDArray[np.float64]) -> list[float | None]:
    """What is not a number is null: JSON has no other word for it."""
    return [None if np.isnan(value) else float(value) for value in values]
