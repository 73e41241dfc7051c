"""Check boxes to hide and show layers, with their names and shapes."""

from __future__ import annotations

from vizapp.views.component import Component


class Layers(Component):
    """Check boxes to hide and show layers, with their names and shapes."""
