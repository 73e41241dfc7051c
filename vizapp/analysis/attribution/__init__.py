"""Attribution: which ink speaks for the first guess, and which for its rival. Four methods that disagree.

Each comes with what it is, what it is not, and, where it shares the difference out, with what it leaves over.
`deletion` tests a method on the drawing at hand.
"""

from vizapp.analysis.attribution.deletion import Deletion, deletion
from vizapp.analysis.attribution.gradient import GRADIENT
from vizapp.analysis.attribution.integrated import INTEGRATED
from vizapp.analysis.attribution.method import Attribution, Method, attributed
from vizapp.analysis.attribution.occlusion import OCCLUSION
from vizapp.analysis.attribution.propagated import PROPAGATED
from vizapp.nets.trace import Trace

METHODS: dict[str, Method] = {method.name: method for method in (PROPAGATED, GRADIENT, INTEGRATED, OCCLUSION)}
"""In the order in which they are offered: what is cheap enough to follow the pen comes first."""

LIVE = ("lrp", "gradient")
"""Methods of less than a millisecond; the others take up to ten, at pen-up."""


def attribute(name: str, trace: Trace, a: int, b: int, row: int = 0) -> Attribution:
    """The attribution of z_a − z_b for one row of a trace, by the method of that name.

    Raises:
        ValueError: if there is no such method or class.
    """
    if name not in METHODS:
        raise ValueError(f"there is no method {name!r}: there are {', '.join(METHODS)}")
    return attributed(METHODS[name], trace, a, b, row)


__all__ = ["LIVE", "METHODS", "Attribution", "Deletion", "Method", "attribute", "deletion"]
