"""Inputs: strokes and images, and the float32[28, 28] that a network sees of them. NumPy and Pillow only."""

from .ambiguous import Guesses, ambiguous, guesses
from .drawing import Averaged, Rendered, drawing_to_input, rendered
from .images import image_to_ink, image_to_input
from .normalise import normalise
from .pad import PAD_SIDE, SIDE, Pad, downsample
from .reference import reference
from .samples import SAMPLES, Sample
from .strokes import PEN_WIDTH, InputError, Stroke, clean_strokes, strokes_to_json

__all__ = [
    "PAD_SIDE",
    "PEN_WIDTH",
    "SAMPLES",
    "SIDE",
    "Averaged",
    "Guesses",
    "InputError",
    "Pad",
    "Rendered",
    "Sample",
    "Stroke",
    "ambiguous",
    "clean_strokes",
    "downsample",
    "drawing_to_input",
    "guesses",
    "image_to_ink",
    "image_to_input",
    "normalise",
    "reference",
    "rendered",
    "strokes_to_json",
]
