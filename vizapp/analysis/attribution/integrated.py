"""Integrated gradients.

Sundararajan, Taly and Yan (2017), "Axiomatic Attribution for Deep Networks": the drawing is faded in from an
empty sheet, and the gradients met on the way are averaged,

    pixel = x · ∫₀¹ ∂(z_a − z_b)/∂x (t·x) dt.

By the fundamental theorem of calculus the pixels sum to the difference at the drawing less the difference on
the empty sheet (completeness). The integral is taken at the midpoints of steps that grow with t, since most
nodes switch on where there is little ink yet; how far the sum is off is the residual, some 1 % of the whole.
"""

from __future__ import annotations

import numpy as np

from vizapp.analysis.attribution.method import Method, Pixels, contrast, image_of
from vizapp.analysis.gradients import logits, pixel_gradients
from vizapp.nets.trace import Trace

STEPS = 128


def integrated_gradients(trace: Trace, row: int, a: int, b: int, steps: int = STEPS) -> Pixels:
    """Raises ValueError for fewer steps than one."""
    if steps < 1:
        raise ValueError(f"the integral needs a step at least, not {steps}")
    image, functional = image_of(trace, row), contrast(trace, a, b)
    ends_of_steps = np.linspace(0, 1, steps + 1) ** 2
    share = (ends_of_steps[1:] + ends_of_steps[:-1]) / 2
    faded = share.astype(image.dtype)[:, None, None] * image
    _, gradients = pixel_gradients(trace.network, faded, functional)
    mean = np.tensordot(np.diff(ends_of_steps), gradients.astype(np.float64), axes=1)
    empty, full = (
        logits(trace.network, np.stack([np.zeros_like(image), image])).astype(np.float64) @ functional
    )
    return Pixels(image * mean, float(full - empty))


INTEGRATED = Method(
    "integrated",
    "integrated gradients",
    "The slopes met while the drawing is faded in from an empty sheet, averaged, times the ink of each pixel.",
    "Not the one true split: it depends on starting from an empty sheet, and faded drawings are no drawings.",
    "the error of the numerical integral",
    "Sundararajan et al. (2017), Axiomatic Attribution for Deep Networks",
    integrated_gradients,
)
