"""Which edges are shown."""

from __future__ import annotations

from vizapp.views.component import Component


class Filters(Component):
    """Which edges are shown."""
