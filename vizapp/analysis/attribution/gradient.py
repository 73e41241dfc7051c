"""Gradient × input."""

from __future__ import annotations

from vizapp.analysis.attribution.method import Method, Pixels, contrast, image_of
from vizapp.analysis.gradients import pixel_gradients
from vizapp.nets.trace import Trace


def gradient_times_input(trace: Trace, row: int, a: int, b: int) -> Pixels:
    """x · ∂(z_a − z_b)/∂x. With ReLU and max pooling the network is linear around the input, and this is the
    part of the difference that the pixels bring; the rest comes from biases."""
    image, functional = image_of(trace, row), contrast(trace, a, b)
    logits, gradients = pixel_gradients(trace.network, image[None], functional)
    return Pixels(image * gradients[0], float(logits[0, a]) - float(logits[0, b]))


GRADIENT = Method(
    "gradient",
    "gradient × input",
    "The slope of the difference at this very drawing, times the ink of each pixel.",
    "Not what would happen without a pixel: slopes change on the way, and an empty pixel never counts.",
    "what the biases bring",
    "Shrikumar et al. (2016), Not Just a Black Box",
    gradient_times_input,
)
