"""Drawings to load instead of drawing: samples between two digits, and the reference set."""

from __future__ import annotations

from typing import Any

import numpy as np

from vizapp.explorer import Explorer
from vizapp.inputs import InputError, drawing_to_input
from vizapp.inputs.ambiguous import ambiguous
from vizapp.inputs.digits import drawn_digits
from vizapp.inputs.reference import reference, title
from vizapp.inputs.samples import SAMPLES
from vizapp.nets.network import Network
from vizapp.views.component import Component

PER_PAGE = 40
CHOICES = ("samples", "digits", "ambiguous", *(str(digit) for digit in range(10)))


def gallery_message(network: Network, choice: str, page: int) -> dict[str, Any]:
    """A page of thumbnails, uint8[n * 28 * 28], with where each comes from and what to call it."""
    if choice == "samples":
        images = [np.round(drawing_to_input(sample.strokes) * 255) for sample in SAMPLES]
        items = [{"source": "sample", "index": i, "title": sample.title} for i, sample in enumerate(SAMPLES)]
        return _message(choice, 0, 1, np.array(images, np.uint8), items)
    if choice == "digits":
        drawn = [np.round(drawing_to_input(strokes) * 255) for strokes in drawn_digits().values()]
        items = [
            {"source": "digit", "index": digit, "title": f"a {digit}, drawn"} for digit in drawn_digits()
        ]
        return _message(choice, 0, 1, np.array(drawn, np.uint8), items)
    pictures, labels = reference()
    found = ambiguous(network) if choice == "ambiguous" else np.flatnonzero(labels == int(choice))
    pages = -(-len(found) // PER_PAGE)
    page = min(page, pages - 1)
    shown = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    items = [{"source": "reference", "index": int(i), "title": title(i)} for i in shown]
    return _message(choice, page, pages, pictures[shown], items)


def _message(choice: str, page: int, pages: int, images: Any, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "gallery",
        "choice": choice,
        "page": page,
        "pages": pages,
        "items": items,
        "images": images.ravel(),
    }


def load_example(explorer: Explorer, source: str, index: int) -> None:
    """Put an example on the pad. Raises InputError."""
    if source == "sample" and index < len(SAMPLES):
        explorer.draw(SAMPLES[index].strokes)
    elif source == "digit" and index in drawn_digits():
        explorer.draw(drawn_digits()[index])
    elif source == "reference" and index < len(reference()[0]):
        explorer.load_image(reference()[0][index].astype(np.float32) / 255)
    else:
        raise InputError("There is no such example.")


class Examples(Component):
    """Buttons that open the gallery or an image file. Images can be dropped and pasted, too."""
