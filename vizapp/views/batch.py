"""Whole test sets and folders of images: measured in the background, with progress."""

from __future__ import annotations

import param

from vizapp import nets
from vizapp.analysis.batch import turns
from vizapp.analysis.robustness import CASES
from vizapp.explorer import Explorer
from vizapp.inputs import reference
from vizapp.views.component import Component
from vizapp.views.topics.batches import MAX_BYTES, MAX_GIVEN


class Batch(Component):
    """A button, and the dialog that it opens."""

    networks = param.List(doc="Names of those that can be measured.")
    cases = param.List(doc="Names of the distortions.")
    test_images = param.Integer(doc="How many there are.")
    most_given = param.Integer(doc="How many images of one's own are ranked at a time.")
    most_bytes = param.Integer(doc="Of them together.")
    offered = param.Boolean(doc="Whether the operator lets this server measure.")

    def __init__(self, explorer: Explorer, **params: object) -> None:
        known = {
            "networks": list(nets.names()),
            "cases": list(CASES),
            "test_images": len(reference()[0]),
            "most_given": MAX_GIVEN,
            "most_bytes": MAX_BYTES,
            "offered": turns.SHARED.processes > 0,
        }
        super().__init__(explorer, **known, **params)
