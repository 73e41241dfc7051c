"""Layer-wise relevance propagation, that of the evidence lens: `vizapp.analysis.relevance`."""

from __future__ import annotations

from vizapp.analysis.attribution.method import Method, Pixels
from vizapp.analysis.relevance import of_difference
from vizapp.nets.trace import Trace


def propagated(trace: Trace, row: int, a: int, b: int) -> Pixels:
    """The relevance of the pixels; where the residual stayed is in `relevance.Relevance.absorbed`."""
    found = of_difference(trace, a, b, row)
    return Pixels(found.pixels, found.start)


PROPAGATED = Method(
    "lrp",
    "relevance (LRP-ε)",
    "The difference handed down layer by layer, each node's share going to what it was added up from.",
    "Not a second opinion on gradient × input: with ReLU the two differ by ε only, which quietens weak nodes.",
    "what the biases bring and ε absorbs",
    "Bach et al. (2015), On Pixel-Wise Explanations for Non-Linear Classifier Decisions",
    propagated,
)
