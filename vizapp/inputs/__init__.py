"""Inputs: strokes and images, and the float32[28, 28] that a network sees of them."""

from __future__ import annotations

from .drawing import drawing_to_input
from .normalise import normalise
from .pad import PAD_SIDE, SIDE, Pad, downsample
from .strokes import PEN_WIDTH, InputError, Stroke, clean_strokes, strokes_to_json

__all__ = [
    "PAD_SIDE",
    "PEN_WIDTH",
    "SIDE",
    "InputError",
    "Pad",
    "Stroke",
    "clean_strokes",
    "downsample",
    "drawing_to_input",
    "normalise",
    "strokes_to_json",
]
