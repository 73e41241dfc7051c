"""What is on the pad."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vizapp.inputs import Stroke


@dataclass(frozen=True, eq=False)
class Drawing:
    """Strokes in the order they were drawn, over an image if one was loaded.

    `image` float32[28, 28] in 0..1, 1 being ink. `sample`: put there by the app, gives way to the first stroke.
    """

    strokes: tuple[Stroke, ...] = ()
    image: NDArray[np.float32] | None = None
    sample: bool = False
