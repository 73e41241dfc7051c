"""The test images as a map, with the present drawing on it."""

from __future__ import annotations

from vizapp.views.component import Component


class Landscape(Component):
    """The test images as a map, with the present drawing on it."""
